import * as vscode from 'vscode';
import { prewarmIfWanted, type Prewarming } from '../generation/prewarm.ts';

/**
 * Writes the model to the scope that sets it now, and loads it as a start of VS Code would.
 * @param model empty for CodeWorm's own choice
 */
export async function useModel(services: Prewarming, model: string): Promise<void> {
  const settings = vscode.workspace.getConfiguration('codeworm');
  const { workspaceValue, globalValue } = settings.inspect<string>('model') ?? {};
  const inWorkspace = workspaceValue !== undefined;
  // An undefined workspace value would make the user's value effective.
  const automatic = inWorkspace && globalValue ? '' : undefined;
  await settings.update(
    'model',
    model || automatic,
    inWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global,
  );
  await prewarmIfWanted(services);
}

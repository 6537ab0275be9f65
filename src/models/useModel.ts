import * as vscode from 'vscode';
import { prewarmIfWanted, type Prewarming } from '../generation/prewarm.ts';

/**
 * Writes the model into the setting where it stands now, and loads it, as the start of VS Code would.
 * @param model empty for the choice by CodeWorm
 */
export async function useModel(services: Prewarming, model: string): Promise<void> {
  const settings = vscode.workspace.getConfiguration('codeworm');
  const { workspaceValue, globalValue } = settings.inspect<string>('model') ?? {};
  const inWorkspace = workspaceValue !== undefined;
  // Without a value here, the one of the user would come into force.
  const automatic = inWorkspace && globalValue ? '' : undefined;
  await settings.update(
    'model',
    model || automatic,
    inWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global,
  );
  await prewarmIfWanted(services);
}

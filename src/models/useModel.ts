import * as vscode from 'vscode';
import { changeSetting, isSetByWorkspace } from '../config/changeSetting.ts';
import { section } from '../contributions.ts';
import { prewarmIfWanted, type Prewarming } from '../generation/prewarm.ts';

/**
 * Writes the model to the scope that sets it now, and loads it as a start of VS Code would.
 * @param model empty for CodeWorm's own choice
 */
export async function useModel(services: Prewarming, model: string): Promise<void> {
  const { globalValue } = vscode.workspace.getConfiguration(section).inspect<string>('model') ?? {};
  // An undefined workspace value would make the user's value effective.
  const automatic = isSetByWorkspace('model') && globalValue ? '' : undefined;
  await changeSetting('model', model || automatic);
  await prewarmIfWanted(services);
}

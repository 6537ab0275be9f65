import * as vscode from 'vscode';
import { section, type SettingName } from '../contributions.ts';

/**
 * Changes a setting in the scope that sets it now: where a workspace sets it, the user's own value would have
 * no effect.
 */
export async function changeSetting(name: SettingName, value: unknown): Promise<void> {
  const target = isSetByWorkspace(name)
    ? vscode.ConfigurationTarget.Workspace
    : vscode.ConfigurationTarget.Global;
  await vscode.workspace.getConfiguration(section).update(name, value, target);
}

/** Whether the effective value comes from the workspace or one of its folders. */
export function isSetByWorkspace(name: SettingName): boolean {
  const found = vscode.workspace.getConfiguration(section).inspect(name);
  return found?.workspaceValue !== undefined || found?.workspaceFolderValue !== undefined;
}

import * as vscode from 'vscode';
import { settingChange } from './settingsText.ts';

/**
 * Changes a setting in the user's settings.json as a document. VS Code refuses another change by an extension
 * of a setting that it hides.
 * @throws Error if that is not possible
 */
export async function updateSettingsFile(name: string, value: unknown): Promise<void> {
  const before = vscode.window.activeTextEditor?.document.uri.toString();
  await vscode.commands.executeCommand('workbench.action.openSettingsJson');
  const editor = vscode.window.activeTextEditor;
  if (!editor?.document.uri.path.endsWith('/settings.json') || editor.document.isDirty) throw new Error(name);
  const { document } = editor;
  const change = settingChange(document.getText(), name, value);
  if (!change) throw new Error(name);
  const range = new vscode.Range(
    document.positionAt(change.at),
    document.positionAt(change.at + change.length),
  );
  const isChanged = await editor.edit((edit) => edit.replace(range, change.text));
  // Unlike `document.save`, the command also saves settings that are on another machine than the extension.
  await vscode.commands.executeCommand('workbench.action.files.save');
  if (!isChanged || document.isDirty) throw new Error(name);
  if (document.uri.toString() !== before)
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
}

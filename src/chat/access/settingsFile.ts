import * as vscode from 'vscode';
import { settingChange } from './settingsText.ts';

/** Milliseconds in which VS Code reads a changed settings.json. */
const patienceMs = 5000;

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
  const read = nextChange(name);
  const isChanged = await editor.edit((edit) => edit.replace(range, change.text));
  // Unlike `document.save`, the command also saves settings that are on another machine than the extension.
  await vscode.commands.executeCommand('workbench.action.files.save');
  if (!isChanged || document.isDirty) throw new Error(name);
  if (change.text !== '' || change.length > 0) await read;
  if (document.uri.toString() !== before)
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
}

/** Resolves when VS Code has read a new value of a setting, or after some seconds. */
function nextChange(name: string): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      subscription.dispose();
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(end, patienceMs);
    const subscription = vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(name)) end();
    });
  });
}

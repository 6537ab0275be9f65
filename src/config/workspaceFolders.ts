import * as vscode from 'vscode';

/** Paths of the open folders. No program inside them may be started. */
export function workspaceFolders(): string[] {
  return (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
}

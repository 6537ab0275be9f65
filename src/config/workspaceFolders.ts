import * as vscode from 'vscode';

/** Paths of the folders that are open: no program in them is ours to start. */
export function workspaceFolders(): string[] {
  return (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
}

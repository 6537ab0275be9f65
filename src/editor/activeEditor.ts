import * as vscode from 'vscode';

/**
 * The text editor that the user means. The output panel counts as an editor, too: while it has the focus, the
 * editor above it is meant.
 */
export function activeEditor(): vscode.TextEditor | undefined {
  const active = vscode.window.activeTextEditor;
  if (active && !isOutput(active)) return active;
  return vscode.window.visibleTextEditors.find((editor) => !isOutput(editor));
}

function isOutput({ document }: vscode.TextEditor): boolean {
  return document.uri.scheme === 'output';
}

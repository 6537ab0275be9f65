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

/**
 * The same; and where something else covers the text, such as the walkthrough or the settings, the file in the tab
 * next to it, which is brought to the front: what CodeWorm works on shall be seen.
 */
export async function targetEditor(): Promise<vscode.TextEditor | undefined> {
  const active = activeEditor();
  if (active) return active;
  const { tabs, activeTab, viewColumn } = vscode.window.tabGroups.activeTabGroup;
  const uri = nearestText(tabs, activeTab ? tabs.indexOf(activeTab) : 0);
  if (!uri) return undefined;
  const document = await vscode.workspace.openTextDocument(uri);
  return vscode.window.showTextDocument(document, { viewColumn });
}

/** A tab opens to the right of the one that was active before. */
function nearestText(tabs: readonly vscode.Tab[], index: number): vscode.Uri | undefined {
  const inOrder = [...tabs.slice(0, index).toReversed(), ...tabs.slice(index)];
  for (const { input } of inOrder)
    if (input instanceof vscode.TabInputText && input.uri.scheme !== 'output') return input.uri;
  return undefined;
}

import * as vscode from 'vscode';

/** A tab of which no text can be had. */
export interface UnusableTab {
  /** As the tab shows it. */
  label: string;
  /** `noText`: something else than a text editor shows it; `unreadable`: it is open as text, but is none. */
  reason: 'tooLarge' | 'noText' | 'unreadable';
}

/** VS Code keeps longer texts from extensions. */
const mostBytes = 50 * 1024 * 1024;

/**
 * The text editor that the user means. The output panel counts as an editor, too: while it has the focus, the
 * editor above it is meant. An editor in another group is meant only where the active tab has no file at all.
 */
export function activeEditor(): vscode.TextEditor | undefined {
  const active = vscode.window.activeTextEditor;
  if (active && !isOutput(active.document.uri)) return active;
  const { activeTab, viewColumn } = vscode.window.tabGroups.activeTabGroup;
  const visible = vscode.window.visibleTextEditors.filter(({ document }) => !isOutput(document.uri));
  return visible.find((editor) => !holdsFile(activeTab) || editor.viewColumn === viewColumn);
}

/**
 * The same; and where a page of VS Code covers the text, such as the walkthrough or the settings, the file in the tab
 * next to it, which is brought to the front: what CodeWorm works on shall be seen. A tab with something that is no
 * text, or too much of it, is what the user means, too: then no other file takes its place.
 */
export async function targetEditor(): Promise<vscode.TextEditor | UnusableTab | undefined> {
  const active = activeEditor();
  if (active) return active;
  const { tabs, activeTab, viewColumn } = vscode.window.tabGroups.activeTabGroup;
  const tab = holdsFile(activeTab) ? activeTab : nearestText(tabs, activeTab ? tabs.indexOf(activeTab) : 0);
  return tab && openText(tab, viewColumn);
}

export function isUnusable(target: vscode.TextEditor | UnusableTab): target is UnusableTab {
  return 'reason' in target;
}

function isOutput({ scheme }: vscode.Uri): boolean {
  return scheme === 'output';
}

/** Pages of VS Code have no input that extensions know; the output may be opened in a tab, too. */
function holdsFile(tab: vscode.Tab | undefined): tab is vscode.Tab {
  return tab?.input !== undefined && !(tab.input instanceof vscode.TabInputText && isOutput(tab.input.uri));
}

/** A tab opens to the right of the one that was active before. */
function nearestText(tabs: readonly vscode.Tab[], index: number): vscode.Tab | undefined {
  const inOrder = [...tabs.slice(0, index).toReversed(), ...tabs.slice(index)];
  return inOrder.find((tab) => tab.input instanceof vscode.TabInputText && holdsFile(tab));
}

async function openText(
  { label, input }: vscode.Tab,
  viewColumn: vscode.ViewColumn,
): Promise<vscode.TextEditor | UnusableTab> {
  if (input instanceof vscode.TabInputText) {
    try {
      const document = await vscode.workspace.openTextDocument(input.uri);
      return await vscode.window.showTextDocument(document, { viewColumn });
    } catch {
      return { label, reason: (await isTooLarge(input.uri)) ? 'tooLarge' : 'unreadable' };
    }
  }
  const sides = input instanceof vscode.TabInputTextDiff ? [input.modified, input.original] : [];
  const sizes = await Promise.all(sides.map(isTooLarge));
  return { label, reason: sizes.includes(true) ? 'tooLarge' : 'noText' };
}

async function isTooLarge(uri: vscode.Uri): Promise<boolean> {
  try {
    return (await vscode.workspace.fs.stat(uri)).size > mostBytes;
  } catch {
    return false;
  }
}

import * as vscode from 'vscode';

/** A tab whose text cannot be read. */
export interface UnusableTab {
  /** The label of the tab. */
  label: string;
  /** `noText`: shown by something other than a text editor; `unreadable`: opened as text, but binary. */
  reason: 'tooLarge' | 'noText' | 'unreadable';
}

/** Bytes. VS Code does not give longer texts to extensions. */
const mostBytes = 50 * 1024 * 1024;

/**
 * The text editor the user works in. The output panel is an editor too: while it has the focus, this is the
 * editor above it. An editor in another group counts only when the active tab shows no file.
 */
export function activeEditor(): vscode.TextEditor | undefined {
  const active = vscode.window.activeTextEditor;
  if (active && !isOutput(active.document.uri)) return active;
  const { activeTab, viewColumn } = vscode.window.tabGroups.activeTabGroup;
  const visible = vscode.window.visibleTextEditors.filter(({ document }) => !isOutput(document.uri));
  return visible.find((editor) => !holdsFile(activeTab) || editor.viewColumn === viewColumn);
}

/**
 * Like `activeEditor`. If a page of VS Code, such as the walkthrough or the settings, covers the text, the
 * file in the nearest tab is used and revealed: the user must see what CodeWorm works on. If the active tab
 * is not text, or too large, no other file is used instead.
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

/** VS Code's own pages have no tab input. The output can also be opened in a tab. */
function holdsFile(tab: vscode.Tab | undefined): tab is vscode.Tab {
  return tab?.input !== undefined && !(tab.input instanceof vscode.TabInputText && isOutput(tab.input.uri));
}

/** The nearest tab with text, the left one first: a new tab opens to the right of the active one. */
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

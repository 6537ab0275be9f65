import * as vscode from 'vscode';

/** A file's name that is kept for one page until it is released, so that no other page is written into it. */
export interface PageLocation {
  uri: vscode.Uri;
  release(): void;
}

const reserved = new Set<string>();

/**
 * Where a page will be saved: in the folder of the setting, under its own name or, when that is taken by a file or by
 * a page that is open or about to be opened, with a number. `undefined` where there is no folder on a disk to save it in.
 * @param about the file that the page is about
 */
export async function reserveLocation(
  about: vscode.Uri,
  folder: string,
  fileName: string,
): Promise<PageLocation | undefined> {
  const workspace = vscode.workspace.getWorkspaceFolder(about) ?? vscode.workspace.workspaceFolders?.[0];
  if (workspace?.uri.scheme !== 'file') return undefined;
  for (let number = 1; ; number++) {
    const name = number === 1 ? fileName : fileName.replace(/(\.md)?$/, `-${number}$1`);
    const uri = vscode.Uri.joinPath(workspace.uri, folder, name);
    const key = pathKey(uri);
    if (reserved.has(key) || isOpen(key)) continue;
    // Reserved before it is known whether the file exists: another page may ask meanwhile.
    reserved.add(key);
    if (!(await exists(uri))) return { uri, release: () => reserved.delete(key) };
    reserved.delete(key);
  }
}

/** The same for all spellings of a path that are one file on some system. */
export function pathKey({ path }: vscode.Uri): string {
  return path.normalize('NFC').toLowerCase();
}

/** Whether a tab shows a document, as text or otherwise. */
export function hasTab(uri: vscode.Uri): boolean {
  return urisInTabs().some((shown) => shown.toString() === uri.toString());
}

function urisInTabs(): vscode.Uri[] {
  return vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.flatMap(({ input }) => urisOf(input)));
}

function urisOf(input: unknown): vscode.Uri[] {
  if (input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom) return [input.uri];
  if (input instanceof vscode.TabInputTextDiff) return [input.original, input.modified];
  return [];
}

/** In a tab, which VS Code may have restored but not loaded yet, or with text that is nowhere else. */
function isOpen(key: string): boolean {
  const unsaved = vscode.workspace.textDocuments.filter(({ isClosed, isDirty }) => isDirty && !isClosed);
  return [...urisInTabs(), ...unsaved.map(({ uri }) => uri)].some((uri) => pathKey(uri) === key);
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    // Whatever else is wrong with the place, saving will tell.
    () => false,
  );
}

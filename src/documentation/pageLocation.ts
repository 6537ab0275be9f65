import * as vscode from 'vscode';

/** A file name reserved for one page until it is released, so that no other page uses it. */
export interface PageLocation {
  uri: vscode.Uri;
  release(): void;
}

const reserved = new Set<string>();

/**
 * The file in which a page will be saved: in the folder of the setting, with a number if the name is used by
 * a file or another page. Undefined when there is no folder on a disk.
 * @param about the file that the page describes
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
    // Reserved before the file system is checked, because another page may ask meanwhile.
    reserved.add(key);
    if (!(await exists(uri))) return { uri, release: () => reserved.delete(key) };
    reserved.delete(key);
  }
}

/** Equal for all spellings of a path that name the same file on some system. */
export function pathKey({ path }: vscode.Uri): string {
  return path.normalize('NFC').toLowerCase();
}

/** Whether a tab shows a document, as text or in another form. */
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

/** Open in a tab, which VS Code may have restored but not loaded, or open with unsaved text. */
function isOpen(key: string): boolean {
  const unsaved = vscode.workspace.textDocuments.filter(({ isClosed, isDirty }) => isDirty && !isClosed);
  return [...urisInTabs(), ...unsaved.map(({ uri }) => uri)].some((uri) => pathKey(uri) === key);
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    // Any other problem with the location is reported when the page is saved.
    () => false,
  );
}

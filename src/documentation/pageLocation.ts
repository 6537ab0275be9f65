import * as vscode from 'vscode';

/**
 * Where a page will be saved: in the folder of the setting, under its own name or, when that is taken by a file or by
 * a page that is still open, with a number. `undefined` where there is no folder on a disk to save it in.
 * @param about the file that the page is about
 */
export async function placeForPage(
  about: vscode.Uri,
  folder: string,
  fileName: string,
): Promise<vscode.Uri | undefined> {
  const workspace = vscode.workspace.getWorkspaceFolder(about) ?? vscode.workspace.workspaceFolders?.[0];
  if (workspace?.uri.scheme !== 'file') return undefined;
  for (let number = 1; ; number++) {
    const name = number === 1 ? fileName : fileName.replace(/(\.md)?$/, `-${number}$1`);
    const place = vscode.Uri.joinPath(workspace.uri, folder, name);
    if (!isOpen(place) && !(await exists(place))) return place;
  }
}

function isOpen({ path }: vscode.Uri): boolean {
  return vscode.workspace.textDocuments.some(({ uri, isClosed }) => !isClosed && uri.path === path);
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    // Whatever else is wrong with the place, saving will tell.
    () => false,
  );
}

import * as vscode from 'vscode';

/**
 * Watches a file that several windows write. Creates its folder, because VS Code notices a folder that is created
 * later only after a minute or more. Also checks the file when this window gets the focus, because some file
 * systems report no changes.
 */
export async function watchSharedFile(
  folder: vscode.Uri,
  name: string,
  changed: () => void,
): Promise<vscode.Disposable> {
  await vscode.workspace.fs.createDirectory(folder).then(undefined, () => undefined);
  const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, name));
  return vscode.Disposable.from(
    watcher,
    watcher.onDidCreate(changed),
    watcher.onDidChange(changed),
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused) changed();
    }),
  );
}

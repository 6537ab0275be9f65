import * as vscode from 'vscode';

/**
 * Watches a file that several windows write. Also checks it when this window gets the focus, because some
 * file systems report no changes.
 */
export function watchSharedFile(folder: vscode.Uri, name: string, changed: () => void): vscode.Disposable {
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

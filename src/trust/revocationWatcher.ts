import * as vscode from 'vscode';

/**
 * Notices what another window writes into a shared file, by VS Code's watcher, and whenever this window gets the focus,
 * because there are file systems that tell nothing.
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

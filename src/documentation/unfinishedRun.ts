import * as vscode from 'vscode';
import type { CommandId } from '../contributions.ts';

/** Offers to continue a run that was in progress when its window closed. Loads nothing when there is none. */
export async function offerUnfinishedRun(pagesFolder: string): Promise<void> {
  const state = `${pagesFolder.slice(0, pagesFolder.lastIndexOf('/') + 1)}.codeworm/run.json`;
  for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
    const isThere = await vscode.workspace.fs.stat(vscode.Uri.joinPath(uri, state)).then(
      () => true,
      () => false,
    );
    if (isThere && uri.scheme === 'file' && vscode.workspace.isTrusted)
      await vscode.commands.executeCommand('codeworm.resumeDocumentation' satisfies CommandId, {
        folder: uri,
        ask: true,
      });
  }
}

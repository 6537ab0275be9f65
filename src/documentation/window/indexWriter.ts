import * as vscode from 'vscode';
import { showErrorWithActions } from '../../ui/errorActions.ts';
import { showInfo } from '../../ui/notifications.ts';
import { subjectIn } from '../workspace/pageMark.ts';
import { withIndex } from '../workspace/pagesReadme.ts';
import { UnsavedError, type PageStore } from '../workspace/pageStore.ts';
import { openPages, unsavedDocument } from './runFolder.ts';

/**
 * Writes the index of the pages into the marked part of the README in the pages' folder. The rest belongs to
 * the user. A README with unsaved changes gets its index once the user has saved or discarded them.
 */
export class IndexWriter implements vscode.Disposable {
  /** By the README's path on the disk. */
  private readonly waiting = new Map<string, vscode.Disposable>();

  /** Never rejects. */
  async write(root: vscode.Uri, store: PageStore, pagesFolder: string): Promise<void> {
    const pages = [...store.pages].map(({ path, mark }) => Object.assign(subjectIn(mark), { page: path }));
    const readme = pagesFolder === '' ? 'README.md' : `${pagesFolder}/README.md`;
    if (pages.length === 0) return;
    try {
      await store.changeFile(readme, (text) => withIndex(text, pages, pagesFolder));
    } catch (error) {
      if (error instanceof UnsavedError) this.writeLater(root, pagesFolder, readme);
      else showErrorWithActions(isNotText(error) ? notTextError(readme) : error);
    }
  }

  dispose(): void {
    for (const subscription of this.waiting.values()) subscription.dispose();
    this.waiting.clear();
  }

  private writeLater(root: vscode.Uri, pagesFolder: string, readme: string): void {
    const uri = vscode.Uri.joinPath(root, readme);
    showInfo(
      vscode.l10n.t(
        '{0} has unsaved changes: the index of the pages is added when you have saved it.',
        readme,
      ),
    );
    const check = (): void => {
      if (unsavedDocument(uri)) return;
      this.forget(uri.fsPath);
      void openPages(root, pagesFolder).then(
        (store) => this.write(root, store, pagesFolder),
        (error: unknown) => showErrorWithActions(error),
      );
    };
    this.forget(uri.fsPath);
    const subscription = vscode.Disposable.from(
      vscode.workspace.onDidSaveTextDocument(check),
      vscode.workspace.onDidCloseTextDocument(check),
    );
    this.waiting.set(uri.fsPath, subscription);
  }

  private forget(path: string): void {
    this.waiting.get(path)?.dispose();
    this.waiting.delete(path);
  }
}

/** Whether the bytes of a file are no UTF-8. */
function isNotText(error: unknown): boolean {
  return error instanceof TypeError && 'code' in error && error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA';
}

function notTextError(path: string): Error {
  return new Error(vscode.l10n.t('The index of the pages is not in {0}: save that file as UTF-8.', path));
}

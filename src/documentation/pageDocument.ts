import * as vscode from 'vscode';
import type { PageLocation } from './pageLocation.ts';
import { PageProgress } from './pageProgress.ts';
import { PageTracker } from './pageTracker.ts';

/** Milliseconds between two additions: often enough to look alive, rarely enough to leave the editor its time. */
const batchMs = 50;
/** At the end of the page, so many times an addition may be refused before the page counts as one that cannot be changed. */
const mostTries = 200;

/**
 * A Markdown document beside the code that grows at its end, without the focus. The user may scroll, edit, save, rename
 * or close it meanwhile: the text goes on where the page's own text ends, in whatever document it is then.
 */
export class PageDocument implements vscode.Disposable {
  private readonly text: PageProgress;
  private readonly tracker: PageTracker;
  private readonly location: PageLocation | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isLast = false;
  private writing: Promise<void> = Promise.resolve();

  /** The user has closed it; nothing more is shown. */
  readonly onDidClose: vscode.Event<void>;

  private constructor(document: vscode.TextDocument, location: PageLocation | undefined) {
    this.location = location;
    this.text = new PageProgress(document.getText());
    this.tracker = new PageTracker(document, this.text);
    this.onDidClose = this.tracker.onDidClose;
  }

  /**
   * @param locate where saving puts it; a file that is there already is never replaced without a question, because
   * VS Code asks then
   */
  static async open(locate: () => Promise<PageLocation | undefined>): Promise<PageDocument> {
    for (;;) {
      const location = await locate();
      const document = await show(location?.uri).catch((error: unknown) => {
        location?.release();
        throw error;
      });
      if (document.languageId !== 'markdown')
        await vscode.languages.setTextDocumentLanguage(document, 'markdown');
      // One with text is a page of an earlier session that VS Code has kept: the next free name, then.
      if (document.getText() === '') return new PageDocument(document, location);
      location?.release();
    }
  }

  /** Adds text at the end of the page, with the next batch. */
  append(text: string): void {
    this.text.add(text);
    this.timer ??= setTimeout(() => this.flush(), batchMs);
  }

  /**
   * Adds what is left, and saves it where the user has saved the page before: the file must not end in the middle.
   * @returns whether all of it is in the document, or in the file where the page was saved and then closed
   */
  async finish(): Promise<boolean> {
    this.isLast = true;
    this.flush();
    await this.writing;
    if (this.tracker.isClosed) await this.tracker.reopenFile();
    if (this.tracker.isClosed) return true;
    await this.write();
    const { document } = this.tracker;
    if (document.uri.scheme !== 'untitled') await document.save().then(undefined, () => false);
    return !this.text.hasPending;
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.tracker.dispose();
    this.location?.release();
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.writing = this.writing.then(() => this.write());
  }

  private async write(): Promise<void> {
    for (let tries = 0; tries < mostTries || !this.isLast; tries++) {
      await this.tracker.settled();
      const text = this.text.next(this.isLast);
      if (!text || this.tracker.isClosed) return;
      if (!(await this.insert(text))) await new Promise((resolve) => setTimeout(resolve, batchMs));
    }
  }

  /** Whether it is in the document: not while the user types at the same moment, or saves. */
  private async insert(text: string): Promise<boolean> {
    const { document } = this.tracker;
    // A closed document would be opened again, empty.
    if (document.isClosed) return false;
    const position = document.positionAt(this.text.end);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, position, text);
    const inserted = this.text.expect(text);
    await vscode.workspace.applyEdit(edit).then(undefined, () => false);
    if (!inserted()) return false;
    this.reveal(document, position);
    return true;
  }

  /** Scrolls on while the end of the page is in view; a reader who has scrolled away is left in peace. */
  private reveal(document: vscode.TextDocument, before: vscode.Position): void {
    const editor = vscode.window.visibleTextEditors.find((one) => one.document === document);
    const sees = editor?.visibleRanges.some(
      ({ start, end }) => start.line <= before.line && before.line <= end.line + 1,
    );
    if (!editor || !sees) return;
    const end = document.positionAt(this.text.end);
    editor.revealRange(new vscode.Range(end, end));
  }
}

async function show(target: vscode.Uri | undefined): Promise<vscode.TextDocument> {
  const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true, preview: false };
  if (!target) {
    const document = await vscode.workspace.openTextDocument({ language: 'markdown' });
    await vscode.window.showTextDocument(document, place);
    return document;
  }
  const untitled = target.with({ scheme: 'untitled' });
  // In one step: a document with a name counts as changed from the beginning, and VS Code opens such a one in the
  // active group by itself when it finds it without an editor.
  await vscode.commands.executeCommand('vscode.open', untitled, place);
  return vscode.workspace.openTextDocument(untitled);
}

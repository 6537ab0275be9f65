import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { PageLocation } from './pageLocation.ts';
import { PageProgress } from './pageProgress.ts';
import { PageTracker } from './pageTracker.ts';
import type { UnfinishedPage, UnfinishedPages } from './unfinishedPages.ts';

/**
 * Milliseconds between two edits: often enough to look alive, rarely enough to keep the editor responsive.
 */
const batchMs = 50;
/** Attempts for the last edit before the document counts as read-only. */
const mostTries = 200;
/** Attempts to save the finished page, which VS Code refuses while it is closing or saving the document. */
const mostSaves = 20;

/**
 * A Markdown document beside the code that grows at its end without taking the focus. The user may scroll,
 * edit, save, rename or close it meanwhile: the text continues after the page's own text, in whichever
 * document contains it now.
 */
export class PageDocument implements vscode.Disposable {
  private readonly text: PageProgress;
  private readonly tracker: PageTracker;
  private readonly location: PageLocation | undefined;
  private readonly unfinished: UnfinishedPage;
  private timer: NodeJS.Timeout | undefined;
  private isLast = false;
  private writing: Promise<void> = Promise.resolve();
  /** The latest edit. */
  private edit: Promise<unknown> = Promise.resolve();

  /** Fires when the user has closed it. After that nothing more is shown. */
  readonly onDidClose: vscode.Event<void>;

  private constructor(
    document: vscode.TextDocument,
    location: PageLocation | undefined,
    unfinished: UnfinishedPages,
  ) {
    this.location = location;
    this.unfinished = unfinished.begin(document.uri);
    this.text = new PageProgress(document.getText());
    this.tracker = new PageTracker(
      document,
      this.text,
      (next) => this.unfinished.moveTo(next.uri),
      () => this.edit,
    );
    this.onDidClose = this.tracker.onDidClose;
  }

  /** @param locate where to save it; VS Code asks before it replaces an existing file */
  static async open(
    locate: () => Promise<PageLocation | undefined>,
    unfinished: UnfinishedPages,
  ): Promise<PageDocument> {
    for (;;) {
      const location = await locate();
      const document = await show(location?.uri).catch((error: unknown) => {
        location?.release();
        throw error;
      });
      if (document.languageId !== 'markdown')
        await vscode.languages.setTextDocumentLanguage(document, 'markdown');
      // A document with text is a page of an earlier session that VS Code has restored: use the next free
      // name.
      if (document.getText() === '') return new PageDocument(document, location, unfinished);
      location?.release();
    }
  }

  /** Adds text to the page with the next edit. */
  append(text: string): void {
    this.text.add(text);
    this.timer ??= setTimeout(() => this.flush(), batchMs);
  }

  /**
   * Adds the remaining text. If the user has saved the page before, saves it again, so that the file is
   * complete.
   * @returns whether all of it is in the document, or in the file when the page was saved and then closed
   */
  async finish(): Promise<boolean> {
    this.isLast = true;
    this.flush();
    await this.writing;
    for (let tries = 0; tries < mostSaves; tries++) {
      if (this.tracker.isClosed) await this.tracker.reopenFile();
      if (await this.isComplete()) break;
      await delay(batchMs);
    }
    return this.tracker.isClosed || !this.text.hasPending;
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.tracker.dispose();
    this.unfinished.end();
    this.location?.release();
  }

  /** Writes the remaining text and saves a page that is a file, as far as that is possible. */
  private async isComplete(): Promise<boolean> {
    await this.write();
    const { document, isClosed } = this.tracker;
    if (document.uri.scheme === 'untitled' || (this.text.hasPending && !isClosed)) return true;
    return !isClosed && document.save().then(undefined, () => false);
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
      if (!(await this.insert(text))) await delay(batchMs);
    }
  }

  /** Whether the edit was applied. VS Code refuses it while the user types or the document is saved. */
  private async insert(text: string): Promise<boolean> {
    const { document } = this.tracker;
    // An edit would open a closed document again, without text.
    if (document.isClosed) return false;
    const position = document.positionAt(this.text.end);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, position, text);
    const inserted = this.text.expect(text);
    this.edit = Promise.resolve(vscode.workspace.applyEdit(edit)).catch(() => false);
    await this.edit;
    if (!inserted()) return false;
    this.reveal(document, position);
    return true;
  }

  /** Scrolls along while the end of the page is visible. If the reader has scrolled away, the view stays. */
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
  const options = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true, preview: false };
  if (!target) {
    const document = await vscode.workspace.openTextDocument({ language: 'markdown' });
    await vscode.window.showTextDocument(document, options);
    return document;
  }
  const untitled = target.with({ scheme: 'untitled' });
  // Opens it in one call. A named document is dirty from the start, and VS Code would open a dirty document
  // without an editor in the active group.
  await vscode.commands.executeCommand('vscode.open', untitled, options);
  return vscode.workspace.openTextDocument(untitled);
}

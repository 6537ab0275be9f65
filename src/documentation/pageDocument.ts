import * as vscode from 'vscode';

/** Milliseconds between two additions: often enough to look alive, rarely enough to leave the editor its time. */
const batchMs = 50;
/** An addition is refused when the user types at the same moment; so often it is tried. */
const mostTries = 40;
/** Milliseconds in which a page that was saved must come back as a file. */
const adoptionMs = 1_000;

/**
 * A Markdown document beside the code that grows at its end, without the focus. The user may scroll, edit elsewhere in
 * it, save or close it meanwhile: text goes on where the page's own text ends.
 */
export class PageDocument implements vscode.Disposable {
  private document: vscode.TextDocument;
  private readonly subscriptions: vscode.Disposable;
  private readonly closedEmitter = new vscode.EventEmitter<void>();
  /** Where the next text goes. */
  private offset: number;
  private pending = '';
  private timer: NodeJS.Timeout | undefined;
  private adoption: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();
  private isClosed = false;

  /** The user has closed it; nothing more can be added. */
  readonly onDidClose = this.closedEmitter.event;

  private constructor(document: vscode.TextDocument) {
    this.document = document;
    this.offset = document.getText().length;
    this.subscriptions = vscode.Disposable.from(
      this.closedEmitter,
      vscode.workspace.onDidChangeTextDocument((event) => this.follow(event)),
      vscode.workspace.onDidCloseTextDocument((closed) => closed === this.document && this.wait()),
      vscode.workspace.onDidOpenTextDocument((opened) => this.adopt(opened)),
    );
  }

  /**
   * @param target where saving puts it; a file that is there already is never replaced without a question, because
   * VS Code asks then
   */
  static async open(target: vscode.Uri | undefined): Promise<PageDocument> {
    const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true, preview: false };
    const untitled = target?.with({ scheme: 'untitled' });
    // In one step: a document with a name counts as changed from the beginning, and VS Code opens such a one in the
    // active group by itself when it finds it without an editor.
    if (untitled) await vscode.commands.executeCommand('vscode.open', untitled, place);
    const document = await (untitled
      ? vscode.workspace.openTextDocument(untitled)
      : vscode.workspace.openTextDocument({ language: 'markdown' }));
    if (document.languageId !== 'markdown')
      await vscode.languages.setTextDocumentLanguage(document, 'markdown');
    if (!untitled) await vscode.window.showTextDocument(document, place);
    return new PageDocument(document);
  }

  /** Adds text at the end of the page, with the next batch. */
  append(text: string): void {
    this.pending += text;
    this.timer ??= setTimeout(() => this.flush(), batchMs);
  }

  /** Adds what is left, and resolves when it is in the document, or the document is closed. */
  async finish(): Promise<void> {
    this.flush();
    await this.writing;
  }

  dispose(): void {
    clearTimeout(this.timer);
    clearTimeout(this.adoption);
    this.subscriptions.dispose();
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.writing = this.writing.then(() => this.write());
  }

  private async write(): Promise<void> {
    const text = this.pending;
    this.pending = '';
    if (!text) return;
    for (let tries = 0; tries < mostTries && !this.isClosed; tries++) {
      if (await this.insert(text)) return;
      await new Promise((resolve) => setTimeout(resolve, batchMs));
    }
  }

  /** Whether it could be done: not while the user types at the same moment, or saves. */
  private async insert(text: string): Promise<boolean> {
    const { document } = this;
    // A closed document would be opened anew, empty.
    if (document.isClosed) return false;
    const edit = new vscode.WorkspaceEdit();
    const place = document.positionAt(this.offset);
    edit.insert(document.uri, place, text);
    if (!(await vscode.workspace.applyEdit(edit))) return false;
    this.reveal(place);
    return true;
  }

  /** Scrolls on while the end of the page is in view; who has scrolled away reads in peace. */
  private reveal(before: vscode.Position): void {
    const editor = vscode.window.visibleTextEditors.find(({ document }) => document === this.document);
    const sees = editor?.visibleRanges.some(
      ({ start, end }) => start.line <= before.line && before.line <= end.line + 1,
    );
    if (!editor || !sees) return;
    const end = this.document.positionAt(this.offset);
    editor.revealRange(new vscode.Range(end, end));
  }

  /** Keeps the place behind the page's own text, whoever changes something before it. */
  private follow({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    if (document !== this.document) return;
    let moved = this.offset;
    for (const { rangeOffset, rangeLength, text } of contentChanges) {
      if (rangeOffset > this.offset) continue;
      const inside = Math.min(rangeLength, this.offset - rangeOffset);
      moved += text.length - inside;
    }
    this.offset = Math.max(0, moved);
  }

  /** A page that is saved is closed and comes back as a file. */
  private wait(): void {
    clearTimeout(this.adoption);
    this.adoption = setTimeout(() => {
      if (!this.document.isClosed) return;
      this.isClosed = true;
      this.closedEmitter.fire();
    }, adoptionMs);
  }

  private adopt(opened: vscode.TextDocument): void {
    const isSaved = opened.uri.scheme !== 'untitled' && opened.uri.path === this.document.uri.path;
    if (!isSaved || opened.getText() !== this.document.getText()) return;
    clearTimeout(this.adoption);
    this.document = opened;
  }
}

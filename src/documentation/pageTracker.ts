import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { hasTab, pathKey } from './pageLocation.ts';
import type { ChangeReason, PageProgress } from './pageProgress.ts';

/** Milliseconds without news of a possible replacement before writing continues in the old document. */
const holdMs = 5_000;
/** Milliseconds to wait for a closed page to appear again, saved or renamed. */
const graceMs = 1_000;
/** Milliseconds that a renaming waits for an edit. */
const mostEditMs = 1_000;

/**
 * Tracks which document contains a page. Saving an untitled document closes it and opens a file with its text
 * at some earlier moment; saving under another name and renaming do the same. The page then continues in the
 * new document.
 */
export class PageTracker implements vscode.Disposable {
  document: vscode.TextDocument;
  isClosed = false;
  private readonly text: PageProgress;
  private readonly onMoved: (document: vscode.TextDocument) => void;
  private readonly edited: () => Promise<unknown>;
  private readonly subscriptions: vscode.Disposable;
  private readonly closedEmitter = new vscode.EventEmitter<void>();
  /** Documents that appeared or changed recently and may replace this one. */
  private readonly candidates = new WeakSet<vscode.TextDocument>();
  /** The target of a rename in progress. */
  private renamedTo: string | undefined;
  private isShown = false;
  private held: PromiseWithResolvers<void> | undefined;
  private holdTimer: NodeJS.Timeout | undefined;
  private graceTimer: NodeJS.Timeout | undefined;

  readonly onDidClose = this.closedEmitter.event;

  /**
   * @param onMoved called with the document in which the page continues
   * @param edited resolves when no edit of the page is under way
   */
  constructor(
    document: vscode.TextDocument,
    text: PageProgress,
    onMoved: (document: vscode.TextDocument) => void,
    edited: () => Promise<unknown>,
  ) {
    this.document = document;
    this.text = text;
    this.onMoved = onMoved;
    this.edited = edited;
    this.subscriptions = vscode.Disposable.from(
      this.closedEmitter,
      vscode.workspace.onDidChangeTextDocument((event) => this.changed(event)),
      vscode.workspace.onDidOpenTextDocument((opened) => this.opened(opened)),
      vscode.workspace.onDidCloseTextDocument((closed) => closed === this.document && this.gone()),
      vscode.workspace.onWillSaveTextDocument((event) => this.mayBeSuccessor(event.document) && this.hold()),
      vscode.workspace.onWillRenameFiles((event) => this.willRename(event)),
      vscode.workspace.onDidRenameFiles(({ files }) => this.renames(files)),
      vscode.window.tabGroups.onDidChangeTabs(() => this.tabsChanged()),
    );
    this.tabsChanged();
  }

  /** Resolves when no other document is about to replace this one. */
  async settled(): Promise<void> {
    while (this.held && !this.isClosed) await this.held.promise;
  }

  /** Opens the file of a page that was saved and then closed, to note there that it is incomplete. */
  async reopenFile(): Promise<void> {
    const { uri } = this.document;
    if (uri.scheme === 'untitled') return;
    const document = await vscode.workspace.openTextDocument(uri).then(undefined, () => undefined);
    if (!document) return this.close();
    this.isClosed = false;
    this.adopt(document);
  }

  dispose(): void {
    clearTimeout(this.holdTimer);
    clearTimeout(this.graceTimer);
    this.held?.resolve();
    this.subscriptions.dispose();
  }

  private changed({ document, contentChanges, reason }: vscode.TextDocumentChangeEvent): void {
    if (document === this.document)
      this.text.follow(contentChanges, document.getText(), reasonOf(document, reason));
    else if (contentChanges.length > 0 && this.mayBeSuccessor(document)) this.hold();
  }

  private opened(document: vscode.TextDocument): void {
    if (!this.mayBeSuccessor(document)) return;
    if (this.graceTimer && this.text.recognizes(document.getText())) this.adopt(document);
    else this.hold();
  }

  /** With the same path, any text qualifies; with another path, the text decides. */
  private mayBeSuccessor(document: vscode.TextDocument): boolean {
    if (document === this.document) return this.graceTimer !== undefined;
    const isFile = vscode.workspace.fs.isWritableFileSystem(document.uri.scheme) === true;
    if (document.isClosed || !isFile) return false;
    const isCandidate =
      this.isExpected(document) ||
      this.candidates.has(document) ||
      this.text.isEarlier(document.lineAt(0).text, () => document.getText());
    if (isCandidate) this.candidates.add(document);
    return isCandidate;
  }

  private isExpected({ uri }: vscode.TextDocument): boolean {
    const key = pathKey(uri);
    return key === this.renamedTo || key === pathKey(this.document.uri);
  }

  private successor(): vscode.TextDocument | undefined {
    const all = vscode.workspace.textDocuments.filter(
      (document) =>
        document !== this.document &&
        !document.isClosed &&
        this.candidates.has(document) &&
        this.text.recognizes(document.getText()),
    );
    return all.find((document) => this.isExpected(document)) ?? all.find(({ uri }) => hasTab(uri));
  }

  /** Its document or tab is gone: either another document replaces it, or the user has closed it. */
  private gone(): void {
    const next = this.successor();
    if (next) return this.adopt(next);
    if (this.graceTimer || this.isClosed) return;
    // Saved by an extension's command, it has no tab, and VS Code closes it because no editor shows it.
    if (!this.isShown && this.document.uri.scheme !== 'untitled') return void this.reopenFile();
    this.hold();
    this.graceTimer = setTimeout(() => this.close(), graceMs);
  }

  private adopt(document: vscode.TextDocument): void {
    clearTimeout(this.graceTimer);
    this.graceTimer = undefined;
    this.renamedTo = undefined;
    this.document = document;
    this.text.adopt(document.getText());
    this.isShown = hasTab(document.uri);
    this.onMoved(document);
    this.release();
  }

  private close(): void {
    this.graceTimer = undefined;
    const isBack = !this.document.isClosed && hasTab(this.document.uri);
    if (!isBack) {
      this.isClosed = true;
      this.closedEmitter.fire();
    }
    this.release();
  }

  private tabsChanged(): void {
    const isThere = hasTab(this.document.uri);
    if (this.isShown && !isThere) this.gone();
    else this.isShown = isThere;
  }

  /** An edit that VS Code makes during the renaming would create the old file again. */
  private willRename(event: vscode.FileWillRenameEvent): void {
    if (this.renames(event.files)) event.waitUntil(Promise.race([this.edited(), delay(mostEditMs)]));
  }

  /** Whether the page gets another path. */
  private renames(files: readonly { oldUri: vscode.Uri; newUri: vscode.Uri }[]): boolean {
    const key = pathKey(this.document.uri);
    let isRenamed = false;
    for (const { oldUri, newUri } of files) {
      const old = pathKey(oldUri);
      if (key !== old && !key.startsWith(`${old}/`)) continue;
      this.renamedTo = pathKey(newUri) + key.slice(old.length);
      isRenamed = true;
      this.hold();
    }
    return isRenamed;
  }

  private hold(): void {
    clearTimeout(this.holdTimer);
    this.held ??= Promise.withResolvers<void>();
    this.holdTimer = setTimeout(() => this.release(), holdMs);
  }

  private release(): void {
    clearTimeout(this.holdTimer);
    this.held?.resolve();
    this.held = undefined;
  }
}

/** A change after which the document is not dirty was not made in the editor. */
function reasonOf(
  { isDirty, uri }: vscode.TextDocument,
  reason: vscode.TextDocumentChangeReason | undefined,
): ChangeReason {
  if (reason === vscode.TextDocumentChangeReason.Undo) return 'undo';
  if (reason === vscode.TextDocumentChangeReason.Redo) return 'redo';
  return uri.scheme !== 'untitled' && !isDirty ? 'reload' : 'edit';
}

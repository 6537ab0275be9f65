import { continuationIn, type Continuation, type Progress } from './continuation.ts';

/** The used part of `vscode.TextDocumentContentChangeEvent`. */
export interface TextChange {
  rangeOffset: number;
  rangeLength: number;
  text: string;
}

/** The relevant origins of a change. */
export type ChangeReason = 'edit' | 'undo' | 'redo' | 'reload';

/**
 * Keeps track of a page's text in its document: what has been written and what is still to write. It receives
 * every change of the document and recognizes its own edits because it expects them; all others are made by
 * the user or VS Code.
 */
export class PageProgress {
  /** The current text of the document. */
  text: string;
  private pending = '';
  private expected: string | undefined;
  /** The state before the whole text was removed, by the user or because VS Code is closing the document. */
  private emptied: Progress | undefined;
  /** Offset of the next edit. */
  end: number;

  constructor(text: string) {
    this.text = text;
    this.end = text.length;
  }

  get hasPending(): boolean {
    return this.pending !== '';
  }

  add(text: string): void {
    this.pending += text;
  }

  /**
   * The text to write next. White space waits for the text after it, because saving may trim it at the end of
   * a document.
   * @param last whether nothing follows
   */
  next(last: boolean): string {
    return last ? this.pending : this.pending.trimEnd();
  }

  /** Announces an edit. The result tells whether the document has changed accordingly. */
  expect(text: string): () => boolean {
    this.expected = text;
    return () => {
      const isSeen = this.expected === undefined;
      this.expected = undefined;
      return isSeen;
    };
  }

  /** Applies a change of the document, whose text is now `now`. */
  follow(changes: readonly TextChange[], now: string, reason: ChangeReason): void {
    const before = this.text;
    if (changes.length === 0) return;
    this.text = now;
    this.emptied = now === '' ? { text: before, end: this.end } : undefined;
    if (this.isOwn(changes)) return;
    const isReplaced = changes.some((change) => isWhole(change, before) || this.reaches(change));
    if (
      isReplaced &&
      (reason === 'reload' || (reason !== 'undo' && changes.some((one) => isWhole(one, before))))
    )
      return this.realign(before, now, reason);
    let { end } = this;
    for (const change of changes) end += this.shift(change, before, reason);
    this.end = Math.max(0, Math.min(end, now.length));
  }

  /**
   * Continues in a document that replaces the previous one after it was saved, renamed, formatted, or created
   * from an earlier state. Missing parts of the page are written again.
   */
  adopt(now: string): void {
    const found = this.continuation(now);
    this.expected = undefined;
    this.emptied = undefined;
    this.text = now;
    this.end = found?.offset ?? now.trimEnd().length;
    this.pending = found?.missing ?? this.pending;
  }

  /** Whether a text contains any part of the page. */
  recognizes(other: string): boolean {
    return this.continuation(other) !== undefined;
  }

  private continuation(other: string): Continuation | undefined {
    const { text, end } = this.emptied ?? this;
    const all = `${text.slice(0, end)}${this.pending}`;
    return continuationIn({ text: all + text.slice(end), end: all.length }, other);
  }

  /** Whether a text is an earlier state of this one, from which another document may have been created. */
  isEarlier(firstLine: string, all: () => string): boolean {
    const text = this.emptied?.text ?? this.text;
    if (firstLine === '' || !text.startsWith(firstLine)) return false;
    const now = text.replaceAll(/\s+/g, '');
    const then = all().replaceAll(/\s+/g, '');
    return then.length > now.length / 2 && now.startsWith(then);
  }

  private isOwn(changes: readonly TextChange[]): boolean {
    const [change] = changes;
    const { expected } = this;
    if (expected === undefined || !change || changes.length > 1) return false;
    const { rangeOffset, rangeLength, text } = change;
    const isSame = text.replaceAll('\r\n', '\n') === expected.replaceAll('\r\n', '\n');
    if (rangeOffset !== this.end || rangeLength > 0 || !isSame) return false;
    this.end += text.length;
    this.pending = this.pending.slice(expected.length);
    this.expected = undefined;
    return true;
  }

  /** How far a change moves the end. Text inserted exactly at the end comes after it. */
  private shift(
    { rangeOffset, rangeLength, text }: TextChange,
    before: string,
    reason: ChangeReason,
  ): number {
    const { end } = this;
    if (reason === 'redo' && rangeOffset === end && rangeLength === 0 && this.pending.startsWith(text)) {
      this.pending = this.pending.slice(text.length);
      return text.length;
    }
    if (rangeOffset >= end) return 0;
    const inside = Math.min(rangeLength, end - rangeOffset);
    // Undo has removed the latest text of the page. Write it again: the user did not mean to remove a part of
    // the page.
    if (reason === 'undo' && text === '' && rangeOffset + rangeLength >= end)
      this.pending = before.slice(rangeOffset, end) + this.pending;
    return text.length - inside;
  }

  private reaches({ rangeOffset, rangeLength }: TextChange): boolean {
    return rangeOffset < this.end && rangeOffset + rangeLength >= this.end;
  }

  private realign(before: string, now: string, reason: ChangeReason): void {
    const found = continuationIn({ text: before, end: this.end }, now);
    this.end = found?.offset ?? now.trimEnd().length;
    if (found && reason === 'reload') this.pending = found.missing + this.pending;
  }
}

/**
 * Whether a change replaces the whole text, such as a change of all line breaks or of the file on the disk.
 */
function isWhole({ rangeOffset, rangeLength }: TextChange, before: string): boolean {
  return rangeOffset === 0 && rangeLength >= before.length && rangeLength > 0;
}

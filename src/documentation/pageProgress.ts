import { continuationIn, type Continuation, type Progress } from './continuation.ts';

/** A change of a document, as VS Code tells it. */
export interface TextChange {
  rangeOffset: number;
  rangeLength: number;
  text: string;
}

/** Where a change came from, as far as it matters. */
export type ChangeReason = 'edit' | 'undo' | 'redo' | 'reload';

/**
 * The text of a page in its document: how far it has been written, and what is still to be written. It is told every
 * change of the document and knows its own additions by what it expects; all others are the user's or VS Code's.
 */
export class PageProgress {
  /** The document's. */
  text: string;
  private pending = '';
  private expected: string | undefined;
  /** How it was before all of it went away: by the user, or because VS Code is about to close it. */
  private emptied: Progress | undefined;
  /** Where the next text goes. */
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
   * What is to be written next. White space waits for what follows it: at the end of a document, saving may remove it.
   * @param last nothing follows
   */
  next(last: boolean): string {
    return last ? this.pending : this.pending.trimEnd();
  }

  /** Announces an addition; the result tells whether it has been seen in the document since. */
  expect(text: string): () => boolean {
    this.expected = text;
    return () => {
      const isSeen = this.expected === undefined;
      this.expected = undefined;
      return isSeen;
    };
  }

  /** Follows a change of the document, after which it has the text `now`. */
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
   * Goes on in a document that has taken the place of the one before: saved, renamed, formatted, or made from an
   * earlier state. What of the page is not in it will be written again.
   */
  adopt(now: string): void {
    const found = this.continuation(now);
    this.expected = undefined;
    this.emptied = undefined;
    this.text = now;
    this.end = found?.offset ?? now.trimEnd().length;
    this.pending = found?.missing ?? this.pending;
  }

  /** Whether anything of the page is in a text. */
  recognizes(other: string): boolean {
    return this.continuation(other) !== undefined;
  }

  private continuation(other: string): Continuation | undefined {
    const { text, end } = this.emptied ?? this;
    const all = `${text.slice(0, end)}${this.pending}`;
    return continuationIn({ text: all + text.slice(end), end: all.length }, other);
  }

  /** Whether a text is an earlier state of this one, which another document may have been made from. */
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

  /** How far a change moves the end; what is inserted exactly there is behind it. */
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
    // Undo takes back what was written last, which is the page's: it is not the user's wish that a part is missing.
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

/** Such as a change of all line breaks, or a file that another program has written. */
function isWhole({ rangeOffset, rangeLength }: TextChange, before: string): boolean {
  return rangeOffset === 0 && rangeLength >= before.length && rangeLength > 0;
}

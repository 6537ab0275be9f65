import { abortable } from '../ollama/index.ts';
import { agrees } from './engine/index.ts';
import type { Place } from './place.ts';

/** A change of a document: `length` characters from `offset` on were replaced by `text`. */
export interface TextChange {
  offset: number;
  length: number;
  text: string;
}

/** Characters that the editor closes automatically after typed ones. */
const closers = /[)\]}>"'`]+$/;

/** Abort reason of a request that the next key has made useless. */
const overtaken = new Error('What is typed differs from what is being written.');

/** A request in progress. It is kept as long as the typed text agrees with its text. */
export class SuggestionRun {
  readonly place: Place;
  private readonly abortion = new AbortController();
  private readonly ended = Promise.withResolvers<void>();
  private text: string;
  /** The text in the document from the position's offset on. */
  private typed: string;

  /** @param given text shown already, after which this one continues */
  constructor(place: Place, given = '') {
    this.place = place;
    this.text = (place.selected?.text ?? '') + given;
    this.typed = place.selected?.typed ?? '';
  }

  get signal(): AbortSignal {
    return this.abortion.signal;
  }

  /** Called when its connection is closed. */
  end(): void {
    this.ended.resolve();
  }

  /**
   * Waits for the end.
   * @throws the signal's reason
   */
  finished(signal: AbortSignal): Promise<void> {
    return abortable(this.ended.promise, signal);
  }

  /** Closes the connection at once, and waits until it is closed. */
  async stop(reason: Error = overtaken): Promise<void> {
    this.abortion.abort(reason);
    await this.ended.promise;
  }

  /** Adds text of the model. */
  add(text: string): void {
    this.text += text;
    this.check();
  }

  /** Follows a change of the document. Aborts if it does not agree. */
  follow(changes: readonly TextChange[]): void {
    for (const { offset, length, text } of changes) {
      const from = offset - this.place.offset;
      if (from < 0 || from + length > this.typed.length) return this.abortion.abort(overtaken);
      this.typed = this.typed.slice(0, from) + text + this.typed.slice(from + length);
    }
    this.check();
  }

  /** Follows the cursor. Aborts when it is not at the text typed since the request. */
  moved(offset: number): void {
    const from = offset - this.place.offset;
    if (from < 0 || from > this.typed.length) this.abortion.abort(overtaken);
  }

  /** Whether its answer can be used at a position: it is in progress, and the typed text agrees. */
  covers(place: Place): boolean {
    if (this.signal.aborted || place.document !== this.place.document) return false;
    if (place.byHand && !this.place.byHand) return false;
    const before = this.place.prefix.slice(
      0,
      this.place.prefix.length - (this.place.selected?.text.length ?? 0),
    );
    return (
      place.prefix.startsWith(before) &&
      place.suffix.endsWith(this.place.suffix) &&
      this.agreesWith(place.prefix.slice(before.length))
    );
  }

  private check(): void {
    if (!this.agreesWith(this.typed)) this.abortion.abort(overtaken);
  }

  private agreesWith(typed: string): boolean {
    const open = typed.replace(closers, '');
    return [this.text, this.text.trimStart()].some((text) => agrees(text, typed) || agrees(text, open));
  }
}

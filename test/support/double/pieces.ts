import { abortable } from './gates.ts';
import type { Answer } from './types.ts';

/** One token of an answer. */
export interface Piece {
  text: string;
  thinking: boolean;
}

/** The tokens of an answer, one at a time. Only an asynchronous answer costs a promise per token. */
export class PieceSource {
  readonly #iterator: Iterator<string> | AsyncIterator<string>;
  readonly #isAsync: boolean;
  readonly #signal: AbortSignal;

  constructor(answer: Answer, tokenize: (text: string) => string[], signal: AbortSignal) {
    const items = typeof answer === 'string' ? tokenize(answer) : answer;
    this.#isAsync = !Array.isArray(items);
    this.#iterator = Array.isArray(items) ? items[Symbol.iterator]() : items[Symbol.asyncIterator]();
    this.#signal = signal;
  }

  /** Undefined at the end. Rejects with the signal's reason when the client disconnects meanwhile. */
  next(): string | undefined | Promise<string | undefined> {
    const step = this.#iterator.next();
    if (!this.#isAsync) return valueOf(step as IteratorResult<string>);
    return abortable(step as Promise<IteratorResult<string>>, this.#signal).then(valueOf);
  }

  /** Lets an asynchronous answer clean up. That may never end, so it is not awaited. */
  close(): void {
    Promise.resolve(this.#iterator.return?.()).catch(() => {});
  }
}

function valueOf(step: IteratorResult<string>): string | undefined {
  return step.done ? undefined : step.value;
}

/** Finds stop sequences, and holds back text that may be the start of one. */
export class StopFilter {
  readonly #stops: string[];
  #kept = '';
  stopped = false;

  constructor(stops: string[]) {
    this.#stops = stops.filter((stop) => stop !== '');
  }

  /** The text that may be written now; undefined when it is held back. */
  push(text: string): string | undefined {
    if (this.#stops.length === 0) return text;
    const all = this.#kept + text;
    const found = this.#stops.map((stop) => all.indexOf(stop)).filter((index) => index >= 0);
    if (found.length > 0) {
      this.stopped = true;
      this.#kept = '';
      return all.slice(0, Math.min(...found)) || undefined;
    }
    const mayBegin = this.#stops.some((stop) => endsWithBeginningOf(all, stop));
    this.#kept = mayBegin ? all : '';
    return mayBegin ? undefined : all;
  }

  /** The text held back at the end of the answer. */
  rest(): string | undefined {
    return this.#kept || undefined;
  }
}

function endsWithBeginningOf(text: string, stop: string): boolean {
  for (let length = Math.min(text.length, stop.length - 1); length > 0; length--) {
    if (text.endsWith(stop.slice(0, length))) return true;
  }
  return false;
}

/** The real server's check for repetition: after 30 equal tokens it just ends the stream. */
export class RepeatGuard {
  #last = '';
  #repeats = 0;

  isTooMuch(text: string): boolean {
    const token = text.trim();
    this.#repeats = token === this.#last ? this.#repeats + 1 : 0;
    this.#last = token;
    return this.#repeats > 30;
  }
}

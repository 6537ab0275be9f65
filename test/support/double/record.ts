import type { IncomingHttpHeaders } from 'node:http';
import { deferred } from './deferred.ts';

export type RequestState =
  | 'received'
  | 'queued'
  | 'loading'
  | 'reading'
  | 'writing'
  /** The whole response was sent. */
  | 'done'
  /** The client disconnected first. */
  | 'cancelled'
  /** The response was an error, or the double ended it early. */
  | 'failed';

export type CutKind =
  /** The connection is closed (FIN) with an incomplete response. */
  | 'close'
  /** The connection is reset (RST). */
  | 'reset'
  /** The response is terminated properly, but too early. */
  | 'end';

export interface RequestFacts {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  bodyText: string;
  connectionId: number;
}

/** The fields that tests read. The client decides whether they exist and have these types. */
export interface RequestBody {
  model?: string;
  prompt?: string;
  system?: string;
  suffix?: string;
  stream?: boolean;
  keep_alive?: number | string | null;
  options?: Record<string, unknown>;
  messages?: { role: string; content: string }[];
  [field: string]: unknown;
}

/** What a test can do to a request's connection at any moment. */
export interface Wire {
  cut(how: CutKind): Promise<void>;
  writeRaw(bytes: string | Uint8Array): Promise<void>;
}

interface Waiter {
  reached: () => boolean;
  resolve: () => void;
  reject: (reason: Error) => void;
  what: string;
}

/** A request that the double received, with everything a test can wait for. */
export class RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly bodyText: string;
  /** The parsed body; without fields when it is not a JSON object. */
  readonly body: RequestBody;
  readonly connectionId: number;
  /** Every state so far, in order. */
  readonly states: RequestState[] = ['received'];
  /**
   * Resolves when the connection was seen closing, or the response was complete: see `state`. Never rejects.
   */
  readonly closed: Promise<void>;
  /** `performance.now()` at that moment. */
  closedAt: number | undefined;
  /** Resolves with the last state: done, cancelled or failed. Never rejects. */
  readonly finished: Promise<RequestState>;
  tokensWritten = 0;
  /** The status of the response. */
  status: number | undefined;
  /** Set when the request was served by a model. */
  model: string | undefined;

  readonly #wire: Wire;
  readonly #closed = deferred();
  readonly #finished = deferred<RequestState>();
  #waiters: Waiter[] = [];

  constructor(facts: RequestFacts, wire: Wire) {
    this.method = facts.method;
    this.path = facts.path;
    this.headers = facts.headers;
    this.bodyText = facts.bodyText;
    this.body = parse(facts.bodyText);
    this.connectionId = facts.connectionId;
    this.closed = this.#closed.promise;
    this.finished = this.#finished.promise;
    this.#wire = wire;
  }

  get state(): RequestState {
    return this.states.at(-1)!;
  }

  get ended(): boolean {
    return this.state === 'done' || this.state === 'cancelled' || this.state === 'failed';
  }

  /** Resolves when the request is or was in that state. Rejects when it ended without it. */
  phase(state: RequestState): Promise<void> {
    return this.#wait(`the state '${state}'`, () => this.states.includes(state));
  }

  /** Resolves when `count` tokens have been written. Rejects when it ended with fewer. */
  tokens(count: number): Promise<void> {
    return this.#wait(`${count} tokens`, () => this.tokensWritten >= count);
  }

  /** Ends the response now, whatever it waits for. */
  cut(how: CutKind): Promise<void> {
    return this.#wire.cut(how);
  }

  /** Writes bytes on the connection unchanged, without HTTP. */
  writeRaw(bytes: string | Uint8Array): Promise<void> {
    return this.#wire.writeRaw(bytes);
  }

  /** For the double only. */
  enter(state: RequestState): void {
    if (this.ended || this.state === state) return;
    this.states.push(state);
    this.notify();
    if (this.ended) this.#finished.resolve(state);
  }

  /** For the double only: a token was written, or the state changed. */
  notify(): void {
    if (this.#waiters.length === 0) return;
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) {
      if (waiter.reached()) waiter.resolve();
      else if (this.ended) waiter.reject(this.#missed(waiter.what));
      else this.#waiters.push(waiter);
    }
  }

  /** For the double only. */
  noteClosed(): void {
    this.closedAt = performance.now();
    this.#closed.resolve();
  }

  #wait(what: string, reached: () => boolean): Promise<void> {
    if (reached()) return Promise.resolve();
    if (this.ended) return Promise.reject(this.#missed(what));
    return new Promise((resolve, reject) => this.#waiters.push({ what, reached, resolve, reject }));
  }

  #missed(what: string): Error {
    return new Error(`${this.method} ${this.path} ended as '${this.state}' before reaching ${what}`);
  }
}

function parse(text: string): RequestBody {
  try {
    return (JSON.parse(text) as RequestBody | null) ?? {};
  } catch {
    return {};
  }
}

import { deferred } from './deferred.ts';
import { abortable } from './gates.ts';
import { memoryOf } from './models.ts';
import { commonPrefix } from './tokens.ts';
import type { Model } from './types.ts';

/** The longest wait a timer can express; beyond it, about 25 days, nothing expires in a test. */
const maxTimerMs = 2 ** 31 - 1;
/** What Go makes of "for ever": its largest duration, 292 years. */
const foreverMs = 9_223_372_036_854;

/** A model in memory, as the server's own process for it. */
export class Runner {
  readonly model: Model;
  readonly key: string;
  readonly numCtx: number;
  readonly sizeBytes: number;
  /** Aborted when the process dies. */
  readonly died = new AbortController();
  loading = true;
  /** No new request may use it. */
  expiring = false;
  /** On its way out of memory, but still listed. */
  unloading = false;
  /** Requests that use it or wait for a slot of it. */
  refs = 1;
  usedAt = performance.now();
  expiresAt = Date.now();

  readonly #slots: number;
  #taken = 0;
  #waiters: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** The conversations it has read, most recent last: at most one a slot. */
  #read: string[][] = [];

  constructor(model: Model, key: string, numCtx: number, slots: number) {
    this.model = model;
    this.key = key;
    this.numCtx = numCtx;
    this.sizeBytes = memoryOf(model, numCtx);
    this.#slots = slots;
  }

  get waiting(): number {
    return this.#waiters.length;
  }

  use(): void {
    this.refs++;
    this.usedAt = performance.now();
    this.clearTimer();
  }

  tryTakeSlot(): boolean {
    if (this.#taken >= this.#slots) return false;
    this.#taken++;
    return true;
  }

  async waitForSlot(signal: AbortSignal): Promise<void> {
    const turn = deferred();
    this.#waiters.push(turn.resolve);
    try {
      await abortable(turn.promise, signal);
    } catch (error) {
      const index = this.#waiters.indexOf(turn.resolve);
      if (index >= 0) this.#waiters.splice(index, 1);
      else this.freeSlot();
      throw error;
    }
  }

  /** Hands the slot to the next who waits. */
  freeSlot(): void {
    const next = this.#waiters.shift();
    if (next) next();
    else this.#taken--;
  }

  /** How many tokens at the start of this prompt need not be read again; the last one always is. */
  cachedTokens(prompt: readonly string[]): number {
    const longest = Math.max(0, ...this.#read.map((read) => commonPrefix(read, prompt)));
    return Math.max(0, Math.min(prompt.length - 1, longest));
  }

  remember(tokens: string[]): void {
    this.#read.push(tokens);
    if (this.#read.length > this.#slots) this.#read.shift();
  }

  keepFor(ms: number, expire: () => void): void {
    this.clearTimer();
    this.expiresAt = Date.now() + Math.min(ms, foreverMs);
    if (this.refs === 0 && ms <= maxTimerMs) this.setTimer(ms, expire);
  }

  setTimer(ms: number, callback: () => void): void {
    this.clearTimer();
    this.#timer = setTimeout(callback, ms);
  }

  clearTimer(): void {
    clearTimeout(this.#timer);
  }
}

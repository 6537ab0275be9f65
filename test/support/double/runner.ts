import { deferred } from './deferred.ts';
import { abortable } from './gates.ts';
import { memoryOf } from './models.ts';
import { commonPrefix } from './tokens.ts';
import type { Model } from './types.ts';

/** The longest delay of a timer, about 25 days. Nothing expires after more than that in a test. */
const maxTimerMs = 2 ** 31 - 1;
/** Go's largest duration, 292 years, which it uses for "forever". */
const foreverMs = 9_223_372_036_854;

/** A model in memory: the server's process for it. */
export class Runner {
  readonly model: Model;
  readonly key: string;
  readonly numCtx: number;
  readonly sizeBytes: number;
  /** Aborts when the process dies. */
  readonly died = new AbortController();
  loading = true;
  /** Whether no new request may use it. */
  expiring = false;
  /** Whether it is being unloaded, but still listed. */
  unloading = false;
  /** Number of requests that use it or wait for one of its slots. */
  refs = 1;
  usedAt = performance.now();
  expiresAt = Date.now();

  readonly #slots: number;
  #taken = 0;
  #waiters: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** The conversations it has read, oldest first: at most one per slot. */
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

  /** Gives the slot to the next waiting request. */
  freeSlot(): void {
    const next = this.#waiters.shift();
    if (next) next();
    else this.#taken--;
  }

  /**
   * Number of tokens at the start of this prompt that need not be read again. The last token is always read.
   */
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

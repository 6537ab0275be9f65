import { orAborted } from './gate.ts';

/** Pages that are prepared ahead, as a share of those at the server. */
const aheadShare = 0.25;

/**
 * Waits for a place at the server.
 * @throws the signal's reason when it aborts
 */
export type Enter = (signal: AbortSignal) => Promise<void>;

/** A page waiting for its place at the server. */
interface Waiting {
  isAdmitted: boolean;
  admitted: PromiseWithResolvers<void>;
}

/**
 * The places of the pages in hand. The next ones are prepared while others are written, so that the server
 * need not wait for the disk; pages that wait for a slow disk are limited because they are in memory.
 */
export class ServerSlots {
  private readonly limit: () => number;
  private readonly onFree: () => void;
  private readonly queue: Waiting[] = [];
  private preparing = 0;
  private atServer = 0;
  private inHand = 0;

  /**
   * @param limit most pages at the server; may change at any time
   * @param onFree called when another page may be started
   */
  constructor(limit: () => number, onFree: () => void) {
    this.limit = limit;
    this.onFree = onFree;
  }

  /** Whether another page may be started. */
  get hasRoom(): boolean {
    const limit = this.limit();
    const ahead = Math.ceil(limit * aheadShare);
    return this.preparing < ahead && this.inHand < 2 * limit + ahead;
  }

  /** Whether no page is in hand. */
  get isEmpty(): boolean {
    return this.inHand === 0;
  }

  /**
   * Works on a page.
   * @param page gets a function that waits for a place at the server, and one that frees it; never rejects
   */
  async work(page: (enter: Enter, leave: () => void) => Promise<void>): Promise<void> {
    this.inHand++;
    this.preparing++;
    let place: 'preparing' | 'server' | 'none' = 'preparing';
    const leave = (): void => {
      if (place === 'preparing') this.preparing--;
      if (place === 'server') this.atServer--;
      place = 'none';
      this.admit();
      this.onFree();
    };
    const enter = async (signal: AbortSignal): Promise<void> => {
      await this.turn(signal);
      this.preparing--;
      place = 'server';
      this.onFree();
    };
    await page(enter, leave);
    this.inHand--;
    leave();
  }

  /** Lets waiting pages enter after the limit has grown. */
  admit(): void {
    while (this.queue.length > 0 && this.atServer < this.limit()) {
      this.atServer++;
      const next = this.queue.shift()!;
      next.isAdmitted = true;
      next.admitted.resolve();
    }
  }

  private async turn(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const waiting: Waiting = { isAdmitted: false, admitted: Promise.withResolvers() };
    this.queue.push(waiting);
    this.admit();
    try {
      await orAborted(waiting.admitted.promise, signal);
    } catch (error) {
      if (waiting.isAdmitted) this.atServer--;
      else this.queue.splice(this.queue.indexOf(waiting), 1);
      throw error;
    }
  }
}

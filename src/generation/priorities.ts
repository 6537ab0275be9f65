/**
 * The levels of requests, most important first: the user's own question, another extension through VS Code's
 * chat, a suggestion while typing, pages of a whole workspace, and reading in advance.
 */
const levels = ['own', 'extension', 'suggestion', 'page', 'warming'] as const;
export type Level = (typeof levels)[number];

/** The place of a level: 0 is the most important one. */
export function rankOf(level: Level): number {
  return levels.indexOf(level);
}

/** Levels whose requests are aborted when a more important one begins, because they can be repeated later. */
const abortedLevels: ReadonlySet<Level> = new Set(['suggestion', 'page', 'warming']);

/** Milliseconds for an aborted request to close its connection. The more important one waits no longer. */
const longestWaitMs = 1000;

/** Abort reason of a permit: something more important has begun. */
export class PreemptedError extends Error {
  override readonly name = 'PreemptedError';
}

/** The permission to send a request. */
export interface Permit {
  /** Aborts with a `PreemptedError` when something more important begins, or with the caller's signal. */
  readonly signal: AbortSignal;
  /** Call it when the connection of the request is closed. Until then, more important requests wait. */
  end(): void;
}

interface Entry {
  rank: number;
  abort: AbortController;
  isActive: boolean;
  ended: PromiseWithResolvers<void>;
}

/** Decides the order of requests to the server. Requests of the same level run in parallel. */
export class Priorities {
  private readonly entries = new Set<Entry>();

  /**
   * Aborts less important requests and waits until their connections are closed. Then waits for more
   * important ones.
   * @throws the reason of `signal` when it aborts while this waits
   */
  async enter(level: Level, signal?: AbortSignal): Promise<Permit> {
    signal?.throwIfAborted();
    const entry: Entry = {
      rank: rankOf(level),
      abort: new AbortController(),
      isActive: false,
      ended: Promise.withResolvers(),
    };
    this.entries.add(entry);
    const end = (): void => {
      this.entries.delete(entry);
      entry.ended.resolve();
    };
    try {
      await orAborted(this.abortBelow(entry.rank), signal);
      for (let before = this.above(entry.rank); before.length > 0; before = this.above(entry.rank))
        await orAborted(Promise.all(before.map(({ ended }) => ended.promise)), signal);
    } catch (error) {
      end();
      throw error;
    }
    entry.isActive = true;
    return { signal: AbortSignal.any([entry.abort.signal, ...(signal ? [signal] : [])]), end };
  }

  /** Whether nothing more important runs or waits. */
  isFree(level: Level): boolean {
    return this.above(levels.indexOf(level)).length === 0;
  }

  private above(rank: number): Entry[] {
    return [...this.entries].filter((entry) => entry.rank < rank);
  }

  private async abortBelow(rank: number): Promise<void> {
    const below = [...this.entries].filter(
      (entry) => entry.isActive && entry.rank > rank && abortedLevels.has(levels[entry.rank]!),
    );
    if (below.length === 0) return;
    for (const { abort } of below) abort.abort(new PreemptedError('Something more important has begun.'));
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, longestWaitMs)));
    await Promise.race([Promise.all(below.map(({ ended }) => ended.promise)), limit]);
    clearTimeout(timer);
  }
}

/** Waits for `work`, at most until the signal aborts. */
async function orAborted(work: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) return void (await work);
  const aborted = Promise.withResolvers<never>();
  const stop = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    signal.throwIfAborted();
    await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

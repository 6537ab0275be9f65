/**
 * Who asks the server, the most important first: the user, another extension through VS Code's chat, a suggestion
 * while typing, pages of a whole workspace, and what is only read in advance.
 */
const levels = ['own', 'extension', 'suggestion', 'page', 'warming'] as const;
export type Level = (typeof levels)[number];

/** Levels whose work is aborted when something more important begins: it can be done again later. */
const abortedLevels: ReadonlySet<Level> = new Set(['suggestion', 'page', 'warming']);

/** The time (ms) in which aborted work closes its connection; a request does not wait longer for it. */
const longestWaitMs = 1000;

/** The reason of a turn's `signal`: something more important has begun. */
export class PreemptedError extends Error {
  override readonly name = 'PreemptedError';
}

/** The permission to ask the server. */
export interface Turn {
  /** Aborted with a `PreemptedError` when something more important begins, or by the caller's own signal. */
  readonly signal: AbortSignal;
  /** Call it once the connection of the request is closed: until then, what is more important waits. */
  end(): void;
}

interface Entry {
  rank: number;
  abort: AbortController;
  isActive: boolean;
  ended: PromiseWithResolvers<void>;
}

/** Decides who asks the server first. Work of the same level runs side by side. */
export class Priorities {
  private readonly entries = new Set<Entry>();

  /**
   * Aborts what is less important and waits until its connections are closed; then waits for what is more important.
   * @throws the reason of `signal`, when it is aborted while this waits
   */
  async enter(level: Level, signal?: AbortSignal): Promise<Turn> {
    signal?.throwIfAborted();
    const entry: Entry = {
      rank: levels.indexOf(level),
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

/** Waits, but no longer than until the signal aborts. */
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

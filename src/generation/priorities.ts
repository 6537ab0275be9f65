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

/** How many requests may run at the same time as one of a level, this one included. */
export type Room = (above: Level) => number;

interface Entry {
  rank: number;
  room: Room;
  abort: AbortController;
  isActive: boolean;
  ended: PromiseWithResolvers<void>;
}

/** Beside something more important, there is no room by default. */
const noRoom: Room = () => 1;

/** Decides the order of requests to the server. Requests of the same level run in parallel. */
export class Priorities {
  private readonly entries = new Set<Entry>();

  /**
   * Aborts less important requests, unless the server has room for them beside this one, and waits until their
   * connections are closed. Then waits for more important ones.
   * @param room whether this request may run beside more important ones; asked each time that one begins
   * @throws the reason of `signal` when it aborts while this waits
   */
  async enter(level: Level, signal?: AbortSignal, room: Room = noRoom): Promise<Permit> {
    signal?.throwIfAborted();
    const entry: Entry = {
      rank: rankOf(level),
      room,
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
      await orAborted(this.abortBelow(entry), signal);
      while (!this.hasRoom(entry)) await orAborted(this.nextEnd(entry), signal);
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

  /** Whether a request may run now, beside everything more important that runs or waits. */
  private hasRoom({ rank, room }: Entry): boolean {
    const above = this.above(rank);
    if (above.length === 0) return true;
    const others = [...this.entries].filter((entry) => entry.isActive || entry.rank < rank);
    return others.length < leastRoom(room, above);
  }

  /** Resolves when one of the others ends. */
  private async nextEnd(entry: Entry): Promise<void> {
    const others = [...this.entries].filter((other) => other !== entry);
    await Promise.race(others.map(({ ended }) => ended.promise));
  }

  private async abortBelow(entry: Entry): Promise<void> {
    for (const { abort } of this.withoutRoomBeside(entry))
      abort.abort(new PreemptedError('Something more important has begun.'));
    const leaving = [...this.entries].filter(
      ({ isActive, abort, rank }) => isActive && abort.signal.aborted && rank > entry.rank,
    );
    if (leaving.length === 0) return;
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, longestWaitMs)));
    await Promise.race([Promise.all(leaving.map(({ ended }) => ended.promise)), limit]);
    clearTimeout(timer);
  }

  /** The less important requests that must end: the newest ones, because the least work is lost with them. */
  private withoutRoomBeside(entry: Entry): Entry[] {
    const { rank } = entry;
    const staying = [...this.entries].filter((other) => other !== entry && !isLeaving(other, rank));
    const below = staying.filter((other) => other.rank > rank && abortedLevels.has(levels[other.rank]!));
    const ended: Entry[] = [];
    for (const other of below.toReversed())
      if (staying.length - ended.length >= other.room(levels[rank]!)) ended.push(other);
    return ended;
  }
}

/** Whether it is no load for the server when a request of a level begins. */
function isLeaving({ isActive, abort, rank }: Entry, above: number): boolean {
  return abort.signal.aborted || (!isActive && rank > above);
}

function leastRoom(room: Room, above: readonly Entry[]): number {
  return Math.min(...above.map(({ rank }) => room(levels[rank]!)));
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

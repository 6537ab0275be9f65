import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';

/** What must be as before: connections and timers of this process. */
interface Held {
  sockets: number;
  timers: number;
}

/** Turns of the event loop in which closing handles may still be open. */
const mostTurns = 500;

function held(): Held {
  const active = process.getActiveResourcesInfo();
  const count = (name: RegExp): number => active.filter((resource) => name.test(resource)).length;
  return { sockets: count(/^(?:TCP|TLS)\w*Wrap$/), timers: count(/^Timeout$/) };
}

/**
 * Detects what a test leaves behind: sockets, timers, unhandled rejections, warnings (such as too many
 * listeners). Create it before anything is started, and check it when everything has been closed.
 */
export class LeakWatch {
  readonly #before = held();
  readonly #problems: unknown[] = [];

  constructor() {
    process.on('unhandledRejection', this.#note);
    process.on('warning', this.#note);
  }

  /** Resolves when nothing is left. Rejects with what is left. */
  async assertNone(): Promise<void> {
    for (let turn = 0; turn < mostTurns && this.#excess().length > 0; turn++) await nextTurn();
    assert.deepEqual(this.#excess(), [], 'something was left open');
    assert.deepEqual(this.#problems, [], 'something went wrong unseen');
  }

  stop(): void {
    process.off('unhandledRejection', this.#note);
    process.off('warning', this.#note);
  }

  #excess(): string[] {
    const now = held();
    return (['sockets', 'timers'] as const)
      .filter((kind) => now[kind] > this.#before[kind])
      .map((kind) => `${now[kind] - this.#before[kind]} ${kind}`);
  }

  readonly #note = (problem: unknown): void => void this.#problems.push(problem);
}

/** Runs a test and checks what it leaves behind. It must close everything it opens. */
export async function withoutLeaks(run: () => Promise<void>): Promise<void> {
  const watch = new LeakWatch();
  try {
    await run();
    await watch.assertNone();
  } finally {
    watch.stop();
  }
}

/** Number of listeners of a signal. */
export function listenersOf(signal: AbortSignal): number {
  return getEventListeners(signal, 'abort').length;
}

export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

import { abortable } from '../abortable.ts';
import type { ModelSummary } from './models.ts';

/** Most milliseconds between the start of a request and the use of its list. */
const mostAgeMs = 2000;

/**
 * Abort reason for a request without callers. Created once, because Node's own reason would carry a stack
 * trace.
 */
const notAwaited = new Error('nobody waits for the list of models any more');

/** A request in progress and the number of callers that wait for it. */
interface Asking {
  models: Promise<readonly ModelSummary[]>;
  abort: AbortController;
  waiting: number;
  settled: boolean;
}

/** The server's list of models, at most two seconds old. Concurrent callers share one request. */
export class ModelList {
  private readonly ask: (signal: AbortSignal) => Promise<readonly ModelSummary[]>;
  private asking: Asking | undefined;
  private known: { models: readonly ModelSummary[]; asked: number } | undefined;

  constructor(ask: (signal: AbortSignal) => Promise<readonly ModelSummary[]>) {
    this.ask = ask;
  }

  /** @throws what the request throws; the signal's reason when it aborts */
  async recent(signal: AbortSignal): Promise<readonly ModelSummary[]> {
    signal.throwIfAborted();
    if (this.known && performance.now() - this.known.asked < mostAgeMs) return this.known.models;
    const asking = (this.asking ??= this.begin());
    asking.waiting++;
    try {
      return await abortable(asking.models, signal);
    } finally {
      asking.waiting--;
      if (asking.waiting === 0) this.leave(asking);
    }
  }

  /** Requests a new list, without using the known one. */
  async fresh(signal: AbortSignal): Promise<readonly ModelSummary[]> {
    const asked = performance.now();
    const models = await this.ask(signal);
    this.known = { models, asked };
    return models;
  }

  /** Drops the known list, because a model was added or removed. */
  forget(): void {
    this.known = undefined;
    this.asking = undefined;
  }

  private begin(): Asking {
    const abort = new AbortController();
    const asked = performance.now();
    const asking: Asking = { models: this.ask(abort.signal), abort, waiting: 0, settled: false };
    const settle = (models?: readonly ModelSummary[]): void => {
      asking.settled = true;
      if (models && this.asking === asking) this.known = { models, asked };
    };
    asking.models.then(settle, () => settle());
    return asking;
  }

  /** Aborts the request when its last caller has left. */
  private leave(asking: Asking): void {
    if (this.asking === asking) this.asking = undefined;
    if (!asking.settled) asking.abort.abort(notAwaited);
  }
}

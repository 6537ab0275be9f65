import { abortable } from '../abortable.ts';
import type { ModelSummary } from './models.ts';

/** Milliseconds that a list may be old, counted from when it was asked for. */
const mostAgeMs = 2000;

/** Why a question ends; a reason made once, for one that Node makes carries a stack trace. */
const notAwaited = new Error('nobody waits for the list of models any more');

/** A question that is under way, and how many wait for its answer. */
interface Asking {
  answer: Promise<readonly ModelSummary[]>;
  abort: AbortController;
  waiting: number;
  settled: boolean;
}

/** The server's list of models, never older than two seconds; those who need it at the same time ask once. */
export class ModelList {
  private readonly ask: (signal: AbortSignal) => Promise<readonly ModelSummary[]>;
  private asking: Asking | undefined;
  private known: { models: readonly ModelSummary[]; asked: number } | undefined;

  constructor(ask: (signal: AbortSignal) => Promise<readonly ModelSummary[]>) {
    this.ask = ask;
  }

  /** @throws what asking throws; the signal's reason when it aborts */
  async recent(signal: AbortSignal): Promise<readonly ModelSummary[]> {
    signal.throwIfAborted();
    if (this.known && performance.now() - this.known.asked < mostAgeMs) return this.known.models;
    const asking = (this.asking ??= this.begin());
    asking.waiting++;
    try {
      return await abortable(asking.answer, signal);
    } finally {
      asking.waiting--;
      if (asking.waiting === 0) this.leave(asking);
    }
  }

  /** Asks now, whatever is known. */
  async fresh(signal: AbortSignal): Promise<readonly ModelSummary[]> {
    const asked = performance.now();
    const models = await this.ask(signal);
    this.known = { models, asked };
    return models;
  }

  /** What is known is no longer true: a model has come or gone. */
  forget(): void {
    this.known = undefined;
    this.asking = undefined;
  }

  private begin(): Asking {
    const abort = new AbortController();
    const asked = performance.now();
    const asking: Asking = { answer: this.ask(abort.signal), abort, waiting: 0, settled: false };
    const settle = (models?: readonly ModelSummary[]): void => {
      asking.settled = true;
      if (models && this.asking === asking) this.known = { models, asked };
    };
    asking.answer.then(settle, () => settle());
    return asking;
  }

  /** Nobody waits for it any more, so it ends. */
  private leave(asking: Asking): void {
    if (this.asking === asking) this.asking = undefined;
    if (!asking.settled) asking.abort.abort(notAwaited);
  }
}

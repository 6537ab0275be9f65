import { deferred } from './deferred.ts';
import type { RecordedRequest } from './record.ts';

/**
 * Where a request can be held: `answer` before any response that is not a generation; `loading` during a
 * load; `reading` while the prompt is read; `firstToken` before headers and first token; `{ afterTokens: n }`
 * after n tokens (for a pull, lines); `final` before the last line.
 */
export type HoldPoint = 'answer' | 'loading' | 'reading' | 'firstToken' | 'final' | { afterTokens: number };

export type RequestMatch = (request: RecordedRequest) => boolean;

export interface Gate {
  /** The first request that arrived at the gate. */
  readonly reached: Promise<RecordedRequest>;
  /** The requests waiting at the gate. */
  readonly held: readonly RecordedRequest[];
  /** Opens the gate permanently. */
  release(): void;
}

interface OpenGate extends Gate {
  readonly point: string;
  readonly match: RequestMatch;
  readonly held: RecordedRequest[];
  readonly open: Promise<void>;
  arrive(request: RecordedRequest): void;
}

function keyOf(point: HoldPoint): string {
  if (typeof point === 'object') return `tokens ${point.afterTokens}`;
  return point === 'firstToken' ? 'tokens 0' : point;
}

export class Gates {
  #gates: OpenGate[] = [];

  hold(point: HoldPoint, match: RequestMatch = () => true): Gate {
    const reached = deferred<RecordedRequest>();
    const opened = deferred();
    const gate: OpenGate = {
      point: keyOf(point),
      match,
      held: [],
      open: opened.promise,
      reached: reached.promise,
      arrive: (request) => {
        gate.held.push(request);
        reached.resolve(request);
      },
      release: () => {
        this.#gates = this.#gates.filter((other) => other !== gate);
        opened.resolve();
      },
    };
    this.#gates.push(gate);
    return gate;
  }

  /**
   * Returns undefined if there is nothing to wait for (the usual case), so that a token costs no turn of the
   * event loop.
   */
  pass(point: HoldPoint, request: RecordedRequest, signal: AbortSignal): Promise<void> | undefined {
    if (this.#gates.length === 0) return undefined;
    const key = keyOf(point);
    const gates = this.#gates.filter((gate) => gate.point === key && gate.match(request));
    return gates.length === 0 ? undefined : waitAt(gates, request, signal);
  }

  releaseAll(): void {
    for (const gate of this.#gates) gate.release();
  }
}

async function waitAt(gates: OpenGate[], request: RecordedRequest, signal: AbortSignal): Promise<void> {
  for (const gate of gates) {
    gate.arrive(request);
    try {
      await abortable(gate.open, signal);
    } finally {
      gate.held.splice(gate.held.indexOf(request), 1);
    }
  }
}

/** Waits for `promise`, or rejects with the signal's reason as soon as it aborts. */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = deferred<never>();
  const onAbort = (): void => aborted.reject(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

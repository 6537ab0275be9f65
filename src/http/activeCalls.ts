import { AsyncQueue, type EventSink } from './asyncQueue.ts';
import { left, AbortScope } from './abortScope.ts';

/** The running calls of a client: each ends with its caller's signal, or when the client ends them all. */
export class ActiveCalls {
  private readonly scopes = new Set<AbortScope>();

  /** Runs a call; its signal aborts with the caller's or when all are ended. */
  async run<T>(signal: AbortSignal | undefined, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const scope = new AbortScope(this.scopes, signal);
    try {
      return await call(scope.signal);
    } finally {
      scope.end();
    }
  }

  /** As `run`, for a call whose parts are handed out one by one; it begins with the first `next`. */
  stream<Part, Result>(
    signal: AbortSignal | undefined,
    call: (sink: EventSink<Part>, signal: AbortSignal) => Promise<Result>,
  ): AsyncGenerator<Part, Result, void> {
    let scope: AbortScope | undefined;
    const stream: AsyncQueue<Part, Result> = new AsyncQueue(
      async (sink) => {
        scope = new AbortScope(this.scopes, signal, (reason) => stream.fail(reason));
        try {
          return await call(sink, scope.signal);
        } finally {
          scope.end();
        }
      },
      () => scope?.abort(left),
      signal,
    );
    return stream;
  }

  /** Ends all calls, each with a reason of its own, which will carry the text that this one call had got. */
  abortAll(makeReason: () => unknown): void {
    for (const scope of this.scopes) scope.abort(makeReason());
  }
}

import { AsyncQueue, type EventSink } from './asyncQueue.ts';
import { left, AbortScope } from './abortScope.ts';

/** The running calls of a client. Each ends with its caller's signal, or when the client aborts all. */
export class ActiveCalls {
  private readonly scopes = new Set<AbortScope>();

  /** Runs a call. Its signal aborts with the caller's signal or by `abortAll`. */
  async run<T>(signal: AbortSignal | undefined, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const scope = new AbortScope(this.scopes, signal);
    try {
      return await call(scope.signal);
    } finally {
      scope.end();
    }
  }

  /** Like `run`, for a stream. It starts with the first `next`. */
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

  /** Aborts all calls. Each gets its own reason, which will carry the partial text of that call. */
  abortAll(makeReason: () => unknown): void {
    for (const scope of this.scopes) scope.abort(makeReason());
  }
}

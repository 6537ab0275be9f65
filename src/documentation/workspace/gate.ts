/** Lets work continue, or holds it. Its signal tells running work when it closes. */
export class Gate {
  private closed: PromiseWithResolvers<void> | undefined;
  private abort = new AbortController();

  get isOpen(): boolean {
    return this.closed === undefined;
  }

  /** Aborts when the gate closes. */
  get signal(): AbortSignal {
    return this.abort.signal;
  }

  close(): void {
    this.closed ??= Promise.withResolvers();
    this.abort.abort(new Error('The work is paused.'));
  }

  open(): void {
    this.abort = new AbortController();
    this.closed?.resolve();
    this.closed = undefined;
  }

  /** @throws the signal's reason when it aborts first */
  async opened(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    while (this.closed) await orAborted(this.closed.promise, signal);
  }
}

/** Waits for `work`, at most until the signal aborts. */
export async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const stop = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    signal.throwIfAborted();
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** @throws the signal's reason when it aborts first */
export function wait(ms: number, signal: AbortSignal): Promise<void> {
  const passed = Promise.withResolvers<void>();
  const timer = setTimeout(passed.resolve, ms);
  return orAborted(passed.promise, signal).finally(() => clearTimeout(timer));
}

/** The side of the queue that receives what a producer pushes. */
export interface EventSink<Part> {
  push(part: Part): void;
  /** Resolves when everything pushed has been taken. `undefined` when nothing is left to take. */
  taken(): Promise<void> | undefined;
}

type Waiter<Part, Result> = {
  resolve: (result: IteratorResult<Part, Result>) => void;
  reject: (error: unknown) => void;
};

type QueueResult<Result> = { value: Result } | { error: unknown };

/**
 * An async generator over the values that a producer pushes. It is not an `async function*` for two reasons:
 * `return` takes effect at once, even while a `next` is waiting (a real generator would wait for the next
 * token, perhaps minutes), and a value that is already there costs one promise instead of four.
 */
export class AsyncQueue<Part, Result> implements AsyncGenerator<Part, Result, void> {
  private readonly produce: (sink: EventSink<Part>) => Promise<Result>;
  private readonly leave: () => void;
  private readonly signal: AbortSignal | undefined;
  private running: Promise<void> | undefined;
  private parts: Part[] = [];
  private head = 0;
  private readonly waiters: Waiter<Part, Result>[] = [];
  private onTaken: (() => void) | undefined;
  private outcome: QueueResult<Result> | undefined;
  /** Whether the stream has ended, failed or been left, so that nothing more will be pushed. */
  private over = false;

  /**
   * @param produce started by the first `next`; what it returns or throws ends the stream
   * @param leave called when the reader leaves early; must make `produce` end soon
   * @param signal the reader's signal: after it aborts, nothing is delivered, not even values pushed before
   */
  constructor(produce: (sink: EventSink<Part>) => Promise<Result>, leave: () => void, signal?: AbortSignal) {
    this.produce = produce;
    this.leave = leave;
    this.signal = signal;
  }

  next(): Promise<IteratorResult<Part, Result>> {
    if (this.signal?.aborted) this.fail(this.signal.reason);
    if (this.head < this.parts.length) return Promise.resolve({ done: false, value: this.shift() });
    if (this.over) return this.deliverOutcome();
    this.running ??= this.run();
    return new Promise((resolve, reject) => {
      this.waiters.push({ resolve, reject });
    });
  }

  async return(value?: Result | PromiseLike<Result>): Promise<IteratorResult<Part, Result>> {
    await this.abandon();
    return { done: true, value: (await value) as Result };
  }

  async throw(error: unknown): Promise<IteratorResult<Part, Result>> {
    await this.abandon();
    throw error;
  }

  /** Ends the stream with an error at once, before values that have not been taken yet. */
  fail(error: unknown): void {
    this.parts = [];
    this.head = 0;
    if (this.outcome) this.outcome = { error };
    this.settle({ error });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.abandon();
  }

  private async abandon(): Promise<void> {
    const early = this.running && !this.over;
    this.parts = [];
    this.head = 0;
    this.settle(undefined);
    if (early) this.leave();
    await this.running;
  }

  private async run(): Promise<void> {
    try {
      const value = await this.produce({ push: this.push, taken: this.taken });
      this.settle({ value });
    } catch (error) {
      this.settle({ error });
    }
  }

  private settle(outcome: QueueResult<Result> | undefined): void {
    if (!this.over) this.outcome = outcome;
    this.over = true;
    for (const { resolve, reject } of this.waiters.splice(0)) this.deliverOutcome().then(resolve, reject);
    this.wakeProducer();
  }

  private readonly push = (part: Part): void => {
    if (this.over) return;
    const waiter = this.waiters.shift();
    if (waiter) waiter.resolve({ done: false, value: part });
    else this.parts.push(part);
  };

  private readonly taken = (): Promise<void> | undefined => {
    if (this.over || this.head === this.parts.length) return undefined;
    return new Promise((resolve) => (this.onTaken = resolve));
  };

  private shift(): Part {
    const part = this.parts[this.head++] as Part;
    if (this.head === this.parts.length) {
      this.parts = [];
      this.head = 0;
      this.wakeProducer();
    }
    return part;
  }

  private wakeProducer(): void {
    const wake = this.onTaken;
    this.onTaken = undefined;
    wake?.();
  }

  /** Delivers the result or the error once. After that, the stream is done. */
  private async deliverOutcome(): Promise<IteratorResult<Part, Result>> {
    const outcome = this.outcome;
    this.outcome = undefined;
    if (!outcome) return { done: true, value: undefined as Result };
    if ('error' in outcome) throw outcome.error;
    return { done: true, value: outcome.value };
  }
}

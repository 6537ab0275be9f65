/** Milliseconds of work after which the editor gets its turn; far below what anybody notices. */
const sliceMs = 12;

/** Work in slices: whoever works calls `pause` between two pieces, and only now and then it takes time. */
export class TimeSlices {
  private readonly signal: AbortSignal | undefined;
  private begun = performance.now();
  /** The longest stretch between two turns of the editor so far. */
  longestMs = 0;

  constructor(signal?: AbortSignal) {
    this.signal = signal;
  }

  /** Whether the slice is used up. */
  get isOver(): boolean {
    return performance.now() - this.begun >= sliceMs;
  }

  /**
   * Lets others work when the slice is used up.
   * @throws the signal's reason when it has been aborted
   */
  async pause(): Promise<void> {
    this.signal?.throwIfAborted();
    if (this.isOver) await this.turn();
  }

  /** Lets others work, before something that takes a slice by itself. */
  async turn(): Promise<void> {
    this.longestMs = Math.max(this.longestMs, performance.now() - this.begun);
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.begun = performance.now();
    this.signal?.throwIfAborted();
  }
}

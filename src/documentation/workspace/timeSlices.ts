/** Milliseconds of work before the editor gets a turn; too short to be noticed. */
const sliceMs = 12;

/** Divides work into slices: the work calls `pause` between its steps, which only sometimes takes time. */
export class TimeSlices {
  private readonly signal: AbortSignal | undefined;
  private begun = performance.now();
  /** The longest time between two turns of the editor so far, in milliseconds. */
  longestMs = 0;

  constructor(signal?: AbortSignal) {
    this.signal = signal;
  }

  /** Whether the slice is used up. */
  get isOver(): boolean {
    return performance.now() - this.begun >= sliceMs;
  }

  /**
   * Lets other work run when the slice is used up.
   * @throws the signal's reason when it has been aborted
   */
  async pause(): Promise<void> {
    this.signal?.throwIfAborted();
    if (this.isOver) await this.turn();
  }

  /** Lets other work run before something that takes a whole slice. */
  async turn(): Promise<void> {
    this.longestMs = Math.max(this.longestMs, performance.now() - this.begun);
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.begun = performance.now();
    this.signal?.throwIfAborted();
  }
}

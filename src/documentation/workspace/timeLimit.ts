/** Steps whose average says how long the others take. */
const fewestMeasured = 100;

/** A time limit for many equal steps: their optional work is left out when the rest would not be in time. */
export class TimeLimit {
  private readonly limitMs: number;
  private readonly now: () => number;
  private readonly begun: number;
  /** Milliseconds for optional work, and when the steps began. */
  private optionalMs = 0;
  private stepsBegun = 0;
  private steps = 0;
  private stepsDone = 0;

  /** @param now milliseconds */
  constructor(limitMs: number, now: () => number = () => performance.now()) {
    this.limitMs = limitMs;
    this.now = now;
    this.begun = now();
  }

  begin(steps: number): void {
    this.steps = steps;
    this.stepsBegun = this.now();
  }

  /** A step is done. */
  done(): void {
    this.stepsDone++;
  }

  /** Whether there is no time for optional work. */
  get isReached(): boolean {
    const now = this.now();
    const necessaryMs =
      this.stepsDone < fewestMeasured ? 0 : (now - this.stepsBegun - this.optionalMs) / this.stepsDone;
    return now - this.begun + necessaryMs * (this.steps - this.stepsDone) >= this.limitMs;
  }

  /** Does optional work, whose time is measured. */
  async optional<T>(work: () => Promise<T>): Promise<T> {
    const begun = this.now();
    try {
      return await work();
    } finally {
      this.optionalMs += this.now() - begun;
    }
  }
}

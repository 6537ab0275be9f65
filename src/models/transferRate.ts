/**
 * Milliseconds over which the speed is averaged: long enough to be steady, short enough to follow a change.
 */
const windowMs = 8000;
/** Fewest milliseconds for a meaningful speed. */
const leastMs = 1000;

interface Sample {
  atMs: number;
  bytes: number;
}

/** The speed of a transfer over its last seconds. */
export class TransferRate {
  private samples: Sample[] = [];

  /**
   * @param bytes transferred since the start
   * @param atMs on any monotonic clock
   */
  add(bytes: number, atMs: number): void {
    const last = this.samples.at(-1);
    // When the server has discarded bytes, no speed can be computed.
    if (last && bytes < last.bytes) this.samples = [];
    this.samples.push({ atMs, bytes });
    const firstKept = this.samples.findLastIndex((sample) => sample.atMs <= atMs - windowMs);
    if (firstKept > 0) this.samples.splice(0, firstKept);
  }

  /** `undefined` until it can be measured. */
  get bytesPerSecond(): number | undefined {
    const [first] = this.samples;
    const last = this.samples.at(-1);
    if (!first || !last || last.atMs - first.atMs < leastMs) return undefined;
    return ((last.bytes - first.bytes) / (last.atMs - first.atMs)) * 1000;
  }
}

/** Milliseconds over which a speed is an average: long enough to be calm, short enough to notice a change. */
const windowMs = 8000;
/** A speed of less than this many milliseconds is a guess. */
const leastMs = 1000;

interface Sample {
  atMs: number;
  bytes: number;
}

/** The speed of a transfer over its last seconds. */
export class TransferRate {
  private samples: Sample[] = [];

  /**
   * @param bytes that have been transferred since the beginning
   * @param atMs on any clock that only goes forward
   */
  add(bytes: number, atMs: number): void {
    const last = this.samples.at(-1);
    // Bytes that were taken back say nothing of a speed.
    if (last && bytes < last.bytes) this.samples = [];
    this.samples.push({ atMs, bytes });
    const firstKept = this.samples.findLastIndex((sample) => sample.atMs <= atMs - windowMs);
    if (firstKept > 0) this.samples.splice(0, firstKept);
  }

  /** `undefined` until there is enough to go by. */
  get bytesPerSecond(): number | undefined {
    const [first] = this.samples;
    const last = this.samples.at(-1);
    if (!first || !last || last.atMs - first.atMs < leastMs) return undefined;
    return ((last.bytes - first.bytes) / (last.atMs - first.atMs)) * 1000;
  }
}

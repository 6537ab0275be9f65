/**
 * Factor by which twice as many parallel pages must be faster in total. A server that really works in
 * parallel is much faster.
 */
const leastGain = 1.25;
/** The next factor, and after a step that has gained nearly as much as it could: then much more is to be expected. */
const steps = { usual: 2, clear: 4 };
/** Share of the possible gain that is clear. */
const clearGain = 0.8;
/** Share of the pages that must be written at the same moment; the others are being read, or wait. */
const servedShare = 0.75;
/** Pieces per page that are enough to measure a speed, and pieces of all pages, which together are more exact. */
const enough = { ofPage: 8, ofAll: 256 };
/**
 * Share of the speed of a page alone that each of several must have, so that a question beside them is nearly as
 * fast as alone.
 */
const nearlyFull = 0.7;
/** Fewest pages to wait for without such a moment. */
const fewestPages = 3;
/**
 * Pages per parallel page after which more are tried again. Requests that only wait at the server cost
 * nothing.
 */
const pagesUntilProbe = 8;
/** The same after the server was busy. */
const pagesAfterBusy = 20;

/** A number of pages in parallel, and its speed in characters per millisecond, if it was measured. */
interface Measured {
  limit: number;
  speed: number | undefined;
}

/** A period from which the speed is measured. */
interface Stretch {
  from: number;
  chars: number;
  pieces: number;
}

/**
 * The number of pages written in parallel: as many as the server really works on at once. It grows to the double, or
 * to four times as many, while the server writes that many at the same time and the total speed grows, is reduced when
 * it does not, and shrinks when the server is busy.
 */
export class Parallelism {
  private readonly bound: () => number;
  private readonly now: () => number;
  private wanted = 1;
  /** Pages whose text is arriving. */
  private writing = 0;
  /** The maximum of `writing`, and the finished pages, since the last change of the number. */
  private mostWriting = 0;
  private finishedPages = 0;
  private stretch: Stretch | undefined;
  /** The measured total speeds of numbers of parallel pages. */
  private readonly speeds = new Map<number, number>();
  /** Most pages that have ever been written at the same moment. */
  private everWriting = 0;
  /** Before the last increase. */
  private before: Measured | undefined;
  /** Whether the increase was once measured as no gain: on a busy machine, one measurement is not enough. */
  private isDoubtful = false;
  /** Pages to finish before more are tried, or before another "busy" counts. */
  private rest = 0;
  private ignoresBusy = 0;

  /**
   * @param bound most pages in parallel, from the current settings
   * @param now milliseconds
   */
  constructor(bound: () => number, now: () => number) {
    this.bound = bound;
    this.now = now;
  }

  get limit(): number {
    return Math.max(1, Math.min(this.wanted, Math.floor(this.bound()) || 1));
  }

  /**
   * How many requests the server has been measured to work on at the same time, each nearly as fast as alone. 1 before
   * that is known.
   */
  get room(): number {
    const alone = this.speeds.get(1);
    if (alone === undefined) return 1;
    const gains = [...this.speeds]
      .filter(([limit, speed]) => limit <= this.limit && speed >= alone * limit * nearlyFull)
      .map(([limit, speed]) => Math.min(limit, Math.floor(speed / alone)));
    return Math.max(1, Math.min(Math.max(...gains), this.everWriting));
  }

  /** The first text of a page arrives. */
  began(): void {
    this.writing++;
    this.everWriting = Math.max(this.everWriting, this.writing);
    this.mostWriting = Math.max(this.mostWriting, this.writing);
    if (this.rest <= 0 && this.writing >= this.limit * servedShare)
      this.stretch ??= { from: this.now(), chars: 0, pieces: 0 };
  }

  /** No more text of it will arrive. */
  ended(): void {
    this.writing--;
  }

  wrote(chars: number): void {
    const { stretch, limit } = this;
    if (!stretch) return;
    stretch.chars += chars;
    if (++stretch.pieces < Math.min(enough.ofPage * limit, enough.ofAll)) return;
    this.judge(stretch.chars / Math.max(1, this.now() - stretch.from));
  }

  /** A page is complete. */
  finished(): void {
    if (--this.rest === 0) this.measureAnew();
    this.ignoresBusy--;
    const most = Math.max(this.limit, fewestPages);
    if (++this.finishedPages >= most && !this.stretch && this.rest <= 0) this.judge(undefined);
  }

  /** The server was busy. Several reports at the same time count once. */
  busy(): void {
    if (this.ignoresBusy > 0) return;
    const { limit } = this;
    // What is being written was not refused.
    const served = Math.min(this.writing, limit - 1);
    this.settle(Math.max(1, Math.floor(limit * 0.75), served), pagesAfterBusy * limit);
    this.ignoresBusy = limit;
  }

  /** Discards the measurement, because the work was interrupted. */
  interrupted(): void {
    this.measureAnew();
  }

  /** @param measured `undefined` when there was no moment with nearly all pages being written */
  private judge(measured: number | undefined): void {
    const { before, limit } = this;
    if (measured !== undefined) this.speeds.set(limit, measured);
    // A doubt needs another measurement.
    else if (this.isDoubtful) return this.measureAnew();
    const speed = measured ?? this.speeds.get(limit);
    if (before && this.isTooLarge(before, speed)) return this.tryInstead(before.limit * steps.usual);
    if (before && before.limit < limit && !this.hasGained(before, speed)) {
      if (this.isDoubtful) return this.settle(before.limit, pagesUntilProbe * before.limit);
      this.isDoubtful = true;
      return this.measureAnew();
    }
    const isClear = this.isClear(speed);
    this.before = undefined;
    this.isDoubtful = false;
    this.measureAnew();
    if (limit >= Math.floor(this.bound())) return void (this.rest = pagesUntilProbe * limit);
    this.before = { limit, speed };
    this.wanted = limit * (isClear ? steps.clear : steps.usual);
  }

  /** Whether the latest increase has made the total speed grow nearly as much as the number of pages. */
  private isClear(speed: number | undefined): boolean {
    const { before, limit } = this;
    if (speed === undefined || before?.speed === undefined || before.limit >= limit) return false;
    return speed / before.speed >= (limit / before.limit) * clearGain;
  }

  /** Whether a smaller step than the latest one may have been as fast. */
  private isTooLarge(before: Measured, speed: number | undefined): boolean {
    if (this.limit <= before.limit * steps.usual) return false;
    return speed === undefined || speed < (before.speed ?? 0) * steps.usual * leastGain;
  }

  /** The pages that are too many must have ended before it is measured. */
  private tryInstead(limit: number): void {
    this.rest = this.limit;
    this.wanted = limit;
    this.measureAnew();
  }

  private hasGained(before: Measured, speed: number | undefined): boolean {
    if (speed !== undefined && before.speed !== undefined) return speed >= before.speed * leastGain;
    return this.mostWriting > before.limit;
  }

  private settle(limit: number, pages: number): void {
    this.wanted = limit;
    this.before = undefined;
    this.isDoubtful = false;
    this.rest = pages;
    this.measureAnew();
  }

  private measureAnew(): void {
    this.stretch = undefined;
    this.finishedPages = 0;
    this.mostWriting = this.writing;
  }
}

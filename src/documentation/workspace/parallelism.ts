/** Twice as many pages at once must be this much faster, all together; a server that really does them at once is faster by far more. */
const leastGain = 1.25;
/** So large a part of the pages under way must be written at the same moment: the others are being read, or wait. */
const servedShare = 0.75;
/** So many pieces of each page are enough to tell a speed. */
const piecesPerPage = 8;
/** Without such a moment, so many pages are waited for at least. */
const fewestPages = 3;
/**
 * After so many pages, for each page at once, it is worth looking again whether more would be faster: requests that only
 * wait at the server cost nothing.
 */
const pagesUntilProbe = 8;
/** The same, after the server has said that it is busy. */
const pagesAfterBusy = 20;

/** A stretch of time from which the speed is told. */
interface Stretch {
  from: number;
  chars: number;
  pieces: number;
}

/**
 * How many pages are written at once: as many as the server really works on side by side. It doubles while the server
 * writes that many at the same time and all of them together become faster, goes back where they do not, and shrinks when
 * the server says that it is busy.
 */
export class Parallelism {
  private readonly bound: () => number;
  private readonly now: () => number;
  private wanted = 1;
  /** Pages of which text is coming now. */
  private writing = 0;
  /** Most of them at the same moment, and pages that were finished, since the number was last changed. */
  private mostWriting = 0;
  private finishedPages = 0;
  private stretch: Stretch | undefined;
  /** The number before the last growth, and its speed in characters a millisecond, where it was told. */
  private before: { limit: number; speed: number | undefined } | undefined;
  /** Pages that are still to come before more are tried, or before another "busy" counts. */
  private rest = 0;
  private ignoresBusy = 0;

  /**
   * @param bound most pages at once, as the settings have it now
   * @param now milliseconds
   */
  constructor(bound: () => number, now: () => number) {
    this.bound = bound;
    this.now = now;
  }

  get limit(): number {
    return Math.max(1, Math.min(this.wanted, Math.floor(this.bound()) || 1));
  }

  /** The first text of a page comes. */
  began(): void {
    this.writing++;
    this.mostWriting = Math.max(this.mostWriting, this.writing);
    if (this.rest <= 0 && this.writing >= this.limit * servedShare)
      this.stretch ??= { from: this.now(), chars: 0, pieces: 0 };
  }

  /** No more text of it comes. */
  ended(): void {
    this.writing--;
  }

  wrote(chars: number): void {
    const { stretch, limit } = this;
    if (!stretch) return;
    stretch.chars += chars;
    if (++stretch.pieces < piecesPerPage * limit) return;
    this.judge(stretch.chars / Math.max(1, this.now() - stretch.from));
  }

  /** A page is complete. */
  finished(): void {
    this.rest--;
    this.ignoresBusy--;
    const enough = Math.max(this.limit, fewestPages);
    if (++this.finishedPages >= enough && !this.stretch && this.rest <= 0) this.judge(undefined);
  }

  /** The server had too much to do. Several say so at the same time: that counts once. */
  busy(): void {
    if (this.ignoresBusy > 0) return;
    const { limit } = this;
    this.settle(Math.max(1, Math.floor(limit * 0.75)), pagesAfterBusy * limit);
    this.ignoresBusy = limit;
  }

  /** What was measured does not count: the work was interrupted. */
  interrupted(): void {
    this.measureAnew();
  }

  /** @param speed `undefined`: there was no moment at which nearly all pages were being written */
  private judge(speed: number | undefined): void {
    const { before, limit } = this;
    if (before && before.limit < limit && !this.hasGained(before, speed))
      return this.settle(before.limit, pagesUntilProbe * before.limit);
    this.before = undefined;
    this.measureAnew();
    if (limit >= Math.floor(this.bound())) return void (this.rest = pagesUntilProbe * limit);
    this.before = { limit, speed };
    this.wanted = limit * 2;
  }

  private hasGained(
    before: { limit: number; speed: number | undefined },
    speed: number | undefined,
  ): boolean {
    if (speed !== undefined && before.speed !== undefined) return speed >= before.speed * leastGain;
    return this.mostWriting > before.limit;
  }

  private settle(limit: number, pages: number): void {
    this.wanted = limit;
    this.before = undefined;
    this.rest = pages;
    this.measureAnew();
  }

  private measureAnew(): void {
    this.stretch = undefined;
    this.finishedPages = 0;
    this.mostWriting = this.writing;
  }
}

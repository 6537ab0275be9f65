/** Speed has to grow by this factor, or more pages at once are no gain. */
const leastGain = 1.1;
/** After so many pages at the same number it is worth looking again whether more would be faster. */
const pagesUntilProbe = 100;
/** After a server has said that it is busy, so many pages per page at once pass before more are tried. */
const pagesAfterBusy = 20;

/** A stretch of time in which as many pages were under way as the limit allows. */
interface Stretch {
  from: number;
  chars: number;
  pages: number;
}

/**
 * How many pages are written at once: as many as the server really works on side by side. It doubles while the speed of
 * all pages together grows, goes back where it does not, and shrinks when the server says that it is busy.
 */
export class Parallelism {
  private readonly bound: () => number;
  private readonly now: () => number;
  private wanted = 1;
  private stretch: Stretch | undefined;
  /** The number before the last growth, and its speed in characters a millisecond. */
  private before: { limit: number; speed: number } | undefined;
  /** Pages that are still to come before more are tried. */
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

  /** Tells how many pages are under way; a stretch begins with as many as there may be. */
  running(count: number): void {
    if (count >= this.limit) this.stretch ??= { from: this.now(), chars: 0, pages: 0 };
  }

  wrote(chars: number): void {
    if (this.stretch) this.stretch.chars += chars;
  }

  /** A page is complete: the moment to judge. */
  finished(): void {
    this.rest--;
    this.ignoresBusy--;
    const { stretch, limit } = this;
    if (!stretch || ++stretch.pages < limit) return;
    const speed = stretch.chars / Math.max(1, this.now() - stretch.from);
    this.stretch = undefined;
    this.judge(limit, speed);
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
    this.stretch = undefined;
  }

  private judge(limit: number, speed: number): void {
    const { before } = this;
    if (before && before.limit < limit && speed < before.speed * leastGain)
      return this.settle(before.limit, pagesUntilProbe);
    this.before = undefined;
    if (this.rest > 0 || limit >= this.bound()) return;
    this.before = { limit, speed };
    this.wanted = limit * 2;
  }

  private settle(limit: number, pages: number): void {
    this.wanted = limit;
    this.before = undefined;
    this.rest = pages;
    this.stretch = undefined;
  }
}

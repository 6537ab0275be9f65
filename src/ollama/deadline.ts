/** Longest time that a Node timer can count, in milliseconds; more would fire at once. */
export const longestTimer = 2_147_483_647;

/** Shares of the idle limit at which silence is looked at: a limit of 600 s is kept to within 75 s. */
const looks = 8;

/** The one limit of time that holds now for a request: connecting, or silence. */
export class Deadline {
  private timer: NodeJS.Timeout | undefined;

  /** Calls `expired` after `ms` milliseconds, unless something else is set or it is cleared before. */
  after(ms: number, expired: () => void): void {
    this.clear();
    this.timer = setTimeout(expired, Math.min(ms, longestTimer));
  }

  /**
   * Calls `expired` when `progress` has not changed for `ms` milliseconds. Looking now and then costs nothing
   * per byte, however fast the bytes come. While `progress` is `undefined`, nobody waits and no time counts.
   */
  silence(ms: number, progress: () => number | undefined, expired: () => void): void {
    let seen = progress();
    let since = performance.now();
    const look = () => {
      const now = progress();
      if (now === undefined || now !== seen) {
        seen = now;
        since = performance.now();
      }
      const left = since + ms - performance.now();
      if (left <= 0) expired();
      else this.after(Math.min(left, Math.max(1, ms / looks)), look);
    };
    look();
  }

  clear(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}

/** Longest delay of a Node timer, in milliseconds. A longer one would fire at once. */
const longestTimer = 2_147_483_647;

/** A delay in milliseconds that a Node timer can use. An invalid one becomes 0. */
export function toTimer(ms: number): number {
  return ms > 0 ? Math.min(ms, longestTimer) : 0;
}

/** Idle checks per timeout: silence of 600 s is noticed after at most 675 s. */
const checks = 8;

/**
 * A timeout that is counted in checks, not by a clock. When this process was blocked or the machine slept,
 * the server's data is still waiting to be read, and a clock would blame the server.
 */
export class IdleTimer {
  private timer: NodeJS.Timeout | undefined;

  /** Calls `expired` after `ms` milliseconds, unless it is cleared or replaced before. */
  after(ms: number, expired: () => void): void {
    this.silence(ms, () => 0, expired);
  }

  /**
   * Calls `expired` when `progress` has not changed for `ms` milliseconds. The checks cost nothing per byte.
   * While `progress` is `undefined`, nothing is expected and no time counts.
   */
  silence(ms: number, progress: () => number | undefined, expired: () => void): void {
    const pause = toTimer(ms / checks);
    let seen = progress();
    let quiet = 0;
    const check = () => {
      const now = progress();
      quiet = now !== undefined && now === seen ? quiet + 1 : 0;
      seen = now;
      if (quiet >= checks) expired();
      else this.timer = setTimeout(check, pause);
    };
    this.clear();
    this.timer = setTimeout(check, pause);
  }

  clear(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}

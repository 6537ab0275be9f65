/** Longest time that a Node timer can count, in milliseconds; more would fire at once. */
const longestTimer = 2_147_483_647;

/** A time in milliseconds that a Node timer can count; what is no time at all is none. */
export function toTimer(ms: number): number {
  return ms > 0 ? Math.min(ms, longestTimer) : 0;
}

/** Looks in which a limit is divided: silence of 600 s is noticed after 675 s at most. */
const looks = 8;

/**
 * A limit of time. It is counted in looks, not read off a clock: when this process itself was held up (a blocked
 * event loop, a laptop asleep), what the server has sent meanwhile is waiting to be read, and a clock would blame
 * the server.
 */
export class IdleTimer {
  private timer: NodeJS.Timeout | undefined;

  /** Calls `expired` after `ms` milliseconds, unless something else is set or it is cleared before. */
  after(ms: number, expired: () => void): void {
    this.silence(ms, () => 0, expired);
  }

  /**
   * Calls `expired` when `progress` has not changed for `ms` milliseconds. Looking now and then costs nothing
   * per byte, however fast the bytes come. While `progress` is `undefined`, nobody waits and no time counts.
   */
  silence(ms: number, progress: () => number | undefined, expired: () => void): void {
    const pause = toTimer(ms / looks);
    let seen = progress();
    let quiet = 0;
    const look = () => {
      const now = progress();
      quiet = now !== undefined && now === seen ? quiet + 1 : 0;
      seen = now;
      if (quiet >= looks) expired();
      else this.timer = setTimeout(look, pause);
    };
    this.clear();
    this.timer = setTimeout(look, pause);
  }

  clear(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}

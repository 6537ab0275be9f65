import { elapsedSince, momentOf, systemClock, type Clock, type Moment } from './clock.ts';

/**
 * How a dead connection that looks open is detected. After the machine has slept, a router or VPN may have
 * dropped the connection and discard what is sent on it. Times in milliseconds.
 */
export interface Liveness {
  clock: Clock;
  /** A kept connection that has been silent for longer is closed instead of reused. */
  trustMs: number;
  /** If a request on a kept connection gets no sign for this long, a new connection is tried. */
  signMs: number;
  /** Most time for a new connection to show that the server can be reached. */
  probeMs: number;
  /** Interval at which a waiting request checks whether the machine has slept. */
  checkMs: number;
}

export const defaultLiveness: Liveness = {
  clock: systemClock,
  trustMs: 30_000,
  signMs: 2000,
  probeMs: 3000,
  checkMs: 2000,
};

/**
 * Milliseconds of silence before the operating system sends TCP keep-alive probes. It gives up after ten more
 * seconds without a reply. A busy server's operating system replies even while the server is silent.
 */
export const tcpKeepAliveMs = 15_000;
/** The same after the machine has slept. */
export const tcpKeepAliveAfterSleepMs = 1000;

/** A check that runs this many milliseconds late means that the machine slept or this process was blocked. */
const mostDelayMs = 10_000;

/** Calls `onWake` each time after the machine has slept, until it is stopped. */
export class SleepWatch {
  private readonly liveness: Liveness;
  private readonly onWake: () => void;
  private last: Moment;
  private readonly timer: NodeJS.Timeout;

  constructor(liveness: Liveness, onWake: () => void) {
    this.liveness = liveness;
    this.onWake = onWake;
    this.last = momentOf(liveness.clock);
    this.timer = setInterval(() => this.check(), liveness.checkMs);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private check(): void {
    const { clock, checkMs } = this.liveness;
    const elapsed = elapsedSince(this.last, clock);
    this.last = momentOf(clock);
    if (elapsed === undefined || elapsed > checkMs + mostDelayMs) this.onWake();
  }
}

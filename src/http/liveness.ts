import { elapsedSince, momentOf, systemClock, type Clock, type Moment } from './clock.ts';

/**
 * How it is found out that a connection is dead although it looks open: after the machine slept, a router or VPN
 * may have forgotten it and drops what is sent on it. Times in milliseconds.
 */
export interface Liveness {
  clock: Clock;
  /** A kept connection without a sign of life for so long is closed instead of used. */
  trustMs: number;
  /** A request on a kept connection that got no sign of life for so long makes us look for one elsewhere. */
  signMs: number;
  /** Most time that a new connection has to show that the server can be reached. */
  probeMs: number;
  /** How often a waiting request looks whether the machine has slept. */
  lookMs: number;
}

export const defaultLiveness: Liveness = {
  clock: systemClock,
  trustMs: 30_000,
  signMs: 2000,
  probeMs: 3000,
  lookMs: 2000,
};

/**
 * Milliseconds of silence after which the system asks the other side whether it is still there; it gives up after ten
 * more seconds without a reply. The system of a server that is silent because it works replies all the same.
 */
export const tcpKeepAliveMs = 15_000;
/** The same after the machine has slept. */
export const tcpKeepAliveAfterSleepMs = 1000;

/** A look that comes so many milliseconds too late means that the machine slept, or this process was held up. */
const mostDelayMs = 10_000;

/** Calls `onWake` each time when the machine has slept, until it is stopped. */
export class SleepWatch {
  private readonly liveness: Liveness;
  private readonly onWake: () => void;
  private last: Moment;
  private readonly timer: NodeJS.Timeout;

  constructor(liveness: Liveness, onWake: () => void) {
    this.liveness = liveness;
    this.onWake = onWake;
    this.last = momentOf(liveness.clock);
    this.timer = setInterval(() => this.look(), liveness.lookMs);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    const { clock, lookMs } = this.liveness;
    const elapsed = elapsedSince(this.last, clock);
    this.last = momentOf(clock);
    if (elapsed === undefined || elapsed > lookMs + mostDelayMs) this.onWake();
  }
}

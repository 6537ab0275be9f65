/** Two clocks, in milliseconds. Tests use their own. */
export interface Clock {
  /** The time of day. It continues while the machine sleeps. */
  wall(): number;
  /** Time since the process started. On most systems it stops while the machine sleeps. */
  steady(): number;
}

export const systemClock: Clock = { wall: () => Date.now(), steady: () => performance.now() };

/** A moment on both clocks. */
export interface Moment {
  wall: number;
  steady: number;
}

/**
 * Milliseconds that the clocks may differ. More counts as a jump, also when the user sets the time of day.
 */
const mostDriftMs = 2000;

export function momentOf(clock: Clock): Moment {
  return { wall: clock.wall(), steady: clock.steady() };
}

/** Milliseconds since a moment by the clock that advanced more. `undefined` when one of them has jumped. */
export function elapsedSince(moment: Moment, clock: Clock): number | undefined {
  const wall = clock.wall() - moment.wall;
  const steady = clock.steady() - moment.steady;
  return Math.abs(wall - steady) > mostDriftMs ? undefined : Math.max(wall, steady);
}

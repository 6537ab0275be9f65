/** Two clocks, in milliseconds. A test has its own. */
export interface Clock {
  /** The time of day: it goes on while the machine sleeps. */
  wall(): number;
  /** Time since the process started: on most systems it stops while the machine sleeps. */
  steady(): number;
}

export const systemClock: Clock = { wall: () => Date.now(), steady: () => performance.now() };

/** A moment on both clocks. */
export interface Moment {
  wall: number;
  steady: number;
}

/** Milliseconds by which the clocks may drift apart before it counts as a jump; setting the time of day is one, too. */
const mostDriftMs = 2000;

export function momentOf(clock: Clock): Moment {
  return { wall: clock.wall(), steady: clock.steady() };
}

/** Milliseconds since a moment by the clock that went further, or `undefined` when one of them has jumped. */
export function elapsedSince(moment: Moment, clock: Clock): number | undefined {
  const wall = clock.wall() - moment.wall;
  const steady = clock.steady() - moment.steady;
  return Math.abs(wall - steady) > mostDriftMs ? undefined : Math.max(wall, steady);
}

// Measures how the time of a function grows with its text. Used by tests (growth only, never a time) and by
// the benchmark.
import type { MakeText } from './degenerateTexts.ts';

/**
 * Processor time of one call in milliseconds, which depends less on other processes than the time by the
 * clock.
 */
export function processorMs(run: () => unknown): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** A shorter call, in milliseconds, is too short to measure its growth. */
const resolutionMs = 4;
/** Each text is this many times as long as the one it is compared with. */
const step = 16;
/**
 * More than this many times the time is an error: a linear function takes 16 times as long, a quadratic one
 * 256 times.
 */
const mostGrowth = 56;
const attempts = 5;

/** The growth of a function's time, if it is too fast. */
export interface Growth {
  /** Characters of the longer text. */
  length: number;
  /** Its time, divided by the time of a text with a sixteenth of its length. */
  times: number;
}

/**
 * Whether a function's time grows faster than its text, up to a length. A busy machine makes measurements
 * longer, never shorter, so the minimum of several counts, and only growth in all attempts is an error.
 */
export function superlinearGrowth(
  run: (text: string) => unknown,
  make: MakeText,
  longest: number,
): Growth | undefined {
  // The shortest text first, so that a cubic function is found before it gets the longest.
  for (let length = 256; length <= longest; length *= 4) {
    if (processorMs(() => run(make(length))) < resolutionMs) continue;
    const times = growthBetween(run, make(length / step), make(length));
    if (times !== undefined && !levelsOff(run, make, length)) return { length, times };
  }
  return undefined;
}

/** Bounded work grows fast only up to its bound. */
function levelsOff(run: (text: string) => unknown, make: MakeText, length: number): boolean {
  const isShort = processorMs(() => run(make(length))) < 40;
  return isShort && growthBetween(run, make(length / 4), make(length * 4)) === undefined;
}

function growthBetween(run: (text: string) => unknown, short: string, long: string): number | undefined {
  const least = { short: Number.POSITIVE_INFINITY, long: Number.POSITIVE_INFINITY };
  for (let attempt = 0; attempt < attempts; attempt++) {
    // The short text several times, because a single call is below the clock's resolution.
    const shortMs = processorMs(() => {
      for (let time = 0; time < step; time++) run(short);
    });
    least.short = Math.min(least.short, Math.max(shortMs / step, resolutionMs / mostGrowth));
    least.long = Math.min(
      least.long,
      processorMs(() => run(long)),
    );
    if (least.long / least.short < mostGrowth) return undefined;
  }
  return least.long / least.short;
}

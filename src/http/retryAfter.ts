/** Longest wait in milliseconds that a server may ask for: longer, and the user had better decide. */
export const longestRetryAfterMs = 30_000;

/**
 * Reads a Retry-After header, seconds or a date (RFC 9110, 10.2.3).
 * @param now milliseconds since the epoch
 * @returns milliseconds from now, at most {@link longestRetryAfterMs}; `undefined` without a readable header
 */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (!header) return undefined;
  const ms = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : httpDate(header) - now;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), longestRetryAfterMs);
}

/** `NaN` for what is not a date with the name of a month: `Date.parse` would read `1.5` as one. */
function httpDate(text: string): number {
  return /[a-z]{3}/i.test(text) ? Date.parse(text) : NaN;
}

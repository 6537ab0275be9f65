/** Longest wait in milliseconds that a server may ask for. For more, the user should decide. */
export const longestRetryAfterMs = 30_000;

/**
 * Parses a Retry-After header, in seconds or as a date (RFC 9110, 10.2.3).
 * @param now milliseconds since the epoch
 * @returns milliseconds from now, at most {@link longestRetryAfterMs}; `undefined` without a valid header
 */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (!header) return undefined;
  const ms = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : httpDate(header) - now;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), longestRetryAfterMs);
}

/** `NaN` unless it is a date with the name of a month: `Date.parse` would accept `1.5`. */
function httpDate(text: string): number {
  return /[a-z]{3}/i.test(text) ? Date.parse(text) : NaN;
}

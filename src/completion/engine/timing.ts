/** Shorter than most pauses between two keys of one word. */
const shortestPauseMs = 120;
const longestPauseMs = 800;
const rememberedWaits = 10;

/** At most 0.15 s per key for reading, a little less, because the measured speed varies. */
const secondsPerKey = 0.145;
/** Tokens that are read besides the suffix: those of the format, and the typed word. */
const otherTokens = 4;
/** The tokens of one line. With fewer, the suffix says too little. */
const fewestTokens = 16;
/** 64 lines of a dozen tokens. */
const mostTokens = 64 * 12;

/**
 * Milliseconds to wait after a key before a request: as long as recent answers took, because the next key
 * would discard a slower answer.
 * @param waitsMs from request to suggestion, oldest first
 */
export function pauseMs(waitsMs: readonly number[]): number {
  const known = waitsMs.filter((wait) => Number.isFinite(wait) && wait >= 0).slice(-rememberedWaits);
  const mean = known.reduce((sum, wait) => sum + wait, 0) / Math.max(1, known.length);
  return Math.round(Math.min(longestPauseMs, Math.max(shortestPauseMs, mean)));
}

/**
 * Tokens after the cursor that may be read again for every key, from the server's measurements
 * (`prompt_eval_count` and `prompt_eval_duration`). Few until these are known.
 */
export function suffixBudget(readTokensPerSecond: number | undefined): number {
  const rate = readTokensPerSecond ?? 0;
  const tokens = Number.isNaN(rate) ? 0 : Math.floor(rate * secondsPerKey) - otherTokens;
  return Math.min(mostTokens, Math.max(fewestTokens, tokens));
}

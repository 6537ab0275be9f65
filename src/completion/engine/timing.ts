/** Shorter than most pauses between two keys of one word. */
const shortestPauseMs = 120;
const longestPauseMs = 800;
const rememberedWaits = 10;

/** What reading the suffix may cost at every key. */
const secondsPerKey = 0.15;
/** The tokens of two short lines: less says nothing about what follows. */
const fewestTokens = 20;
/** 64 lines of a dozen tokens. */
const mostTokens = 64 * 12;

/**
 * How long to wait after a key before the model is asked: as long as the last answers took, because an answer that
 * is overtaken by the next key is thrown away.
 *
 * @param waitsMs from request to suggestion, the latest last
 */
export function pauseMs(waitsMs: readonly number[]): number {
  const known = waitsMs.filter((wait) => Number.isFinite(wait) && wait >= 0).slice(-rememberedWaits);
  const mean = known.reduce((sum, wait) => sum + wait, 0) / Math.max(1, known.length);
  return Math.round(Math.min(longestPauseMs, Math.max(shortestPauseMs, mean)));
}

/**
 * Tokens of the text behind the cursor that may be read again at every key, from the server's own figures
 * (`prompt_eval_count` and `prompt_eval_duration`); while these are not known, few.
 */
export function suffixBudget(readTokensPerSecond: number | undefined): number {
  const rate = readTokensPerSecond ?? 0;
  const tokens = Number.isNaN(rate) ? 0 : Math.floor(rate * secondsPerKey);
  return Math.min(mostTokens, Math.max(fewestTokens, tokens));
}

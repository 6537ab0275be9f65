import { encodeControlTokens, hasMarkedTokens, markedTokensNote } from './controlTokens.ts';

/** The numbers from which the space for a prompt is computed. */
export interface TokenBudget {
  /** Tokens of the context window, as sent to the server. */
  numCtx: number;
  /** Most tokens of an answer; 0 or less means no limit. */
  numPredict: number;
  /**
   * Average characters per token. 3 is a careful estimate for code; values measured by the server are better.
   */
  charsPerToken: number;
}

/** Estimated tokens of a text. Estimates can be added, so they may be fractions. */
export type TokenCost = (text: string) => number;

/** Tokens that a chat template adds around system prompt and prompt, an upper estimate. */
export const templateTokens = 48;

/**
 * An estimate, because every model has its own vocabulary. Digits and characters outside ASCII count as one
 * token each: several vocabularies split numbers into digits, and Chinese has about one token per character,
 * where an average for code would be wrong by a factor of three.
 *
 * A measured average changes a little with every answer. It is rounded down to quarters, so that a long file
 * is cut at the same position and the server finds the beginning of the prompt in its cache.
 */
export function tokenCost(charsPerToken: number): TokenCost {
  const perToken = Math.max(0.5, Math.floor(charsPerToken * 4) / 4 || 0);
  return (text) => {
    let dense = 0;
    for (let index = 0; index < text.length; index++) {
      dense += isDense(text.charCodeAt(index)) ? 1 : 0;
    }
    return (text.length - dense) / perToken + dense;
  };
}

/** Like `tokenCost`, for a text that is encoded (see `controlTokens.ts`) before it is sent. */
export function encodedCost(charsPerToken: number): TokenCost {
  const cost = tokenCost(charsPerToken);
  return (text) => cost(encodeControlTokens(text));
}

/** Tokens of the sentence about marked control tokens, if the text needs it. */
export function noteCost(text: string, cost: TokenCost): number {
  return hasMarkedTokens(encodeControlTokens(text)) ? cost(`\n${markedTokensNote}`) : 0;
}

/**
 * Tokens available for system prompt and prompt together. The answer keeps `numPredict`, but at most a
 * quarter of the context window: more would displace code for answers that are rarely that long.
 */
export function promptTokens(budget: TokenBudget): number {
  const quarter = Math.floor(budget.numCtx / 4);
  const answer = budget.numPredict > 0 ? Math.min(budget.numPredict, quarter) : quarter;
  return budget.numCtx - answer;
}

function isDense(code: number): boolean {
  return code > 127 || (code >= 48 && code <= 57);
}

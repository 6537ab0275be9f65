import { encodeControlTokens, hasMarkedTokens, markedTokensNote } from './controlTokens.ts';

/** What the model's window leaves for a prompt is worked out from these. */
export interface TokenBudget {
  /** Tokens of the context window, as sent to the server. */
  numCtx: number;
  /** Longest answer in tokens; 0 or less means without limit. */
  numPredict: number;
  /** Average characters per token; 3 is a careful start for code, the server's own counts are better. */
  charsPerToken: number;
}

/** Tokens of a text, estimated; additive, so it may be a fraction. */
export type TokenCost = (text: string) => number;

/**
 * What a chat template puts around system and prompt (role marks, begin of text); well above what models
 * need.
 */
export const templateTokens = 48;

/**
 * An estimate, because every model has its own vocabulary. Digits and characters outside ASCII count as one
 * token each: several vocabularies split numbers into digits, and Chinese takes about one token a character,
 * so that an average made on code would be wrong by a factor of three there.
 *
 * A measured average moves a little with every answer; it is rounded down to quarters here, so that the
 * cut in a long file stays where it was and the server finds the beginning of the prompt in its cache.
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

/** As `tokenCost`, for a text that is encoded (see `controlTokens.ts`) before it is sent. */
export function encodedCost(charsPerToken: number): TokenCost {
  const cost = tokenCost(charsPerToken);
  return (text) => cost(encodeControlTokens(text));
}

/** What the sentence about marked control tokens takes where a text needs it. */
export function noteCost(text: string, cost: TokenCost): number {
  return hasMarkedTokens(encodeControlTokens(text)) ? cost(`\n${markedTokensNote}`) : 0;
}

/**
 * Tokens for system prompt and prompt together. The answer keeps what `numPredict` allows, at most a quarter
 * of the window: a longer reserve would throw away code for answers that are rarely that long.
 */
export function promptTokens(budget: TokenBudget): number {
  const quarter = Math.floor(budget.numCtx / 4);
  const answer = budget.numPredict > 0 ? Math.min(budget.numPredict, quarter) : quarter;
  return budget.numCtx - answer;
}

function isDense(code: number): boolean {
  return code > 127 || (code >= 48 && code <= 57);
}

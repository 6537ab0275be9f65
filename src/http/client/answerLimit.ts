import { OllamaContextError } from '../errors.ts';
import { localizable } from '../message.ts';
import { estimateTokens, templateTokens, type PromptSize } from './promptSize.ts';

/** Fewest tokens for an answer. With less space, the prompt counts as too long. */
export const leastAnswerTokens = 32;
/**
 * Factors by which an estimate may be too low, after and before the server has counted prompts of this model.
 */
const margin = { calibrated: 1.05, uncalibrated: 1.15 };

/** The inputs of an answer's token limit. */
export interface AnswerRoom {
  size: PromptSize;
  charsPerToken: number;
  isCalibrated: boolean;
  /** Tokens of the context window. */
  window: number;
  /** The requested `num_predict`; 0 or less means no limit. */
  wanted: number;
  /** Tokens of the prompt without its template, if the server has counted them. */
  counted?: number;
}

/**
 * The `num_predict` to send, never more than the context window has left: when its window is full, a server
 * drops the oldest half of the text, the question included, and continues.
 * @throws OllamaContextError when the prompt fits, but no answer after it
 */
export function answerLimit(room: AnswerRoom): number {
  const { size, charsPerToken, isCalibrated, window, wanted, counted } = room;
  if (size.chars === 0) return wanted;
  const least = wanted > 0 ? Math.min(wanted, leastAnswerTokens) : leastAnswerTokens;
  // To refuse a prompt here, the most likely count is used, not a safe one. The server refuses longer ones
  // with its exact count.
  const likely = counted ?? Math.ceil(size.chars / charsPerToken);
  if ((isCalibrated || counted !== undefined) && likely <= window && likely + least > window)
    throw noRoom(likely, window);
  const limit = Math.max(least, window - sureTokens(room));
  return wanted > 0 ? Math.min(wanted, limit) : limit;
}

/** Whether the estimate of a long prompt limits the answer, so that an exact count is worth a request. */
export function isNearLimit(room: AnswerRoom): boolean {
  const { window, wanted } = room;
  const sure = sureTokens(room);
  return sure > window / 2 && sure + (wanted > 0 ? wanted : window / 4) > window;
}

/** Tokens that the prompt certainly does not exceed. */
function sureTokens({ size, charsPerToken, isCalibrated, counted }: AnswerRoom): number {
  if (counted !== undefined) return counted + templateTokens;
  const factor = isCalibrated ? margin.calibrated : margin.uncalibrated;
  return Math.ceil(estimateTokens(size, charsPerToken) * factor);
}

/** Tokens that prompt and answer need, for the choice of a context window. */
export function neededTokens({
  size,
  charsPerToken,
  window,
  wanted,
}: Omit<AnswerRoom, 'isCalibrated' | 'counted'>): number {
  const quarter = Math.floor(window / 4);
  return estimateTokens(size, charsPerToken) + (wanted > 0 ? Math.min(wanted, quarter) : quarter);
}

function noRoom(prompt: number, window: number): OllamaContextError {
  const message = localizable(
    'The prompt leaves no room for an answer in the context window (about {0} of {1} tokens): ask about less code, or raise the context size.',
    prompt,
    window,
  );
  return new OllamaContextError(message, prompt, window);
}

import { OllamaContextError } from '../errors.ts';
import { localizable } from '../message.ts';
import { estimateTokens, type PromptSize } from './promptSize.ts';

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
}

/**
 * The `num_predict` to send, never more than the context window has left: when its window is full, a server
 * drops the oldest half of the text, the question included, and continues.
 * @throws OllamaContextError when the prompt fits, but no answer after it
 */
export function answerLimit({ size, charsPerToken, isCalibrated, window, wanted }: AnswerRoom): number {
  if (size.chars === 0) return wanted;
  const prompt = estimateTokens(size, charsPerToken);
  const least = wanted > 0 ? Math.min(wanted, leastAnswerTokens) : leastAnswerTokens;
  // To refuse a prompt here, the most likely count is used, not a safe one. The server refuses longer ones
  // with its exact count.
  const likely = Math.ceil(size.chars / charsPerToken);
  if (isCalibrated && likely <= window && likely + least > window) throw noRoom(likely, window);
  const sure = Math.ceil(prompt * (isCalibrated ? margin.calibrated : margin.uncalibrated));
  const limit = Math.max(least, window - sure);
  return wanted > 0 ? Math.min(wanted, limit) : limit;
}

/** Tokens that prompt and answer need, for the choice of a context window. */
export function neededTokens({
  size,
  charsPerToken,
  window,
  wanted,
}: Omit<AnswerRoom, 'isCalibrated'>): number {
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

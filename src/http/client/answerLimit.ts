import { OllamaContextError } from '../errors.ts';
import { localizable } from '../message.ts';
import { estimateTokens, type PromptSize } from './promptSize.ts';

/** Least tokens of an answer: with less room, the prompt is too long. */
export const leastAnswerTokens = 32;
/** How far an estimate may be too low, once the server has counted prompts of this model, and before. */
const margin = { calibrated: 1.05, uncalibrated: 1.15 };

/** What the limit of an answer follows from. */
export interface AnswerRoom {
  size: PromptSize;
  charsPerToken: number;
  isCalibrated: boolean;
  /** Tokens of the window. */
  window: number;
  /** `num_predict` as it is wanted; 0 and less: no limit. */
  wanted: number;
}

/**
 * The `num_predict` that is sent: never more than the window has left, because a server whose window is full drops the
 * oldest half of it, the question among it, and writes on.
 * @throws OllamaContextError when the server would take the prompt, but no answer fits behind it
 */
export function answerLimit({ size, charsPerToken, isCalibrated, window, wanted }: AnswerRoom): number {
  if (size.chars === 0) return wanted;
  const prompt = estimateTokens(size, charsPerToken);
  const least = wanted > 0 ? Math.min(wanted, leastAnswerTokens) : leastAnswerTokens;
  // For a refusal of ours, the likeliest count, not a careful one; what is longer the server refuses, with its own count.
  const likely = Math.ceil(size.chars / charsPerToken);
  if (isCalibrated && likely <= window && likely + least > window) throw noRoom(likely, window);
  const sure = Math.ceil(prompt * (isCalibrated ? margin.calibrated : margin.uncalibrated));
  const limit = Math.max(least, window - sure);
  return wanted > 0 ? Math.min(wanted, limit) : limit;
}

/** Tokens that prompt and answer need, as far as a window may be chosen by it. */
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

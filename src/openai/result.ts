import type { AnswerCollector } from '../http/client/answerCollector.ts';
import type { GenerationResult } from '../http/client/generation.ts';
import type { Usage } from './wire.ts';

/** The facts of an answer besides its text. In milliseconds. */
export interface AnswerFacts {
  model: string;
  doneReason: string;
  usage: Usage;
  numCtx: number;
  totalMs: number;
  /** From the request to the first piece of the answer, and from there to the last one. */
  firstMs: number;
  writingMs: number;
  /** Time that the request waited for its model. */
  loadMs: number;
}

/** Creates the result. Counts that the server does not report stay undefined. */
export function toResult(answer: AnswerCollector, facts: AnswerFacts): GenerationResult {
  const { usage, model, doneReason, numCtx, totalMs, firstMs } = facts;
  const { promptTokens, completionTokens, cachedTokens, promptMs } = usage;
  const isCounted = promptTokens !== undefined && completionTokens !== undefined;
  return {
    text: answer.text,
    thinking: answer.thinking,
    toolCalls: answer.toolCalls,
    model,
    promptTokens,
    completionTokens,
    totalTokens: isCounted ? promptTokens + completionTokens : undefined,
    ...(cachedTokens === undefined ? {} : { cachedTokens }),
    totalDurationMs: totalMs,
    loadDurationMs: facts.loadMs,
    promptDurationMs: promptMs ?? Math.max(0, firstMs - facts.loadMs),
    tokensPerSecond: speedOf(facts),
    doneReason,
    numCtx,
  };
}

/** The server's own value, else the one measured from the first token to the last. */
function speedOf({ usage, writingMs }: AnswerFacts): number | undefined {
  const { tokensPerSecond, completionTokens } = usage;
  if (tokensPerSecond !== undefined) return tokensPerSecond;
  if (completionTokens === undefined || completionTokens < 2 || writingMs <= 0) return undefined;
  return (completionTokens - 1) / (writingMs / 1000);
}

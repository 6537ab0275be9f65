import { OllamaProtocolError } from '../../http/errors.ts';
import { localizable } from '../../http/message.ts';
import type { WireGenerateLine } from '../api/wire.ts';
import type { GenerationResult, ToolCall } from '../../http/client/generation.ts';

const nanosecondsPerMs = 1e6;

/** Creates the result from the last line and the text before it. */
export function toResult(
  last: WireGenerateLine,
  collected: {
    text: string;
    thinking: string;
    toolCalls: readonly ToolCall[];
    model: string;
    numCtx: number;
    wallMs: number;
  },
): GenerationResult {
  const promptTokens = last.prompt_eval_count ?? 0;
  const completionTokens = last.eval_count ?? 0;
  const evalSeconds = (last.eval_duration ?? 0) / 1e9;
  return {
    text: collected.text,
    thinking: collected.thinking,
    toolCalls: collected.toolCalls,
    model: last.model || collected.model,
    promptTokens,
    completionTokens,
    totalTokens: promptTokens + completionTokens,
    totalDurationMs:
      last.total_duration === undefined ? collected.wallMs : last.total_duration / nanosecondsPerMs,
    loadDurationMs: (last.load_duration ?? 0) / nanosecondsPerMs,
    promptDurationMs: (last.prompt_eval_duration ?? 0) / nanosecondsPerMs,
    tokensPerSecond: evalSeconds > 0 ? completionTokens / evalSeconds : 0,
    doneReason: last.done_reason ?? '',
    numCtx: collected.numCtx,
  };
}

/** The error for a line that is JSON but not a line of an answer. */
export function unreadableLine(): OllamaProtocolError {
  const message = localizable(
    "The answer cannot be read (a line is not one of Ollama's): check what is between CodeWorm and Ollama, and try again.",
  );
  return new OllamaProtocolError(message, { kind: 'garbled' });
}

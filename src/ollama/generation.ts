import { OllamaProtocolError, type OllamaError } from '../http/errors.ts';
import type { Phase } from './generate/phases.ts';
import { type WireGenerateLine } from './api/wire.ts';
import { localizable } from '../http/message.ts';

/** A prompt and the answer it got. */
export interface ConversationTurn {
  prompt: string;
  answer: string;
}

/** What to generate. Whatever is left out falls back to the settings. */
export interface GenerateRequest {
  prompt: string;
  system?: string;
  /** What was asked and answered before, the oldest first: the server finds it in its cache and reads on. */
  history?: readonly ConversationTurn[];
  /** 0 is a value. */
  temperature?: number;
  /** Most tokens of the answer; 0 is a value: no bound at all, as the server has it. */
  maxTokens?: number;
  /** What follows the place to fill, for models that can insert. */
  suffix?: string;
  signal?: AbortSignal;
}

/** What a stream hands out: pieces of the answer, what is going on, and tries that are about to be repeated. */
export type StreamEvent =
  | { type: 'text' | 'thinking'; text: string }
  | { type: 'phase'; phase: Phase; /** Learned from earlier loads, milliseconds. */ expectedMs?: number }
  | {
      type: 'retry';
      attempt: number;
      delayMs: number;
      error: OllamaError;
      /** Context size of the next try. */ numCtx?: number;
    };

/** A whole answer. Counts that an old server leaves out are 0. */
export interface GenerationResult {
  text: string;
  thinking: string;
  model: string;
  /** Tokens of the prompt, those read from the cache included. */
  promptTokens: number;
  completionTokens: number;
  totalTokens: number;
  totalDurationMs: number;
  /** How long the model took to load for this request; a fraction of a millisecond when it was loaded. */
  loadDurationMs: number;
  /** Time to read the prompt; short when its beginning was in the cache. */
  promptDurationMs: number;
  /** Speed of writing: completion tokens over the time they took, loading and reading not counted. */
  tokensPerSecond: number;
  /** `stop`: finished; `length`: cut by the token limit; as the server says, empty on servers that do not. */
  doneReason: string;
  /** Size of the context window that was asked for, in tokens. */
  numCtx: number;
  /** The server has silently cut the prompt (only servers before 0.12.6 do, whatever they are told). */
  truncated: boolean;
}

/** Pieces kept apart before they are joined: one by one they would make a rope of a million strings. */
const mostPieces = 1024;

/** Text that grows piece by piece, at the cost of its length alone. */
export class TextBuilder {
  private pieces: string[] = [];
  private text = '';

  add(piece: string): void {
    if (this.pieces.push(piece) >= mostPieces) this.fold();
  }

  toString(): string {
    this.fold();
    return this.text;
  }

  private fold(): void {
    this.text += this.pieces.join('');
    this.pieces = [];
  }
}

const nanosecondsPerMs = 1e6;

/** Makes the result from the last line and what was collected before it. */
export function toResult(
  last: WireGenerateLine,
  collected: {
    text: string;
    thinking: string;
    model: string;
    numCtx: number;
    wallMs: number;
    truncated: boolean;
  },
): GenerationResult {
  const promptTokens = last.prompt_eval_count ?? 0;
  const completionTokens = last.eval_count ?? 0;
  const evalSeconds = (last.eval_duration ?? 0) / 1e9;
  return {
    text: collected.text,
    thinking: collected.thinking,
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
    truncated: collected.truncated,
  };
}

/** A line that is JSON, but not one of an answer. */
export function unreadableLine(): OllamaProtocolError {
  const message = localizable(
    "The answer cannot be read (a line is not one of Ollama's): check what stands between CodeWorm and Ollama, and try again.",
  );
  return new OllamaProtocolError(message, { kind: 'garbled' });
}

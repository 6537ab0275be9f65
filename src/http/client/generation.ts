import type { OllamaError } from '../errors.ts';

/** One message of a conversation. */
export interface ChatMessage {
  role: 'system' | 'user' | 'assistant' | 'tool';
  content: string;
  /** Pictures, each as base64. */
  images?: readonly string[];
  /** What an assistant's message has called. */
  toolCalls?: readonly ToolCall[];
  /** For a tool's message: the call that it answers, and the tool's name. */
  toolCallId?: string;
  toolName?: string;
}

/** A tool that the model may call. */
export interface ToolDefinition {
  name: string;
  description?: string;
  /** A JSON schema. */
  parameters?: object;
}

/** A call of a tool by the model. */
export interface ToolCall {
  /** The server's, or ours where it gives none. */
  id: string;
  name: string;
  arguments: Record<string, unknown>;
}

/** What to generate: a prompt or messages. Whatever is left out falls back to the settings. */
export interface GenerateRequest {
  /** Name of the model, in place of the one of the settings. */
  model?: string;
  prompt?: string;
  messages?: readonly ChatMessage[];
  system?: string;
  /** What follows the gap to fill, for models that can insert. */
  suffix?: string;
  /** The prompt is sent to the model as it is, without template and system prompt. */
  raw?: boolean;
  /** Texts that end the answer. */
  stop?: readonly string[];
  /** Pictures for the prompt, each as base64. */
  images?: readonly string[];
  tools?: readonly ToolDefinition[];
  /** Whether, or how long, the model thinks first; absent: the model's own default. */
  think?: boolean | 'low' | 'medium' | 'high' | undefined;
  /** 0 is a value. */
  temperature?: number;
  /** Most tokens of the answer; 0 is a value: no bound at all, as the server has it. */
  maxTokens?: number;
  signal?: AbortSignal;
}

/** What a generation is doing. */
export type Phase = 'connecting' | 'queued' | 'loading' | 'reading' | 'thinking' | 'writing';

/** What a stream hands out: pieces of the answer, what is going on, and attempts that are about to be repeated. */
export type StreamEvent =
  | { type: 'text' | 'thinking'; text: string }
  | { type: 'toolCall'; call: ToolCall }
  | { type: 'phase'; phase: Phase; /** Learned from earlier loads, milliseconds. */ expectedMs?: number }
  | {
      type: 'retry';
      attempt: number;
      delayMs: number;
      error: OllamaError;
      /** Context size of the next attempt. */ numCtx?: number;
    };

/** A whole answer. Counts that an old server leaves out are 0. */
export interface GenerationResult {
  text: string;
  thinking: string;
  toolCalls: readonly ToolCall[];
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
  /** The answer was ended because prompt and answer filled the window; absent when it was not. */
  windowFull?: true;
}

import type { OllamaError } from '../errors.ts';

/** A message of a conversation. */
export interface ChatMessage {
  role: 'system' | 'user' | 'assistant' | 'tool';
  content: string;
  /** Images, each as base64. */
  images?: readonly string[];
  /** The tool calls of an assistant message. */
  toolCalls?: readonly ToolCall[];
  /** For a tool message: the call it answers, and the tool's name. */
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

/** A tool call by the model. */
export interface ToolCall {
  /** The server's id, or a generated one. */
  id: string;
  name: string;
  arguments: Record<string, unknown>;
}

/** What to generate: a prompt or messages. Missing fields come from the settings. */
export interface GenerateRequest {
  /** Name of the model, instead of the configured one. */
  model?: string;
  prompt?: string;
  messages?: readonly ChatMessage[];
  system?: string;
  /** The text after the gap, for models that can insert. */
  suffix?: string;
  /** Parts of other files, for a gap. Only servers with a field for them get them. */
  extra?: readonly { path: string; text: string }[];
  /** Sends the prompt as it is, without template and system prompt. */
  raw?: boolean;
  /** Texts that end the answer when the model writes them. */
  stop?: readonly string[];
  /** Images for the prompt, each as base64. */
  images?: readonly string[];
  tools?: readonly ToolDefinition[];
  /** Whether, or how long, the model thinks first. By default the model decides. */
  think?: boolean | 'low' | 'medium' | 'high' | undefined;
  /** 0 is a value. */
  temperature?: number;
  /** Penalty for repeated tokens; 1 has no effect. */
  repeatPenalty?: number;
  /** Most tokens of the answer. 0 is a value: no limit. */
  maxTokens?: number;
  /**
   * 0 (the default) for the user's own question; larger numbers give way to smaller ones. Sent to servers that
   * order their requests by it.
   */
  priority?: number;
  /** Who asks, for the guard's record of sent prompts. Not sent. */
  askedBy?: string;
  signal?: AbortSignal;
}

/** The current state of a generation. */
export type Phase = 'connecting' | 'queued' | 'loading' | 'reading' | 'thinking' | 'writing';

/** Events of a stream: pieces of the answer, the phase, and attempts about to be repeated. */
export type StreamEvent =
  | { type: 'text' | 'thinking'; text: string }
  | { type: 'toolCall'; call: ToolCall }
  | { type: 'phase'; phase: Phase; /** Milliseconds, from earlier loads. */ expectedMs?: number }
  | {
      type: 'retry';
      attempt: number;
      delayMs: number;
      error: OllamaError;
      /** Context size in tokens of the next attempt. */ numCtx?: number;
    };

/** A complete answer. A count that the server does not report is `undefined`; Ollama's are 0 then. */
export interface GenerationResult {
  text: string;
  thinking: string;
  toolCalls: readonly ToolCall[];
  model: string;
  /** Tokens of the prompt, including those read from the cache. */
  promptTokens: number | undefined;
  completionTokens: number | undefined;
  totalTokens: number | undefined;
  /** Part of `promptTokens` that was read from the cache; absent if the server does not report it. */
  cachedTokens?: number;
  totalDurationMs: number;
  /** Milliseconds to load the model for this request; less than 1 when it was loaded. */
  loadDurationMs: number;
  /** Milliseconds to read the prompt; short when its start was in the cache. */
  promptDurationMs: number;
  /** Writing speed: completion tokens per second, without loading and reading. */
  tokensPerSecond: number | undefined;
  /** `stop`: finished; `length`: token limit reached. The server's value, empty when it sends none. */
  doneReason: string;
  /** Requested size of the context window in tokens. */
  numCtx: number;
  /** Set when the answer ended because prompt and answer filled the context window. */
  windowFull?: true;
}

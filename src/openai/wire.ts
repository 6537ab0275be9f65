import { isModelName } from '../http/client/plainName.ts';
import { isFields, type Fields } from '../http/json.ts';

/**
 * The JSON of the OpenAI-compatible API, as far as this client reads it. Servers omit much of it, so only
 * what is needed to understand an answer is required.
 */

/** A message of a conversation. */
export interface WireMessage {
  role: 'system' | 'user' | 'assistant' | 'tool';
  content: string | WirePart[] | null;
  tool_calls?: WireToolCall[];
  tool_call_id?: string;
}

export type WirePart = { type: 'text'; text: string } | { type: 'image_url'; image_url: { url: string } };

export interface WireToolCall {
  id: string;
  type: 'function';
  function: { name: string; arguments: string };
}

export interface WireTool {
  type: 'function';
  function: { name: string; description?: string; parameters: object };
}

/** A piece of a tool call: name and id once, the arguments in several pieces. */
export interface ToolCallPiece {
  index: number | undefined;
  id: string;
  name: string;
  arguments: string;
}

/** The cost of a request, as far as the server reports it. Tokens, and milliseconds. */
export interface Usage {
  promptTokens?: number;
  completionTokens?: number;
  cachedTokens?: number;
  promptMs?: number;
  tokensPerSecond?: number;
}

/** One value of a stream, or the whole of a response that is not streamed. */
export interface AnswerChunk {
  text: string;
  thinking: string;
  toolCalls: readonly ToolCallPiece[];
  /** Whether it is a message, not a piece of one. */
  isWhole?: boolean;
  finishReason?: string;
  usage: Usage;
  model?: string;
  /** The value as JSON, if it is an error of the server. */
  error?: string;
}

/**
 * Reads one value of a response. Texts and calls must have their types, because a guess would invent or lose
 * content; a count of the wrong type is ignored.
 * @returns `undefined` when it is not such a value
 */
export function readChunk(value: unknown): AnswerChunk | undefined {
  if (!isFields(value)) return undefined;
  const { error, model } = value;
  const content = readContent(value);
  if (!content) return undefined;
  return {
    ...content,
    usage: readUsage(value),
    ...(typeof model === 'string' && isModelName(model) ? { model } : {}),
    ...(isError(value) ? { error: JSON.stringify(error === undefined ? value : { error }) } : {}),
  };
}

function isError({ error, object }: Fields): boolean {
  return (error !== undefined && error !== null) || object === 'error';
}

type Content = Pick<AnswerChunk, 'text' | 'thinking' | 'toolCalls' | 'isWhole' | 'finishReason'>;

const nothing: Content = { text: '', thinking: '', toolCalls: [] };

function readContent(value: Fields): Content | undefined {
  if (value['choices'] === undefined || value['choices'] === null) return readInfill(value);
  if (!Array.isArray(value['choices'])) return undefined;
  const choice: unknown = value['choices'].find((one) => !isFields(one) || !one['index']);
  if (choice === undefined) return nothing;
  if (!isFields(choice)) return undefined;
  const said = choice['delta'] ?? choice['message'] ?? { content: choice['text'] };
  const isWhole = isFields(choice['message']) && !isFields(choice['delta']);
  const content = isFields(said) ? readSaid(said) : undefined;
  const reason = readReason(choice['finish_reason']);
  if (!content || reason === undefined) return undefined;
  return { ...content, ...(isWhole ? { isWhole } : {}), ...(reason === '' ? {} : { finishReason: reason }) };
}

/** Empty while the answer continues; `undefined` when it cannot be read. SGLang's own form is an object. */
function readReason(value: unknown): string | undefined {
  if (value === undefined || value === null) return '';
  const reason = isFields(value) ? value['type'] : value;
  return typeof reason === 'string' ? reasonNamed(reason.toLowerCase()) : undefined;
}

/** Reasons of engines, and of gateways to other protocols, by their names in this protocol. */
const reasons: readonly [name: string, reasons: RegExp][] = [
  ['stop', /^(?:complete|end_turn|eos|eos_token|stop_sequence|stop_str|eosfound)$/],
  [
    'length',
    /^(?:max_(?:new_|output_)?tokens|(?:model|max)_length|model_context_window_exceeded|token_limit)$/,
  ],
  ['tool_calls', /^(?:function_call|tool_use)$/],
  [
    'content_filter',
    /^(?:safety|image_safety|sensitive|recitation|prohibited_content|blocklist|spii|guardrail_intervened|content_filtered|error_toxic)$/,
  ],
  [
    'error',
    /^(?:abort(?:ed)?|cancel(?:l?ed)?|failed|interrupted|network_error|server_error|time(?:d_)?out|insufficient_system_resource|malformed_function_call|userstopped|modelunloaded)$/,
  ],
];

function reasonNamed(reason: string): string {
  return reasons.find(([, pattern]) => pattern.test(reason))?.[0] ?? reason;
}

function readSaid(said: Fields): Content | undefined {
  // A refusal is what the model writes instead of an answer.
  const content = readText(said['content'] || said['refusal']);
  const thinking = readThinking(said);
  const toolCalls = readToolCalls(said['tool_calls'] ?? functionCall(said));
  if (content === undefined || thinking === undefined || !toolCalls) return undefined;
  return { text: content, thinking, toolCalls };
}

/** The older form of the protocol: one call, without a list. */
function functionCall({ function_call: call }: Fields): unknown[] {
  return isFields(call) ? [{ index: 0, function: call }] : [];
}

/** A text, nothing, or a list of parts of which some are texts (`text`, `output_text`) or a refusal. */
function readText(value: unknown): string | undefined {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return undefined;
  const texts = value.map((part) => {
    if (!isFields(part)) return part;
    return isThinking(part) ? '' : (part['text'] ?? part['refusal'] ?? '');
  });
  return texts.every((text) => typeof text === 'string') ? texts.join('') : undefined;
}

/** Mistral's parts of thinking, and Anthropic's. */
function isThinking({ type }: Fields): boolean {
  return type === 'thinking' || type === 'reasoning';
}

/** `undefined` when it cannot be read. */
function readThinking({ content, ...said }: Fields): string | undefined {
  const parts = Array.isArray(content) ? content.filter((part) => isFields(part) && isThinking(part)) : [];
  const texts = [
    readText(said['reasoning_content'] || said['reasoning'] || said['thinking']),
    ...parts.map(({ thinking, text }: Fields) => readText(thinking ?? text)),
  ];
  return texts.includes(undefined) ? undefined : texts.join('');
}

/** `undefined` when a call cannot be read. */
function readToolCalls(value: unknown): ToolCallPiece[] | undefined {
  const pieces = (isFields(value) || Array.isArray(value) ? [value].flat() : [undefined]).map(readToolCall);
  return pieces.includes(undefined) ? undefined : (pieces as ToolCallPiece[]);
}

function readToolCall(value: unknown): ToolCallPiece | undefined {
  if (!isFields(value)) return undefined;
  const called = value['function'] ?? {};
  if (!isFields(called)) return undefined;
  const args = called['arguments'] ?? called['parameters'] ?? '';
  const { index, id } = value;
  const { name } = called;
  if (typeof args !== 'string' && !isFields(args)) return undefined;
  return {
    index: typeof index === 'number' ? index : undefined,
    id: typeof id === 'string' ? id : '',
    name: typeof name === 'string' ? name : '',
    arguments: typeof args === 'string' ? args : JSON.stringify(args),
  };
}

/** llama-server's own form, of `/infill`. An object without a text contains only facts. */
function readInfill({ content, stop, stop_type: type }: Fields): Content | undefined {
  const text = readText(content);
  if (text === undefined) return undefined;
  const reason = stop === true ? (type === 'limit' ? 'length' : 'stop') : undefined;
  return { ...nothing, text, ...(reason === undefined ? {} : { finishReason: reason }) };
}

function readUsage(value: Fields): Usage {
  const usage = isFields(value['usage']) ? value['usage'] : {};
  const timings = isFields(value['timings']) ? value['timings'] : {};
  const details = isFields(usage['prompt_tokens_details']) ? usage['prompt_tokens_details'] : {};
  const cached = count(timings['cache_n']);
  const read = count(timings['prompt_n']);
  return withoutGaps({
    promptTokens:
      count(usage['prompt_tokens']) ??
      count(value['tokens_evaluated']) ??
      (read === undefined ? undefined : read + (cached ?? 0)),
    completionTokens:
      count(usage['completion_tokens']) ?? count(value['tokens_predicted']) ?? count(timings['predicted_n']),
    cachedTokens: count(details['cached_tokens']) ?? count(usage['prompt_cache_hit_tokens']) ?? cached,
    promptMs: count(timings['prompt_ms']),
    tokensPerSecond: count(timings['predicted_per_second']),
  });
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER ? value : undefined;
}

function withoutGaps(usage: Record<keyof Usage, number | undefined>): Usage {
  return Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== undefined));
}

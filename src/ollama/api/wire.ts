import { errorText, isFields, parseJson, type Fields } from '../../http/json.ts';

/**
 * The JSON of Ollama's API, as far as this client reads it. Servers may leave fields out, so only what is
 * needed to understand an answer is required. Durations are in nanoseconds, sizes in bytes.
 */

/** Options of a request. Only `num_ctx` is a runner option: changing it reloads the model. */
export interface WireOptions {
  num_ctx: number;
  temperature?: number;
  num_predict?: number;
  stop?: readonly string[];
  repeat_penalty?: number;
}

/** A message of a conversation. */
export interface WireMessage {
  role: 'system' | 'user' | 'assistant' | 'tool';
  content: string;
  images?: readonly string[];
  tool_calls?: WireToolCall[];
  tool_call_id?: string;
  tool_name?: string;
}

export interface WireToolCall {
  id?: string;
  function: { index?: number; name: string; arguments: Record<string, unknown> };
}

export interface WireTool {
  type: 'function';
  function: { name: string; description?: string; parameters?: object };
}

/**
 * The body of `POST /api/generate`. With `messages` instead of prompt and system, the body of `POST
 * /api/chat`.
 */
export interface WireGenerateRequest {
  model: string;
  prompt?: string;
  messages?: WireMessage[];
  system?: string;
  suffix?: string;
  raw?: boolean;
  images?: readonly string[];
  tools?: WireTool[];
  think?: boolean | string;
  stream?: boolean;
  truncate?: false;
  keep_alive?: number | string;
  options?: WireOptions;
}

/** A line of a streamed answer. In `/api/chat`, text, thinking and tool calls are inside `message`. */
export interface WireGenerateLine {
  model?: string;
  response: string;
  thinking: string;
  toolCalls: readonly WireToolCall[];
  done: boolean;
  error?: string;
  done_reason?: string;
  total_duration?: number;
  load_duration?: number;
  prompt_eval_count?: number;
  prompt_eval_duration?: number;
  eval_count?: number;
  eval_duration?: number;
}

/** `details` of a model, in `/api/tags` and `/api/ps`. */
export interface WireModelDetails {
  family?: string;
  parameter_size?: string;
  quantization_level?: string;
  context_length?: number;
}

/** A model of `/api/tags`. */
export interface WireInstalledModel {
  name?: string;
  modified_at?: string;
  size?: number;
  digest?: string;
  details?: WireModelDetails;
  capabilities?: string[];
  /** The other server that runs the model, if any, and the model's name there. */
  remote_host?: string;
  remote_model?: string;
}

/** A model of `/api/ps`. */
export interface WireLoadedModel {
  name?: string;
  size?: number;
  size_vram?: number;
  context_length?: number;
  expires_at?: string;
  details?: WireModelDetails;
}

/**
 * Reads a line of a streamed generation. Text, tool calls and `done` must have their types, because a guess
 * would invent or lose content. A count of the wrong type is ignored, because only a statistic is missing
 * then. Some back ends write `null` for empty text.
 * @returns `undefined` when it is not a line of a generation
 */
export function readGenerateLine(value: unknown): WireGenerateLine | undefined {
  if (!isFields(value)) return undefined;
  const { message, done = false, error } = value;
  const fields = isFields(message) ? { ...message, response: message['content'] } : value;
  const response = fields['response'] ?? '';
  const thinking = fields['thinking'] ?? '';
  const toolCalls = readToolCalls(fields['tool_calls'] ?? []);
  if (typeof response !== 'string' || typeof thinking !== 'string') return undefined;
  if (typeof done !== 'boolean' || !toolCalls) return undefined;
  const line: WireGenerateLine = { response, thinking, toolCalls, done };
  if (error !== undefined && error !== null) line.error = errorText(error);
  return done || value['done_reason'] ? withStatistics(line, value) : line;
}

/** `undefined` when a call cannot be read. */
function readToolCalls(value: unknown): WireToolCall[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const calls = value.map(readToolCall);
  return calls.includes(undefined) ? undefined : (calls as WireToolCall[]);
}

function readToolCall(value: unknown): WireToolCall | undefined {
  if (!isFields(value) || !isFields(value['function'])) return undefined;
  const { name, arguments: given } = value['function'];
  const args = readArguments(given);
  if (typeof name !== 'string' || name === '' || !args) return undefined;
  const { id } = value;
  return {
    ...(typeof id === 'string' && id !== '' ? { id } : {}),
    function: { name, arguments: args },
  };
}

/** An object. Some gateways send the object as JSON text, or nothing when there are no arguments. */
function readArguments(given: unknown): Fields | undefined {
  if (given === undefined || given === null || given === '') return {};
  if (isFields(given)) return given;
  const parsed = typeof given === 'string' ? parseJson(given) : undefined;
  return isFields(parsed) ? parsed : undefined;
}

const counts = [
  'total_duration',
  'load_duration',
  'prompt_eval_count',
  'prompt_eval_duration',
  'eval_count',
  'eval_duration',
] as const;

function withStatistics(line: WireGenerateLine, value: Fields): WireGenerateLine {
  for (const name of counts) {
    const count = value[name];
    if (typeof count === 'number' && count >= 0 && count <= Number.MAX_SAFE_INTEGER) line[name] = count;
  }
  if (typeof value['model'] === 'string') line.model = value['model'];
  if (typeof value['done_reason'] === 'string') line.done_reason = value['done_reason'];
  return line;
}

/** A line of a pull. Sizes are in bytes, 0 when the server leaves them out. */
export interface WirePullLine {
  status: string;
  /** Digest of the layer that the sizes belong to; empty for a line without a layer. */
  digest: string;
  total: number;
  completed: number;
  error?: string;
}

/**
 * Reads a line of a pull.
 * @returns `undefined` when it is not a line of a pull
 */
export function readPullLine(value: unknown): WirePullLine | undefined {
  if (!isFields(value)) return undefined;
  const { status, digest, total, completed, error } = value;
  const line = {
    digest: typeof digest === 'string' ? digest : '',
    total: size(total),
    completed: size(completed),
  };
  if (error !== undefined && error !== null) return { ...line, status: '', error: errorText(error) };
  return typeof status === 'string' ? { ...line, status } : undefined;
}

function size(value: unknown): number {
  return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER ? value : 0;
}

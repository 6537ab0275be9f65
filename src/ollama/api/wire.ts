import { errorText, isFields, parseJson, type Fields } from '../../http/json.ts';

/**
 * The JSON of Ollama's API, as far as this client reads it. Older servers leave fields out, so everything
 * that is not needed to make sense of an answer is optional. Durations are nanoseconds, sizes bytes.
 */

/** Options that a request may carry. Only `num_ctx` is a runner option: changing it reloads the model. */
export interface WireOptions {
  num_ctx: number;
  temperature?: number;
  num_predict?: number;
  stop?: readonly string[];
}

/** One message of a conversation. */
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

/** The body of `POST /api/generate`; with `messages` in place of prompt and system, of `POST /api/chat`. */
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

/** One line of a streamed answer; `/api/chat` has text, thinking and calls one level deeper, in `message`. */
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

/** `details` of a model, as `/api/tags` and `/api/ps` tell it. */
export interface WireModelDetails {
  family?: string;
  parameter_size?: string;
  quantization_level?: string;
  context_length?: number;
}

/** One model of `/api/tags`. */
export interface WireInstalledModel {
  name?: string;
  modified_at?: string;
  size?: number;
  digest?: string;
  details?: WireModelDetails;
  capabilities?: string[];
  /** The server that runs the model, where that is another one, and what the model is called there. */
  remote_host?: string;
  remote_model?: string;
}

/** One model of `/api/ps`. */
export interface WireLoadedModel {
  name?: string;
  size?: number;
  size_vram?: number;
  context_length?: number;
  expires_at?: string;
  details?: WireModelDetails;
}

/**
 * Reads one line of a streamed generation. Text, calls and `done` must have their types, because guessing there
 * would invent or lose something; a count of the wrong type is only a missing statistic. Some back ends write
 * `null` where there is no text.
 * @returns `undefined` when the line is not such a line at all.
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

/** `undefined` when one of them cannot be read. */
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

/** An object; some servers between send it as the JSON text of one, and leave it out where there are none. */
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

/** One line of a pull; sizes are bytes, 0 where the server leaves them out. */
export interface WirePullLine {
  status: string;
  /** Of the layer that the sizes are about; empty when the line is about none. */
  digest: string;
  total: number;
  completed: number;
  error?: string;
}

/**
 * Reads one line of a pull.
 * @returns `undefined` when the line is not such a line at all
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

import { errorText, isFields, type Fields } from '../../http/json.ts';

/**
 * The JSON of Ollama's API, as far as this client reads it. Older servers leave fields out, so everything
 * that is not needed to make sense of an answer is optional. Durations are nanoseconds, sizes bytes.
 */

/** Options that a request may carry. Only `num_ctx` is a runner option: changing it reloads the model. */
export interface WireOptions {
  num_ctx: number;
  temperature?: number;
  num_predict?: number;
}

/** One turn of a conversation. */
export interface WireMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

/** The body of `POST /api/generate`; with `messages` in place of prompt and system, of `POST /api/chat`. */
export interface WireGenerateRequest {
  model: string;
  prompt?: string;
  messages?: WireMessage[];
  system?: string;
  suffix?: string;
  stream?: boolean;
  truncate?: false;
  keep_alive?: number | string;
  options?: WireOptions;
}

/** One line of a streamed answer; `/api/chat` has text and thinking one level deeper, in `message`. */
export interface WireGenerateLine {
  model?: string;
  response: string;
  thinking: string;
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
 * Reads one line of a streamed generation. Text and `done` must have their types, because guessing there
 * would invent or lose text; a count of the wrong type is only a missing statistic.
 * @returns `undefined` when the line is not such a line at all.
 */
export function readGenerateLine(value: unknown): WireGenerateLine | undefined {
  if (!isFields(value)) return undefined;
  const { message, done = false, error } = value;
  const { response = '', thinking } = isFields(message)
    ? { response: message['content'], thinking: message['thinking'] }
    : value;
  if (typeof response !== 'string' || typeof done !== 'boolean') return undefined;
  if (thinking !== undefined && thinking !== null && typeof thinking !== 'string') return undefined;
  const line: WireGenerateLine = { response, thinking: thinking ?? '', done };
  if (error !== undefined && error !== null) line.error = errorText(error);
  return done ? withStatistics(line, value) : line;
}

/**
 * Strings without an escape in them are what stands between their quotes: anything from the space on except
 * the quote and the backslash (RFC 8259, section 7).
 */
const usualLine =
  /^\{"model":"[ !#-[\]-\uffff]*","created_at":"[ !#-[\]-\uffff]*","response":"[ !#-[\]-\uffff]*","done":false\}$/;
const usualEnd = '","done":false}'.length;

/**
 * The text of a line that is written just as Ollama writes nearly all of them, at a third of the cost of
 * parsing it. (Asking for the text as a group of the expression would make an array for every line.)
 * @returns what {@link readGenerateLine} would find in `response`; `undefined` for any other line
 */
export function readUsualText(line: string): string | undefined {
  if (!usualLine.test(line)) return undefined;
  const end = line.length - usualEnd;
  return line.slice(line.lastIndexOf('"', end - 1) + 1, end);
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

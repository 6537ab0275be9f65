import { loadRecordings } from './recordings.ts';
import { Problem } from './problems.ts';
import { parseAnswer } from './wireClient.ts';

let bodies: Map<string, { status: number; body: string }> | undefined;

/** The error of a recording, with the server's own text. */
export function recordedProblem(name: string): Problem {
  bodies ??= new Map(
    loadRecordings().map((recording) => [recording.name, answerOf(recording.response.chunks)]),
  );
  const { status, body } = bodies.get(name)!;
  const { error, ...extra } = JSON.parse(body) as { error: string };
  return new Problem(status, error, 'plain', extra);
}

function answerOf(chunks: [number, string][]): { status: number; body: string } {
  const { status, body } = parseAnswer(Buffer.from(chunks.map(([, text]) => text).join('')));
  return { status, body };
}

type Body = Record<string, unknown>;

/**
 * Parses the body of a request. Mistakes that our client could make are refused as a real server once did;
 * the texts are similar, not identical.
 * @throws Problem
 */
export function decodeBody(text: string): Body {
  if (text.trim() === '') throw recordedProblem('error-empty-body');
  const value = parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw recordedProblem(/^\s*\{/.test(text) ? 'error-malformed-json' : 'error-not-json');
  const body: Body = Object.fromEntries(Object.entries(value as Body).filter(([, field]) => field !== null));
  for (const [name, isRight] of Object.entries(types))
    if (name in body && !isRight(body[name])) throw recordedProblem('error-prompt-type');
  if ('think' in body) checkThink(body['think']);
  if ('keep_alive' in body) keepAliveMs(body['keep_alive']);
  return body;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isText = (value: unknown): boolean => typeof value === 'string';
const isBoolean = (value: unknown): boolean => typeof value === 'boolean';
const isList = (value: unknown): boolean => Array.isArray(value);
const isObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const types: Record<string, (value: unknown) => boolean> = {
  model: isText,
  prompt: isText,
  system: isText,
  suffix: isText,
  template: isText,
  stream: isBoolean,
  truncate: isBoolean,
  shift: isBoolean,
  raw: isBoolean,
  images: isList,
  context: isList,
  tools: isList,
  messages: (value) => Array.isArray(value) && value.every(isObject),
  options: isObject,
};

function checkThink(value: unknown): void {
  if (isBoolean(value) || ['low', 'medium', 'high', 'max'].includes(String(value))) return;
  throw recordedProblem('error-think-word');
}

const units: Record<string, number> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/**
 * A keep_alive in milliseconds, from a number of seconds or a duration with units; forever if it is negative.
 * @throws Problem for a duration that cannot be parsed
 */
export function keepAliveMs(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number') return value < 0 ? Infinity : value * 1000;
  const text = typeof value === 'string' ? value : 'unreadable';
  if (/^[-+]?0+$/.test(text)) return 0;
  const parts = [...text.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h)/g)];
  if (text.replace(/^[-+]/, '') !== parts.map(([part]) => part).join('') || parts.length === 0)
    throw recordedProblem(/\d$/.test(text) ? 'error-keep-alive-string-number' : 'error-keep-alive-word');
  const ms = parts.reduce((sum, [, number, unit]) => sum + Number(number) * units[unit!]!, 0);
  return text.startsWith('-') ? Infinity : ms;
}

const numbers = new Set(
  'num_keep seed num_predict top_k repeat_last_n num_ctx num_batch num_gpu main_gpu num_thread top_p min_p typical_p temperature repeat_penalty presence_penalty frequency_penalty'.split(
    ' ',
  ),
);

/**
 * Checks the model options. Unknown ones are ignored.
 * @throws Problem
 */
export function checkOptions(options: Body): void {
  for (const [name, value] of Object.entries(options)) {
    if (value === null) continue;
    if (numbers.has(name) && typeof value !== 'number') throw recordedProblem('error-option-type');
    if (name === 'stop' && !(Array.isArray(value) && value.every(isText)))
      throw recordedProblem('error-stop-type');
  }
}

/** @throws Problem for a format that is neither JSON nor a schema */
export function checkFormat(format: unknown): void {
  const isSchema = format === undefined || format === '' || format === 'json' || isObject(format);
  if (!isSchema) throw recordedProblem('error-format');
}

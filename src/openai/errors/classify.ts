import { classifyBy, type ServerWords } from '../../http/client/classify.ts';
import type { OllamaError } from '../../http/errors.ts';
import { isFields, parseJson } from '../../http/json.ts';
import type { FailedResponse } from '../../http/transport.ts';
import { rules } from './rules.ts';

/** Texts that say no more than the status or our own sentence. */
const stock =
  /^(?:unauthorized|invalid api key|forbidden|access denied|not found|file not found|no text|bad request|bad gateway|(?:the )?service (?:is )?(?:temporarily )?unavailable|gateway time-?out|request time-?out|too many requests|internal server error|payload too large|request entity too large|request \(\d+ tokens\) exceeds the available context size.*)\.?$/is;

/** The patterns that recognize errors of OpenAI-compatible servers. */
const words: ServerWords = {
  rules,
  stock,
  isOwnError: (body) => messageOf(body) !== undefined,
  messageIn: (text) => text,
  isFixedServer: true,
};

/**
 * Turns an unsuccessful response into the error to throw. Texts of these servers are matched only here and in
 * the rules.
 */
export function classify(answer: FailedResponse): OllamaError {
  const value = objectIn(answer.body);
  const text = (value && messageOf(value)) ?? answer.body;
  const code = isFields(value?.['error']) ? value['error']['code'] : undefined;
  // Some servers report the error only as a code, some only as text.
  const said = typeof code === 'string' ? withCode(text, code) : text;
  return classifyBy(words, { ...answer, status: answer.status ?? statusIn(code) }, said);
}

/** Gemini puts the object into a list. */
function objectIn(body: string): Record<string, unknown> | undefined {
  const value = parseJson(body);
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return isFields(first) ? first : undefined;
}

/** An error inside a stream may have the status that it would have had before. */
function statusIn(code: unknown): number | undefined {
  const status = Number(typeof code === 'number' || typeof code === 'string' ? code : NaN);
  return Number.isInteger(status) && status >= 400 && status <= 599 ? status : undefined;
}

function withCode(text: string, code: string): string {
  return /^[a-z]+(?:_[a-z]+)+$/.test(code) && !text.includes(code) ? `${text} (${code})` : text;
}

/**
 * The message of an error in any form: `error` is an object, a text, or an object that contains another
 * error; some servers omit `error`, and FastAPI calls it `detail`.
 */
function messageOf(value: Record<string, unknown>): string | undefined {
  const { error, message, detail } = value;
  for (const candidate of [error, message, detail]) {
    if (typeof candidate === 'string' && candidate !== '') return candidate;
    if (isFields(candidate)) return messageOf(candidate) ?? JSON.stringify(candidate);
    if (Array.isArray(candidate)) return candidate.map(detailText).join('; ');
  }
  return undefined;
}

/** One validation error of FastAPI: the field, and what is wrong with it. */
function detailText(detail: unknown): string {
  if (!isFields(detail)) return String(detail);
  const { loc, msg } = detail;
  if (msg === undefined) return messageOf(detail) ?? JSON.stringify(detail);
  const where = Array.isArray(loc) ? loc.map(String).join('.') : '';
  return typeof msg === 'string' ? `${where}: ${msg}` : JSON.stringify(detail);
}

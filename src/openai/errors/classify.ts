import { classifyBy, type ServerWords } from '../../http/client/classify.ts';
import { parseObject } from '../../http/client/rule.ts';
import type { OllamaError } from '../../http/errors.ts';
import { isFields } from '../../http/json.ts';
import type { FailedResponse } from '../../http/transport.ts';
import { rules } from './rules.ts';

/** Texts that say no more than the status or the sentence of ours. */
const stock =
  /^(?:unauthorized|invalid api key|forbidden|access denied|not found|file not found|no text|bad request|bad gateway|(?:the )?service (?:is )?(?:temporarily )?unavailable|gateway time-?out|request time-?out|too many requests|internal server error|payload too large|request entity too large|request \(\d+ tokens\) exceeds the available context size.*)\.?$/is;

/** How errors of OpenAI-compatible servers are read. */
const words: ServerWords = {
  rules,
  stock,
  isOwnError: (body) => messageOf(body) !== undefined,
  messageIn: (text) => text,
  isFixedServer: true,
};

/**
 * Turns an answer that is not a success into the error to throw: with its rules the only place where texts of these
 * servers are matched.
 */
export function classify(answer: FailedResponse): OllamaError {
  const value = parseObject(answer.body);
  const text = (value && messageOf(value)) ?? answer.body;
  const code = isFields(value?.['error']) ? value['error']['code'] : undefined;
  // Some say only by a code what is wrong, and some only by their text.
  return classifyBy(words, answer, typeof code === 'string' ? withCode(text, code) : text);
}

function withCode(text: string, code: string): string {
  return /^[a-z]+(?:_[a-z]+)+$/.test(code) && !text.includes(code) ? `${text} (${code})` : text;
}

/**
 * The message of an error in any of its forms: `error` is an object, a text, or an object in which another error is;
 * some servers leave `error` out, and FastAPI calls it `detail`.
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

/** One fault that FastAPI has found in a request: which field, and what is wrong with it. */
function detailText(detail: unknown): string {
  if (!isFields(detail)) return String(detail);
  const { loc, msg } = detail;
  const where = Array.isArray(loc) ? loc.map(String).join('.') : '';
  return typeof msg === 'string' ? `${where}: ${msg}` : JSON.stringify(detail);
}

import { OllamaError, type ErrorDetails } from '../errors.ts';
import { localizable } from '../message.ts';
import { cleanServerText, withoutSecrets } from '../serverText.ts';
import type { FailedResponse } from '../transport.ts';
import { brief, parseObject, type Rule } from './rule.ts';

/** What a classification needs to know of one kind of server. */
export interface ServerWords {
  /** From the most telling to the least. */
  rules: readonly Rule[];
  /** Texts that say no more than the status or the sentence of ours. */
  stock: RegExp;
  /** Whether an object is an error of such a server, not of something before it. */
  isOwnError: (body: Record<string, unknown>) => boolean;
  /** The message within the text of an error, where that is an object again. */
  messageIn: (text: string) => string;
  /** Whether the server decides about its models and their window. */
  isFixedServer?: boolean;
}

/**
 * Turns an answer that is not a success into the error to throw.
 * @param text the innermost message of the server
 */
export function classifyBy(words: ServerWords, answer: FailedResponse, text: string): OllamaError {
  const rule = words.rules.find(({ when }) => when(answer, text));
  const details: ErrorDetails = {
    status: answer.status,
    retryAfterMs: answer.retryAfterMs,
    ...(words.isFixedServer ? { isFixedServer: true } : {}),
    cause: text ? new Error(brief(text, 2000)) : undefined,
  };
  if (rule) {
    const serverText = rule.quote?.test(text) ? ownWords(words, answer, text) : undefined;
    return rule.make(answer, text, { ...details, kind: rule.kind, serverText });
  }
  const what = answer.status ? `${answer.status}: ${brief(text)}` : brief(text);
  return new OllamaError(localizable('The server reported an error ({0}).', what), details);
}

/**
 * What the server itself says, for the user, where that is a sentence of its own. Pages and bodies of other programs
 * say nothing about the request, unless they are a short plain text.
 */
export function ownWords(
  words: ServerWords,
  { status, body }: FailedResponse,
  text: string,
): string | undefined {
  const value = parseObject(body);
  const isOwn = status === undefined || (value !== undefined && words.isOwnError(value));
  const isPlain = !/^\s*[<{[]/.test(body) && body.trim().length <= 200 && !body.trim().includes('\n');
  if (!isOwn && !isPlain) return undefined;
  const said = withoutSecrets(cleanServerText(words.messageIn(text), 300)).replace(/\.$/, '');
  return said === '' || /^\d+$/.test(said) || words.stock.test(said) ? undefined : said;
}

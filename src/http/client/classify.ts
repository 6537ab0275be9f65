import { OllamaError, type ErrorDetails } from '../errors.ts';
import { localizable } from '../message.ts';
import { cleanServerText, withoutSecrets } from '../serverText.ts';
import type { FailedResponse } from '../transport.ts';
import { brief, parseObject, type Rule } from './rule.ts';

/** What the classification needs to know about one kind of server. */
export interface ServerWords {
  /** Ordered from specific to general. */
  rules: readonly Rule[];
  /** Texts that say no more than the status or our own sentence. */
  stock: RegExp;
  /** Whether an object is an error of such a server, not of a gateway. */
  isOwnError: (body: Record<string, unknown>) => boolean;
  /** The message inside the text of an error, if that is an object again. */
  messageIn: (text: string) => string;
  /** Whether the server has fixed its models and their context window. */
  isFixedServer?: boolean;
}

/**
 * Turns an unsuccessful response into the error to throw.
 * @param text the innermost message of the server
 */
export function classifyBy(words: ServerWords, failed: FailedResponse, text: string): OllamaError {
  const rule = words.rules.find(({ when }) => when(failed, text));
  const details: ErrorDetails = {
    status: failed.status,
    retryAfterMs: failed.retryAfterMs,
    ...(words.isFixedServer ? { isFixedServer: true } : {}),
    cause: text ? new Error(brief(text, 2000)) : undefined,
  };
  if (rule) {
    const serverText = rule.quote?.test(text) ? ownWords(words, failed, text) : undefined;
    return rule.make(failed, text, { ...details, kind: rule.kind, serverText });
  }
  const what = failed.status ? `${failed.status}: ${brief(text)}` : brief(text);
  return new OllamaError(localizable('The server reported an error ({0}).', what), details);
}

/**
 * The server's own message for the user, if it is a real sentence. Pages and bodies of other programs say
 * nothing about the request, unless they are short plain text.
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

import { isFields } from '../../http/json.ts';
import type { FailedResponse } from '../../http/transport.ts';
import { parseObject } from '../../http/client/rule.ts';

/** Texts that say no more than the status or our own sentence. */
export const stock =
  /^(?:unauthorized|forbidden|access denied|not found|no text|bad request|bad gateway|(?:the )?service (?:is )?(?:temporarily )?unavailable|gateway time-?out|request time-?out|too many requests|internal server error|payload too large|request entity too large|server busy, please try again\..*|an error was encountered while running the model: unexpected EOF|model runner has unexpectedly stopped, this may be due to resource limitations or an internal error.*|(?:the )?input length exceeds the context length)\.?$/is;

/** The message of an error that is an object of the runner. */
export function messageIn(text: string): string {
  const message = parseObject(text)?.['message'];
  return typeof message === 'string' ? message : text;
}

/**
 * The address where the user should sign in.
 * @returns `undefined` when the response names none
 */
export function signInAddress({ body }: FailedResponse): string | undefined {
  const value = parseObject(body);
  const nested = value && isFields(value['error']) ? value['error']['signin_url'] : undefined;
  const address = value?.['signin_url'] ?? nested;
  return typeof address === 'string' && address.trim() !== '' ? address.trim() : undefined;
}

/** An address that one click may open: a page of ollama.com only. */
export function ollamaPage(address: string | undefined): string | undefined {
  if (address === undefined || /[\s\p{Cc}\p{Cf}\\]/u.test(address) || !URL.canParse(address))
    return undefined;
  const { protocol, hostname, port, username, password, href } = new URL(address);
  const isOllama = protocol === 'https:' && hostname === 'ollama.com' && port === '';
  return isOllama && username === '' && password === '' ? href : undefined;
}

/** The first page of ollama.com in a server's text. */
export function pageIn(text: string): string | undefined {
  const addresses = text.match(/https:\/\/ollama\.com\/[\w\-./?=&%#~+]*[\w\-/=&%~+]/g);
  return addresses?.map(ollamaPage).find(Boolean);
}

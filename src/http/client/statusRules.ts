import { localizable, type LocalizableMessage } from '../message.ts';
import type { FailedResponse } from '../transport.ts';
import { brief, genericError, hasStatus, type Rule } from './rule.ts';

/** An HTTP proxy on the way. */
export const proxySignInRule: Rule = {
  when: hasStatus(407),
  kind: 'proxy',
  make: genericError(() =>
    localizable('The proxy on the way to the server wants a sign-in (407): check the proxy settings.'),
  ),
};

export const tooLargeRule: Rule = {
  when: hasStatus(413),
  kind: 'badRequest',
  make: genericError((a) =>
    localizable(
      'The gateway at {0} refuses so long a request (413): ask about less code, or raise its limit.',
      a.origin,
    ),
  ),
  quote: /./,
};

/** Too many requests, or no server that answers them. */
export const busyRule: Rule = {
  when: hasStatus(429, 503),
  kind: 'busy',
  make: genericError(busySentence),
  quote: /./,
};

export function busySentence({ origin, status }: FailedResponse): LocalizableMessage {
  return status
    ? localizable('The server at {0} is busy ({1}): try again in a moment.', origin, status)
    : localizable('The server at {0} is busy: try again in a moment.', origin);
}

/** Any other refusal of the request. */
export const badRequestRule: Rule = {
  when: (a) => (a.status ?? 0) >= 400 && (a.status ?? 0) < 500,
  kind: 'badRequest',
  make: genericError((a, text) =>
    localizable(
      'The server did not accept the request ({0}: {1}): check the settings.',
      a.status,
      brief(text),
    ),
  ),
};

/** The server cannot read what the model wrote. @param words the server's words for it */
export function unparsableRule(words: RegExp): Rule {
  return {
    when: (a, text) => (a.status === undefined || a.status >= 500) && words.test(text),
    kind: 'unparsable',
    make: genericError((a) =>
      localizable(
        'The server cannot read what the model "{0}" wrote: ask again, or choose another model.',
        a.model,
      ),
    ),
    quote: /./,
  };
}

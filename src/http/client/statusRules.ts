import { OllamaConnectionError, OllamaProtocolError, OllamaTimeoutError } from '../errors.ts';
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

/** The key is missing or wrong. */
export const unauthorizedRule: Rule = {
  when: hasStatus(401),
  kind: 'unauthorized',
  make: genericError((a) =>
    localizable(
      'The server at {0} wants a key, or does not accept the one that CodeWorm sends: set the key of this server.',
      a.origin,
    ),
  ),
  quote: /./,
};

/** The key does not permit the request. */
export const forbiddenRule: Rule = {
  when: hasStatus(403),
  kind: 'forbidden',
  make: genericError((a) =>
    localizable(
      'The server at {0} does not permit this (403): check the key, and what it is good for.',
      a.origin,
    ),
  ),
  quote: /./,
};

/** A gateway that did not wait. 522 and 524 are Cloudflare's. */
export const gatewayTimeoutRule: Rule = {
  when: hasStatus(408, 504, 522, 524),
  kind: 'gatewayTimeout',
  make: (a, _, details) =>
    new OllamaTimeoutError(
      localizable(
        "The gateway at {0} did not wait long enough for the server behind it ({1}): try again, or raise the gateway's read timeout.",
        a.origin,
        a.status,
      ),
      details,
    ),
  quote: /./,
};

/** A gateway without a server. 520 to 530 are Cloudflare's. */
export const gatewayRule: Rule = {
  when: hasStatus(502, 520, 521, 523, 525, 526, 530),
  kind: 'gateway',
  make: (a, _, details) =>
    new OllamaConnectionError(
      localizable(
        'The gateway at {0} cannot reach the server behind it ({1}): check that it runs.',
        a.origin,
        a.status,
      ),
      details,
    ),
  quote: /./,
};

/** An answer of another program. @param isStrange whether it is one */
export function strangerRule(isStrange: Rule['when']): Rule {
  return {
    when: isStrange,
    kind: 'notOllama',
    make: (a, _, details) =>
      new OllamaProtocolError(
        localizable(
          'What answers at {0} does not look like a server of language models ({1} for {2}): check the address.',
          a.origin,
          a.status,
          a.path,
        ),
        details,
      ),
  };
}

/** Too many requests, or no server that answers them. 529 is Anthropic's, which gateways pass on. */
export const busyRule: Rule = {
  when: hasStatus(429, 503, 529),
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

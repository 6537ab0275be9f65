import { OllamaModelNotFoundError } from '../../http/errors.ts';
import { genericError, brief, type Rule } from '../../http/client/rule.ts';
import type { FailedResponse } from '../../http/transport.ts';
import { localizable, type LocalizableMessage } from '../../http/message.ts';

/** Texts for Unix, Windows, and a disk quota. */
const diskFull = /no space left on device|not enough space on the disk|disk quota exceeded/i;
/** The registry's text, after a status of 412. */
const tooOld = /requires a newer version of Ollama|\b412: /i;
const damaged = /(?:digest|size) mismatch/i;
/** Texts of Go and of operating systems for a connection that failed or was lost. */
const offline =
  /no such host|name resolution|server misbehaving|timeout|deadline exceeded|timed out|did not properly respond|(?:connection|actively) refused|connection reset|forcibly closed|unreachable|no route to host|broken pipe|\bEOF\b|\btls: |x509|HTTP response to HTTPS client|max retries exceeded|stalled|too slow/i;
/** The server's proxy failed, or Go reports only that the proxy refused. */
const proxy =
  /proxyconnect|socks connect|Proxy Authentication Required|"": (?:Forbidden|Bad Gateway|Service Unavailable|Gateway Timeout)$/i;
/** A status of the registry that only time or its operators can fix. */
const trouble = /(?:^|\s)(429|5\d\d)(?:: |$)/;
const refusal = /(?:^|\s)(4\d\d)(?:: |$)/;
const unauthorized = /unauthorized|access denied|does not match original host|insecure protocol/i;
const invalidName = /invalid model name|use either :local or :cloud/i;

/** Matches an error of a pull, in a line of its stream or as a response. */
const ofPull =
  (pattern: RegExp): Rule['when'] =>
  (failed, text) =>
    isOfPull(failed) && pattern.test(withoutUrls(text));

/**
 * Errors between the server and the registry, ordered from specific to general. A 401 or 403 response to the
 * pull itself is not among them: it comes from a gateway in front of the server.
 */
export const pullRules: readonly Rule[] = [
  {
    when: ofPull(diskFull),
    kind: 'diskFull',
    make: genericError((a) =>
      localizable(
        'The disk of the server at {0} is too full for the model "{1}": free some space there and pull again, what is downloaded is kept.',
        a.origin,
        a.model,
      ),
    ),
  },
  {
    when: ofPull(tooOld),
    kind: 'tooOld',
    make: genericError((a) =>
      localizable(
        'The Ollama at {0} is too old for the model "{1}": update Ollama, or choose another model.',
        a.origin,
        a.model,
      ),
    ),
  },
  {
    when: ofPull(damaged),
    kind: 'pullDamaged',
    make: genericError((a) =>
      localizable(
        'The model "{0}" arrived damaged, and the damaged part was removed: pull it again.',
        a.model,
      ),
    ),
  },
  { when: ofPull(proxy), kind: 'pullOffline', make: genericError(proxySentence) },
  { when: ofPull(offline), kind: 'pullOffline', make: genericError(offlineSentence) },
  {
    when: ofPull(/file does not exist/i),
    kind: 'pullUnknown',
    make: (a, _, details) => new OllamaModelNotFoundError(unknownSentence(a), a.model, details),
  },
  {
    when: ofPull(invalidName),
    kind: 'pullUnknown',
    make: (a, _, details) =>
      new OllamaModelNotFoundError(
        localizable('"{0}" cannot be the name of a model: check the name.', a.model),
        a.model,
        details,
      ),
  },
  {
    when: ofPull(trouble),
    kind: 'pullOffline',
    make: genericError((a, text) =>
      localizable(
        'The registry cannot deliver the model "{0}" now ({1}): pull it again later.',
        a.model,
        trouble.exec(withoutUrls(text))?.[1],
      ),
    ),
  },
  { when: ofPull(unauthorized), kind: 'pullRefused', make: genericError(refusedSentence) },
  { when: ofPull(refusal), kind: 'pullRefused', make: genericError(refusedSentence) },
  {
    when: ofPull(/./s),
    kind: 'server',
    make: genericError((a, text) =>
      localizable(
        'The model "{0}" could not be pulled ({1}): try again, or check the server\'s log.',
        a.model,
        reason(text),
      ),
    ),
  },
];

/**
 * Ollama's own responses are JSON. Any other response is from a gateway and says nothing about the registry.
 */
function isOfPull({ path, status, body }: FailedResponse): boolean {
  if (path !== '/api/pull') return false;
  return status === undefined || ((status === 400 || status === 500) && /^\s*\{\s*"error"/.test(body));
}

/** Names in an address are chosen by users, so they could match any rule. */
function withoutUrls(text: string): string {
  return text.replaceAll(/"https?:\/\/[^"]*"/g, '""');
}

function unknownSentence({ model }: FailedResponse): LocalizableMessage {
  return localizable('There is no model "{0}" in the registry: check its name, tag included.', model);
}

function offlineSentence({ model, origin }: FailedResponse, text: string): LocalizableMessage {
  return /\btls: |x509/.test(withoutUrls(text))
    ? localizable(
        'The server at {0} does not trust the connection to the registry of the model "{1}": check the certificates and the proxy (HTTPS_PROXY) of the server.',
        origin,
        model,
      )
    : localizable(
        'The server at {0} cannot reach the registry of the model "{1}": check the network and the proxy (HTTPS_PROXY) of the server, and pull again.',
        origin,
        model,
      );
}

function proxySentence({ model, origin }: FailedResponse): LocalizableMessage {
  return localizable(
    'The server at {0} cannot reach the registry of the model "{1}" through its proxy: check HTTPS_PROXY on the server.',
    origin,
    model,
  );
}

function refusedSentence({ model }: FailedResponse, text: string): LocalizableMessage {
  return localizable(
    'The registry does not give out the model "{0}" ({1}): check its name, or sign in with Ollama on the server.',
    model,
    refusal.exec(withoutUrls(text))?.[1] ?? reason(text),
  );
}

/** The server's text, if it says more than our sentence. */
function reason(text: string): string {
  return brief(text.replace(/^pull model manifest: /, ''));
}

import {
  OllamaConnectionError,
  OllamaError,
  OllamaProtocolError,
  OllamaTimeoutError,
  type ErrorDetails,
} from '../../http/errors.ts';
import { accountRules } from './accountRules.ts';
import { modelRules } from './modelRules.ts';
import { pullRules } from './pullRules.ts';
import { genericError, brief, hasStatus, parseObject, says, type Rule } from '../../http/client/rule.ts';
import { ownWords } from './serverWords.ts';
import type { FailedResponse } from '../../http/transport.ts';
import { localizable, type LocalizableMessage } from '../../http/message.ts';
import { errorText } from '../../http/json.ts';

/**
 * Ordered from specific to general. Texts come first, because statuses mislead (an invalid option is a 500,
 * and so is running out of memory); statuses follow.
 */
const rules: readonly Rule[] = [
  ...pullRules,
  ...accountRules,
  ...modelRules,
  { when: says(/server busy|maximum pending requests/i), kind: 'busy', make: genericError(busySentence) },
  {
    when: hasStatus(401),
    kind: 'unauthorized',
    make: genericError((a) =>
      localizable(
        'The server at {0} wants a key or a sign-in: check the headers that CodeWorm sends, or sign in with Ollama.',
        a.origin,
      ),
    ),
    quote: /./,
  },
  {
    when: hasStatus(403),
    kind: 'forbidden',
    make: genericError((a) =>
      localizable(
        'The server at {0} refuses requests from here (403): allow this host with OLLAMA_HOST or OLLAMA_ORIGINS on the server, or check the key.',
        a.origin,
      ),
    ),
    quote: /./,
  },
  {
    when: hasStatus(407),
    kind: 'proxy',
    make: genericError(() =>
      localizable('The proxy on the way to the server wants a sign-in (407): check the proxy settings.'),
    ),
  },
  {
    when: hasStatus(408, 504, 522, 524),
    kind: 'gatewayTimeout',
    make: (a, _, details) =>
      new OllamaTimeoutError(
        localizable(
          "The gateway at {0} did not wait long enough for Ollama ({1}): try again, or raise the gateway's read timeout.",
          a.origin,
          a.status,
        ),
        details,
      ),
    quote: /./,
  },
  {
    when: hasStatus(502, 520, 521, 523),
    kind: 'gateway',
    make: (a, _, details) =>
      new OllamaConnectionError(
        localizable(
          'The gateway at {0} cannot reach its Ollama server ({1}): check that Ollama runs behind it.',
          a.origin,
          a.status,
        ),
        details,
      ),
    quote: /./,
  },
  { when: hasStatus(429, 503), kind: 'busy', make: genericError(busySentence), quote: /./ },
  {
    when: hasStatus(413),
    kind: 'badRequest',
    make: genericError((a) =>
      localizable(
        'The gateway at {0} refuses so long a request (413): ask about less code, or raise its limit.',
        a.origin,
      ),
    ),
    quote: /./,
  },
  {
    when: (a) => a.status !== undefined && !isJsonError(a.body),
    kind: 'notOllama',
    make: (a, _, details) =>
      new OllamaProtocolError(
        localizable(
          'What answers at {0} does not look like an Ollama server ({1} for {2}): check the address.',
          a.origin,
          a.status,
          a.path,
        ),
        details,
      ),
  },
  {
    when: (a) => (a.status ?? 0) >= 400 && (a.status ?? 0) < 500,
    kind: 'badRequest',
    make: genericError((a, text) =>
      localizable(
        'The server did not accept the request ({0}: {1}): check the settings.',
        a.status,
        brief(text),
      ),
    ),
  },
  {
    when: says(/option "\w+" must be of type|invalid (?:format|options?)/i),
    kind: 'badRequest',
    make: genericError((_, text) =>
      localizable('The server did not accept an option ({0}): check the settings.', brief(text)),
    ),
  },
];

/**
 * Turns an unsuccessful response into the error to throw. Server texts are matched only here and in the rules
 * for a pull. The texts are from `recordings/` and Ollama's source.
 */
export function classify(answer: FailedResponse): OllamaError {
  const text = serverText(answer.body);
  const rule = rules.find(({ when }) => when(answer, text));
  const details: ErrorDetails = {
    status: answer.status,
    retryAfterMs: answer.retryAfterMs,
    cause: text ? new Error(brief(text, 2000)) : undefined,
  };
  if (rule)
    return rule.make(answer, text, { ...details, kind: rule.kind, serverText: quoted(rule, answer, text) });
  const what = answer.status ? `${answer.status}: ${brief(text)}` : brief(text);
  return new OllamaError(localizable('The server reported an error ({0}).', what), details);
}

function quoted({ quote }: Rule, answer: FailedResponse, text: string): string | undefined {
  return quote?.test(text) ? ownWords(answer, text) : undefined;
}

/** The innermost message: the runner's own error is JSON inside the `error` string. */
function serverText(body: string): string {
  const value = parseObject(body);
  if (!value || !('error' in value)) return body;
  const text = errorText(value['error']);
  const inner = text.startsWith('{') ? parseObject(text) : undefined;
  return inner && 'error' in inner ? JSON.stringify(inner['error']) : text;
}

function isJsonError(body: string): boolean {
  const value = parseObject(body);
  return value !== undefined && 'error' in value;
}

function busySentence({ origin, status }: FailedResponse): LocalizableMessage {
  return status
    ? localizable('The server at {0} is busy ({1}): try again in a moment.', origin, status)
    : localizable('The server at {0} is busy: try again in a moment.', origin);
}

import {
  OllamaConnectionError,
  OllamaProtocolError,
  OllamaTimeoutError,
  type OllamaError,
} from '../../http/errors.ts';
import { accountRules } from './accountRules.ts';
import { modelRules } from './modelRules.ts';
import { pullRules } from './pullRules.ts';
import {
  badRequestRule,
  busyRule,
  busySentence,
  proxySignInRule,
  tooLargeRule,
} from '../../http/client/statusRules.ts';
import { genericError, brief, hasStatus, parseObject, says, type Rule } from '../../http/client/rule.ts';
import { classifyBy, type ServerWords } from '../../http/client/classify.ts';
import { messageIn, stock } from './serverWords.ts';
import type { FailedResponse } from '../../http/transport.ts';
import { localizable } from '../../http/message.ts';
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
  proxySignInRule,
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
  busyRule,
  tooLargeRule,
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
  badRequestRule,
  {
    when: says(/option "\w+" must be of type|invalid (?:format|options?)/i),
    kind: 'badRequest',
    make: genericError((_, text) =>
      localizable('The server did not accept an option ({0}): check the settings.', brief(text)),
    ),
  },
];

/** How Ollama's errors are read. Server texts are matched only here and in the rules. */
export const ollamaWords: ServerWords = {
  rules,
  stock,
  isOwnError: ({ error }) => error !== undefined,
  messageIn,
};

/**
 * Turns an unsuccessful response into the error to throw. The texts are from `recordings/` and Ollama's source.
 */
export function classify(failed: FailedResponse): OllamaError {
  return classifyBy(ollamaWords, failed, serverText(failed.body));
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

import type { OllamaError } from '../../http/errors.ts';
import { accountRules } from './accountRules.ts';
import { modelRules } from './modelRules.ts';
import { pullRules } from './pullRules.ts';
import {
  badRequestRule,
  busyRule,
  busySentence,
  forbiddenRule,
  gatewayRule,
  gatewayTimeoutRule,
  proxySignInRule,
  strangerRule,
  tooLargeRule,
  unauthorizedRule,
} from '../../http/client/statusRules.ts';
import { genericError, brief, hasStatus, parseObject, says, type Rule } from '../../http/client/rule.ts';
import { classifyBy, type ServerWords } from '../../http/client/classify.ts';
import { messageIn, stock } from './serverWords.ts';
import type { FailedResponse } from '../../http/transport.ts';
import { localizable } from '../../http/message.ts';
import { errorText } from '../../http/json.ts';

/** Ollama itself answers 403 only to a host or an origin that it does not know. */
const originRule: Rule = {
  when: hasStatus(403),
  kind: 'forbidden',
  make: genericError((a) =>
    localizable(
      'The server at {0} refuses requests from here (403): allow this host with OLLAMA_HOST or OLLAMA_ORIGINS on the server, or check the key.',
      a.origin,
    ),
  ),
  quote: /./,
};

/**
 * Ordered from specific to general. Texts come first, because statuses mislead (an invalid option is a 500,
 * and so is running out of memory); statuses follow.
 */
const rules: readonly Rule[] = [
  ...pullRules,
  ...accountRules,
  ...modelRules,
  { when: says(/server busy|maximum pending requests/i), kind: 'busy', make: genericError(busySentence) },
  unauthorizedRule,
  originRule,
  proxySignInRule,
  gatewayTimeoutRule,
  gatewayRule,
  busyRule,
  tooLargeRule,
  strangerRule((a) => a.status !== undefined && !isJsonError(a.body)),
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

const unknownWords: ServerWords = {
  ...ollamaWords,
  rules: rules.map((rule) => (rule === originRule ? forbiddenRule : rule)),
};

/**
 * Turns an unsuccessful response into the error to throw. The texts are from `recordings/` and Ollama's source.
 */
export function classify(failed: FailedResponse): OllamaError {
  return classifyBy(ollamaWords, failed, serverText(failed.body));
}

/** The same for a server that may be another one. */
export function classifyUnknown(failed: FailedResponse): OllamaError {
  return classifyBy(unknownWords, failed, serverText(failed.body));
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

import {
  OllamaConnectionError,
  OllamaContextError,
  OllamaError,
  OllamaModelNotFoundError,
  OllamaProtocolError,
  OllamaTimeoutError,
  type ErrorDetails,
} from '../../http/errors.ts';
import { pullRules } from './pullRules.ts';
import { genericError, brief, hasStatus, modelError, says, type Rule } from './rule.ts';
import type { FailedResponse, ServerErrors } from '../../http/transport.ts';
import { localizable, type LocalizableMessage } from '../../http/message.ts';
import { errorText, isFields } from '../../http/json.ts';

/** The texts that Ollama itself counts as out of memory (its `llm/status.go`), and those of older servers. */
const outOfMemory =
  /out of (?:device )?memory|(?:cuda|hip)malloc failed|failed to allocate|allocation failed|not enough memory|insufficient memory|vk_error_out_of_(?:device|host)_memory|erroroutof(?:device|host)?memory|requires more system memory|more (?:system )?memory .*than is available|unable to allocate/i;
/** Older servers only say that the runner ended while it loaded; nearly always that is memory. */
const olderRunnerEnded = /llama runner process has terminated/i;
const damaged =
  /invalid file magic|tensor .*exceeds file size|unable to load model|error loading model|unknown model architecture/i;
const runnerDied =
  /error was encountered while running the model|model runner has unexpectedly stopped|process (?:no longer running|has terminated)|runner (?:process )?(?:crashed|exited|is not running)/i;

/**
 * From the most telling to the least: texts first, because statuses mislead (a wrong option is a 500, and so
 * is running out of memory), then statuses.
 */
const rules: readonly Rule[] = [
  ...pullRules,
  {
    when: says(
      /exceed_context_size_error|exceeds the (?:available )?(?:context|maximum)|input length exceeds/i,
    ),
    kind: 'contextExceeded',
    make: contextError,
  },
  { when: says(outOfMemory), kind: 'outOfMemory', make: modelError(outOfMemorySentence) },
  {
    when: says(damaged),
    kind: 'damagedModel',
    make: modelError((a) =>
      localizable(
        'The file of the model "{0}" cannot be loaded: pull the model again, or update Ollama.',
        a.model,
      ),
    ),
  },
  { when: says(olderRunnerEnded), kind: 'outOfMemory', make: modelError(outOfMemorySentence) },
  {
    when: says(/timed out waiting for (?:llama-server|llama runner|server) to start/i),
    kind: 'loadTimeout',
    make: (a, _, details) =>
      new OllamaTimeoutError(
        localizable(
          'Loading the model "{0}" took longer than the server allows: try again, or use a smaller model.',
          a.model,
        ),
        details,
      ),
  },
  {
    when: says(runnerDied),
    kind: 'runnerDied',
    make: modelError((a) =>
      localizable(
        'The model "{0}" stopped unexpectedly, perhaps for lack of memory: try again, or use a smaller model or context window.',
        a.model,
      ),
    ),
  },
  { when: says(/server busy|maximum pending requests/i), kind: 'busy', make: genericError(busySentence) },
  {
    when: (a, text) => (a.status === 404 || a.status === undefined) && /model .*not found/i.test(text),
    kind: 'modelNotFound',
    make: (a, text, details) =>
      new OllamaModelNotFoundError(
        notFoundSentence(a),
        /model ['"]([^'"]*)['"]/.exec(text)?.[1] || a.model,
        details,
      ),
  },
  {
    when: says(/does not support|do(?:es)? not support multimodal/i),
    kind: 'unsupported',
    make: genericError((a, text) =>
      localizable(
        'The model "{0}" cannot do this ({1}): choose another model.',
        a.model,
        unsupportedFeature(text),
      ),
    ),
  },
  {
    when: hasStatus(401),
    kind: 'unauthorized',
    make: genericError((a) =>
      localizable(
        'The server at {0} wants a key or a sign-in: check the headers that CodeWorm sends, or sign in with Ollama.',
        a.origin,
      ),
    ),
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
  },
  { when: hasStatus(429, 503), kind: 'busy', make: genericError(busySentence) },
  {
    when: hasStatus(413),
    kind: 'badRequest',
    make: genericError((a) =>
      localizable(
        'The gateway at {0} refuses so long a request (413): ask about less code, or raise its limit.',
        a.origin,
      ),
    ),
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
 * Turns an answer that is not a success into the error to throw: the only place, with its rules for a pull, where
 * texts of servers are matched (the texts are those of `recordings/` and of Ollama's source).
 */
export function classify(answer: FailedResponse): OllamaError {
  const text = serverText(answer.body);
  const rule = rules.find(({ when }) => when(answer, text));
  const details: ErrorDetails = {
    status: answer.status,
    retryAfterMs: answer.retryAfterMs,
    cause: text ? new Error(brief(text, 2000)) : undefined,
  };
  if (rule) return rule.make(answer, text, { ...details, kind: rule.kind });
  const what = answer.status ? `${answer.status}: ${brief(text)}` : brief(text);
  return new OllamaError(localizable('The server reported an error ({0}).', what), details);
}

/** The innermost message: the runner's own answer comes as JSON inside the `error` string. */
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

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function contextError(_: FailedResponse, text: string, details: ErrorDetails): OllamaError {
  const number = (...patterns: RegExp[]) => Number(patterns.map((p) => p.exec(text)?.[1]).find(Boolean) ?? 0);
  const prompt = number(/"n_prompt_tokens":\s*(\d+)/, /request \((\d+) tokens/);
  const window = number(/"n_ctx":\s*(\d+)/, /context size \((\d+) tokens/);
  const message =
    prompt && window
      ? localizable(
          'The prompt does not fit the context window ({0} of {1} tokens): ask about less code, or raise the context size.',
          prompt,
          window,
        )
      : localizable(
          'The prompt does not fit the context window: ask about less code, or raise the context size.',
        );
  return new OllamaContextError(message, prompt, window, details);
}

function outOfMemorySentence({ model: name }: FailedResponse): LocalizableMessage {
  return localizable(
    'There is not enough memory to load the model "{0}": use a smaller model or context window, or unload other models.',
    name,
  );
}

function notFoundSentence({ model: name, origin }: FailedResponse): LocalizableMessage {
  return localizable(
    'The model "{0}" is not installed on {1}: pull it ("ollama pull {0}"), or choose another one.',
    name,
    origin,
  );
}

function busySentence({ origin, status }: FailedResponse): LocalizableMessage {
  return status
    ? localizable('The server at {0} is busy ({1}): try again in a moment.', origin, status)
    : localizable('The server at {0} is busy: try again in a moment.', origin);
}

function unsupportedFeature(text: string): string {
  return /does not support ([\w ]{1,30})/i.exec(text)?.[1]?.trim() ?? 'not supported';
}

/** The errors of an Ollama server, for the transport. */
export const ollamaErrors: ServerErrors = {
  classify,
  notJson: (origin, path, cause) =>
    new OllamaProtocolError(
      localizable(
        'What answers at {0} does not look like an Ollama server (no JSON for {1}): check the address.',
        origin,
        path,
      ),
      { kind: 'notOllama', cause },
    ),
};

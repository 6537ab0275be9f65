import { repeatedMessage } from './serverErrors.ts';
import {
  OllamaContextError,
  OllamaModelNotFoundError,
  OllamaTimeoutError,
  type ErrorDetails,
  type OllamaError,
} from '../../http/errors.ts';
import { localizable, type LocalizableMessage } from '../../http/message.ts';
import type { FailedResponse } from '../../http/transport.ts';
import { brief, genericError, modelError, says, type Rule } from '../../http/client/rule.ts';
import { unparsableRule } from '../../http/client/statusRules.ts';

/** The texts that Ollama itself treats as out of memory (its `llm/status.go`), and those of older servers. */
const outOfMemory =
  /out of (?:device )?memory|(?:cuda|hip)malloc failed|failed to allocate|allocation failed|not enough memory|insufficient memory|vk_error_out_of_(?:device|host)_memory|erroroutof(?:device|host)?memory|requires more system memory|more (?:system )?memory .*than is available|unable to allocate/i;
/** Older servers report only that the runner ended while loading. The cause is nearly always memory. */
const olderRunnerEnded = /llama runner process has terminated/i;
const damaged =
  /invalid file magic|tensor .*exceeds file size|unable to load model|error loading model|unknown model architecture/i;
/** The server's parser cannot read the model's answer. */
const unparsable =
  /error parsing (?:tool calls?|response|thinking|output|message)|(?:failed|unable|error) (?:to )?pars(?:e|ing) (?:the )?(?:tool|function|harmony|response|output)|(?:tool call|harmony|response) pars(?:er?|ing) (?:error|failed)|XML syntax error|invalid tool call|unexpected (?:channel|harmony|role) (?:token|message|header)/i;
/** All texts for a prompt that does not fit the context window. */
const tooLong =
  /exceed_context_size_error|exceeds? the (?:available |model'?s? )?(?:context|maximum)|input length exceeds|longer than the (?:maximum |model'?s? )?context|maximum context (?:length|window|size)|prompt is too long/i;
const runnerDied =
  /error was encountered while running the model|model runner has unexpectedly stopped|process (?:no longer running|has terminated)|runner (?:process )?(?:crashed|exited|is not running)/i;

/** Problems with a model or its answer, recognized by text because statuses mislead here. */
export const modelRules: readonly Rule[] = [
  {
    when: says(tooLong),
    kind: 'contextExceeded',
    make: contextError,
    quote: /longer than|maximum|too long/i,
  },
  {
    when: says(outOfMemory),
    kind: 'outOfMemory',
    make: modelError(outOfMemorySentence),
    quote: /more (?:system )?memory/i,
  },
  {
    when: says(damaged),
    kind: 'damagedModel',
    make: modelError((a) =>
      localizable(
        'The file of the model "{0}" cannot be loaded: pull the model again, or update Ollama.',
        a.model,
      ),
    ),
    quote: /./,
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
    quote: /./,
  },
  {
    when: says(/token repeat limit|prediction aborted/i),
    kind: 'repeated',
    make: genericError((a) => repeatedMessage(a.model)),
  },
  unparsableRule(unparsable),
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
    when: says(/does not support thinking|invalid think value|think value .*not supported/i),
    kind: 'thinkUnsupported',
    make: genericError((a, text) =>
      localizable(
        'The model "{0}" cannot think as the setting codeworm.think wants ({1}): change the setting, or choose another model.',
        a.model,
        brief(text),
      ),
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
];

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

function unsupportedFeature(text: string): string {
  return /does not support ([\w ]{1,30})/i.exec(text)?.[1]?.trim() ?? 'not supported';
}

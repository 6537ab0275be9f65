import { brief, genericError, hasStatus, modelError, says, type Rule } from '../../http/client/rule.ts';
import {
  badRequestRule,
  busyRule,
  forbiddenRule,
  gatewayRule,
  gatewayTimeoutRule,
  proxySignInRule,
  strangerRule,
  tooLargeRule,
  unauthorizedRule,
  unparsableRule,
} from '../../http/client/statusRules.ts';
import { OllamaModelNotFoundError } from '../../http/errors.ts';
import { localizable } from '../../http/message.ts';
import type { FailedResponse } from '../../http/transport.ts';
import type { Ability } from '../fieldSupport.ts';
import { contextRule } from './contextRule.ts';

/** llama-server's text is recorded; the others are from vLLM, LM Studio, LiteLLM, KubeAI and OpenAI. */
const unknownModel =
  /model_not_found|model .{0,200}(?:does not exist|not found|is not (?:available|loaded)|decommissioned)|invalid model name passed|invalid model id|not a valid model|no models? (?:is |are )?(?:currently )?loaded|unknown model|DeploymentNotFound|API deployment .{0,80}does not exist|no endpoints found for/i;
const loading = /loading model|model (?:is )?(?:still )?loading|is currently loading/i;
const outOfMemory =
  /out of (?:device )?memory|OutOfMemoryError|failed to allocate|(?:insufficient|not enough) memory/i;
const engineDied =
  /EngineDeadError|EngineCore encountered|engine (?:loop )?(?:is dead|has died)|worker (?:process )?died/i;
const unparsable = /failed to parse (?:the )?(?:input|output|response|tool)|error parsing (?:tool|response)/i;
const quota =
  /insufficient_quota|exceeded your current quota|budget has been exceeded|billing|insufficient (?:credits|balance|funds)|credit balance/i;
const noKey =
  /api key (?:is )?(?:not valid|invalid|missing|expired|required)|(?:invalid|incorrect|missing|no) api key/i;
const noImages =
  /image input is not supported|not a multimodal model|at most 0 images?|(?:does not|doesn't) support (?:image|vision|multimodal)/i;
const noTools =
  /--enable-auto-tool-choice|tools? param requires --jinja|(?:does not|doesn't) support (?:tools|tool use|function calling)|no endpoints found that support tool/i;
const noGaps = /suffix is not (?:currently )?supported|infill is not supported/i;

/** What the server says that it, or its model, cannot do. */
export function refusedAbility(text: string): Ability | undefined {
  if (noTools.test(text)) return 'tools';
  if (noImages.test(text)) return 'images';
  return noGaps.test(text) ? 'infill' : undefined;
}

/** Whether the server is starting, as opposed to overloaded, so that waiting helps. */
export function isLoading({ status, body }: Pick<FailedResponse, 'status' | 'body'>): boolean {
  return status === 503 && loading.test(body);
}

/** Whether the server does not have this path of the protocol. */
function isUnknownPath({ status, body }: FailedResponse, text: string): boolean {
  if (status === 405) return true;
  return (
    status === 404 &&
    (/^(?:File |Resource )?Not Found$/i.test(text.trim()) || /"detail":\s*"Not Found"/.test(body))
  );
}

/** A failing server of this protocol may answer with a few words instead of JSON, but not with a page. */
function isStrange(answer: FailedResponse, text: string): boolean {
  const { status = 400, body } = answer;
  if (status < 400 || isUnknownPath(answer, text)) return answer.status !== undefined;
  return answer.status !== undefined && !isJson(answer) && (status < 500 || /^\s*</.test(body));
}

function isJson({ body }: FailedResponse): boolean {
  return /^\s*\[?\s*\{/.test(body);
}

/**
 * Ordered from specific to general. Texts come first, because statuses mislead (images are refused with 500).
 */
export const rules: readonly Rule[] = [
  contextRule,
  {
    when: (a, text) => isLoading({ ...a, body: text }),
    kind: 'busy',
    make: genericError((a) =>
      localizable('The server at {0} is still loading its model: try again in a moment.', a.origin),
    ),
  },
  {
    when: (a, text) => (a.status === undefined || a.status < 500) && unknownModel.test(text),
    kind: 'modelNotFound',
    make: (a, _, details) =>
      new OllamaModelNotFoundError(
        localizable(
          'The server at {0} does not have the model "{1}": check the name, or choose another one.',
          a.origin,
          a.model,
        ),
        a.model,
        details,
      ),
    quote: /decommissioned|loaded|deployment|no endpoints/i,
  },
  {
    when: (a, text) => a.status !== 429 && outOfMemory.test(text),
    kind: 'runnerDied',
    make: modelError((a) =>
      localizable(
        'The server at {0} has run out of memory with the model "{1}": ask about less code, or start it with a smaller model or window.',
        a.origin,
        a.model,
      ),
    ),
    quote: /./,
  },
  {
    when: says(engineDied),
    kind: 'runnerDied',
    make: modelError((a) =>
      localizable(
        'The model "{0}" stopped unexpectedly on the server at {1}: try again, and check the log of the server.',
        a.model,
        a.origin,
      ),
    ),
    quote: /./,
  },
  unparsableRule(unparsable),
  ...[noImages, noTools, noGaps].map((pattern): Rule => ({
    when: says(pattern),
    kind: 'unsupported',
    make: genericError(unsupported),
  })),
  { when: hasStatus(501), kind: 'unsupported', make: genericError(unsupported) },
  {
    when: (a, text) =>
      a.status === 402 || (quota.test(text) && [400, 403, 429, undefined].includes(a.status)),
    kind: 'quota',
    make: genericError((_, text) =>
      localizable(
        'A usage limit is reached ({0}): wait until it is over, or ask the administrator of the server.',
        brief(text, 300),
      ),
    ),
  },
  unauthorizedRule,
  { ...unauthorizedRule, when: (a, text) => a.status === 400 && noKey.test(text) },
  forbiddenRule,
  proxySignInRule,
  gatewayTimeoutRule,
  gatewayRule,
  busyRule,
  tooLargeRule,
  strangerRule(isStrange),
  badRequestRule,
];

function unsupported({ model }: FailedResponse, text: string) {
  return localizable('The model "{0}" cannot do this ({1}): choose another model.', model, brief(text));
}

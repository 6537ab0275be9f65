import type { CommonDependencies } from '../http/client/dependencies.ts';
import { parseObject } from '../http/client/rule.ts';
import { parseSettings, type OllamaSettings } from '../http/client/settings.ts';
import { OllamaApprovalError, OllamaError } from '../http/errors.ts';
import { isFields, parseJson } from '../http/json.ts';
import { defaultLiveness } from '../http/liveness.ts';
import { Transport, type FailedResponse } from '../http/transport.ts';
import { openAIErrors } from './errors/serverErrors.ts';
import { readModels } from './models.ts';

/** Time limit in milliseconds for one request. */
const questionMs = 5000;

/** Requests whose answers identify a server of this protocol, most specific first. */
const questions: readonly [path: string, isAnswer: (answer: unknown) => boolean][] = [
  ['/v1/models', isModelList],
  ['/props', (answer) => isFields(answer) && isFields(answer['default_generation_settings'])],
  ['/health', (answer) => isFields(answer) && answer['status'] === 'ok'],
];

/** Stricter than a client that knows whom it asks: many programs answer everything with some JSON. */
function isModelList(answer: unknown): boolean {
  if (!isFields(answer) || !Array.isArray(answer['data'])) return false;
  const models = readModels(answer) ?? [];
  // Ollama's own list in this protocol: it is Ollama that refused to tell its version.
  if (models.some(({ ownedBy }) => ownedBy === 'library')) return false;
  return answer['object'] === 'list' || models.length > 0;
}

/**
 * Whether an address uses OpenAI's protocol: it lists its models, or refuses to in the protocol's own form,
 * as a server that requires a key or is still loading.
 * @returns `undefined` when it does not answer, or may not be contacted
 */
export async function speaksOpenAI(
  settings: OllamaSettings,
  dependencies: CommonDependencies,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  const { guard, fetch } = dependencies;
  const liveness = { ...defaultLiveness, ...dependencies.liveness };
  const failures: FailedResponse[] = [];
  const errors = {
    ...openAIErrors,
    classify: (failure: FailedResponse) => {
      failures.push(failure);
      return openAIErrors.classify(failure);
    },
  };
  const transport = new Transport({ ...parseSettings(settings), errors, fetch, guard, liveness });
  try {
    for (const [path, isAnswer] of questions) {
      const answer = await ask(transport, path, signal);
      if (answer === 'unreachable') return undefined;
      if (answer.value !== undefined && isAnswer(answer.value)) return true;
      if (failures.some(isOwnRefusal)) return true;
    }
    return false;
  } finally {
    await transport.close();
  }
}

async function ask(
  transport: Transport,
  path: string,
  signal: AbortSignal,
): Promise<{ value?: unknown } | 'unreachable'> {
  try {
    return { value: parseJson(await transport.text({ method: 'GET', path, signal, totalMs: questionMs })) };
  } catch (error) {
    signal.throwIfAborted();
    const hasAnswered = error instanceof OllamaError && error.status !== undefined;
    return hasAnswered && !(error instanceof OllamaApprovalError) ? {} : 'unreachable';
  }
}

/** A gateway's page says nothing about the server behind it; an error in the protocol's form does. */
function isOwnRefusal({ status, body }: FailedResponse): boolean {
  const error = parseObject(body)?.['error'];
  const isOfProtocol = isFields(error) && typeof error['message'] === 'string';
  return isOfProtocol && [401, 403, 429, 503].includes(status ?? 0);
}

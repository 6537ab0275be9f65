import { leastAnswerTokens } from '../http/client/answerLimit.ts';
import type { GenerateRequest, Phase } from '../http/client/generation.ts';
import { delay } from '../http/delay.ts';
import { OllamaContextError, OllamaError } from '../http/errors.ts';
import type { StreamedResponse } from '../http/transport.ts';
import type { ClientContext } from './context.ts';
import { isLoading } from './errors/rules.ts';
import { wireRequest, type WireRequest } from './requestBody.ts';
import type { AnswerWindow } from './serverModels.ts';

/** Milliseconds between two checks whether a starting server is ready. */
const loadingPollMs = 1000;
/**
 * Most times a request is sent again to a loading server: behind a gateway, another server may be loading
 * too.
 */
const mostLoads = 5;

/** One request of an attempt. */
export interface Sending {
  request: GenerateRequest;
  window: AnswerWindow;
  signal: AbortSignal;
  tell: (phase: Phase) => void;
  /** Called each time when the request is written to a connection. */
  onConnected: () => void;
}

/** An accepted request in its final form. */
export interface Sent {
  response: StreamedResponse;
  path: WireRequest['path'];
  window: AnswerWindow;
}

/**
 * Sends a request until the server accepts it: without a field that the server does not know, with a shorter
 * answer if the context window has less space, and after the server has loaded its model. Nothing visible is
 * repeated.
 * @throws OllamaError; the signal's reason when it aborts
 */
export async function sendRequest(context: ClientContext, sending: Sending): Promise<Sent> {
  const { log } = context;
  const { signal } = sending;
  let { window } = sending;
  for (let loads = 0; ;) {
    const wire = wireOf(context, sending.request, window);
    try {
      return { response: await post(context, sending, wire), path: wire.path, window };
    } catch (error) {
      signal.throwIfAborted();
      if (isOfLoading(error) && loads++ < mostLoads && (await isLoadedLater(context, sending))) continue;
      const smaller = smallerAnswer(error, window);
      if (smaller === undefined && refusedField(context, window.model, wire, error) === undefined)
        throw error;
      if (smaller !== undefined) {
        log.info('answer_shortened', { model: window.model, maxTokens: smaller });
        window = shortened(window, smaller);
      }
    }
  }
}

/**
 * Does something that a loading server refuses, again after it has loaded its model.
 * @throws what `work` throws otherwise; the signal's reason when it aborts
 */
export async function afterLoading<T>(
  context: ClientContext,
  waiting: Pick<Sending, 'signal' | 'tell'>,
  work: () => Promise<T>,
): Promise<T> {
  for (let loads = 0; ; loads++) {
    try {
      return await work();
    } catch (error) {
      waiting.signal.throwIfAborted();
      if (!isOfLoading(error) || loads >= mostLoads || !(await isLoadedLater(context, waiting))) throw error;
    }
  }
}

/** A request in the form that the server understands. */
export function wireOf(
  { settings, models, fields, transport }: ClientContext,
  request: GenerateRequest,
  { model, maxTokens }: Pick<AnswerWindow, 'model' | 'maxTokens'>,
): WireRequest {
  return wireRequest(settings, request, {
    model,
    maxTokens,
    canInfill: models.isLlamaServer,
    knowsPriority: models.isVllm,
    isRefused: (field) => fields.has(transport.address, model, field),
  });
}

function post(
  { transport }: ClientContext,
  { window, signal, tell, onConnected }: Sending,
  { path, body }: WireRequest,
): Promise<StreamedResponse> {
  return transport.send({
    method: 'POST',
    path,
    json: body,
    signal,
    model: window.model,
    onConnected,
    onReached: () => tell('reading'),
  });
}

function refusedField(
  { fields, transport, log }: ClientContext,
  model: string,
  { body }: WireRequest,
  error: unknown,
): string | undefined {
  const field = fields.learn(transport.address, model, body, error);
  if (field !== undefined) log.info('field_refused', { model, field });
  return field;
}

/** The tokens left for the answer, if only the answer does not fit. */
function smallerAnswer(error: unknown, { maxTokens }: AnswerWindow): number | undefined {
  if (!(error instanceof OllamaContextError)) return undefined;
  const { promptTokens, contextTokens } = error;
  const left = contextTokens - promptTokens;
  const isOfAnswer = promptTokens > 0 && left >= leastAnswerTokens && (maxTokens <= 0 || maxTokens > left);
  return isOfAnswer ? left : undefined;
}

function shortened(window: AnswerWindow, maxTokens: number): AnswerWindow {
  return { ...window, maxTokens, isLimited: true };
}

function isOfLoading(error: unknown): boolean {
  if (!(error instanceof OllamaError) || error.status === undefined) return false;
  const body = error.cause instanceof Error ? error.cause.message : '';
  return isLoading({ status: error.status, body });
}

/**
 * Waits until the server is ready, at most for the idle timeout.
 * @returns whether it is ready
 * @throws the signal's reason when it aborts
 */
async function isLoadedLater(
  { api, log, settings }: ClientContext,
  { signal, tell }: Pick<Sending, 'signal' | 'tell'>,
): Promise<boolean> {
  log.info('server_loading');
  tell('loading');
  const since = performance.now();
  while (performance.now() - since < settings.idleTimeoutMs) {
    await delay(loadingPollMs, signal);
    if (!(await api.isLoading(signal))) return true;
  }
  return false;
}

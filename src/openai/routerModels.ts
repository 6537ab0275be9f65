import { delay } from '../http/delay.ts';
import { OllamaError, OllamaModelError } from '../http/errors.ts';
import { localizable } from '../http/message.ts';
import type { ClientContext } from './context.ts';

/** Milliseconds between two requests for the list while a model is loaded or unloaded: first, and most. */
const poll = { firstMs: 100, mostMs: 1000 };
/** Most milliseconds until an unloaded model is gone. */
const unloadMs = 10_000;

type Context = Pick<ClientContext, 'api' | 'models' | 'settings' | 'transport'>;

/**
 * Loads a model of llama-server's router, and waits until it is ready, at most for the idle timeout. A router that
 * refuses is left alone: perhaps it loads the model with the next request.
 * @returns milliseconds that it took; 0 when the model was loaded already, or nothing is known about it
 * @throws OllamaModelError when the load fails; OllamaError; the signal's reason when it aborts
 */
export async function loadByRouter(context: Context, model: string, signal: AbortSignal): Promise<number> {
  const { api, models, settings, transport } = context;
  const state = models.stateOf(model);
  if (state === undefined || state === 'loaded') return 0;
  const since = performance.now();
  if (state !== 'loading' && !(await isAccepted(api.change('load', model, signal)))) return 0;
  const isOver = (): boolean => models.stateOf(model) !== 'loading';
  await watch(context, isOver, settings.idleTimeoutMs, signal);
  if (models.stateOf(model) === 'failed') throw notLoaded(model, transport.origin);
  const loadMs = performance.now() - since;
  models.stats.noteLoad(model, loadMs);
  return loadMs;
}

/**
 * Unloads a model of llama-server's router, and waits until it is gone.
 * @throws OllamaError; the signal's reason when it aborts
 */
export async function unloadByRouter(context: Context, model: string, signal: AbortSignal): Promise<void> {
  await context.api.change('unload', model, signal);
  await watch(context, () => context.models.stateOf(model) !== 'loaded', unloadMs, signal);
}

/** Whether the router does it. One that is already doing it refuses. */
async function isAccepted(request: Promise<void>): Promise<boolean> {
  try {
    await request;
    return true;
  } catch (error) {
    if (!(error instanceof OllamaError) || error.status === undefined) throw error;
    const text = error.cause instanceof Error ? error.cause.message : '';
    return /already running/i.test(text);
  }
}

async function watch(
  { models }: Context,
  isOver: () => boolean,
  mostMs: number,
  signal: AbortSignal,
): Promise<void> {
  const since = performance.now();
  for (let pauseMs = poll.firstMs; ; pauseMs = Math.min(2 * pauseMs, poll.mostMs)) {
    await models.list.fresh(signal);
    if (isOver() || performance.now() - since > mostMs) return;
    await delay(pauseMs, signal);
  }
}

function notLoaded(model: string, origin: string): OllamaModelError {
  const message = localizable(
    'The model "{0}" stopped unexpectedly on the server at {1}: try again, and check the log of the server.',
    model,
    origin,
  );
  return new OllamaModelError(message, { kind: 'runnerDied', isFixedServer: true });
}

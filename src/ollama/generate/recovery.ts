import { delay } from '../../http/delay.ts';
import { OllamaError, OllamaModelError } from '../../http/errors.ts';
import type { Logger } from '../../http/logger.ts';
import type { ModelRegistry } from './modelRegistry.ts';
import type { Api } from '../api/api.ts';
import { sameModel } from '../modelName.ts';
import { recoverySteps } from './recoverySteps.ts';
import { Semaphore } from '../../http/semaphore.ts';
import { localizable } from '../../http/message.ts';

/**
 * Milliseconds between two requests of `/api/ps` while a model is being unloaded, and the time limit for it.
 */
const unloadPoll = { everyMs: 100, patienceMs: 10_000 };

/** Makes a model fit into memory by loading it with a smaller context window. */
export class OutOfMemoryRecovery {
  private readonly api: Api;
  private readonly models: ModelRegistry;
  private readonly log: Logger;
  /** Two recoveries at once would unload each other's model. */
  private readonly turn = new Semaphore(1);

  constructor(api: Api, models: ModelRegistry, log: Logger) {
    this.api = api;
    this.models = models;
    this.log = log;
  }

  /**
   * Unloads the model and loads it with ever smaller context windows until one fits. Remembers the size.
   * @param failed the context size in tokens that was too large
   * @param announce called with each size before it is tried
   * @throws OllamaModelError when not even the smallest fits; what loading throws otherwise
   */
  async run(
    model: string,
    failed: number,
    signal: AbortSignal,
    announce: (numCtx: number) => void,
  ): Promise<void> {
    const release = await this.turn.acquire(signal);
    try {
      const reduced = this.models.stats.reducedNumCtx(model);
      // Another call has already recovered.
      if (reduced !== undefined && reduced < failed) return;
      await this.descend(model, failed, recoverySteps(failed, reduced !== undefined), signal, announce);
    } finally {
      release();
    }
  }

  /**
   * Loads the model, with a smaller context window if necessary.
   * @throws OllamaModelError when not even the smallest fits; what loading throws otherwise
   */
  async load(model: string, numCtx: number, signal: AbortSignal): Promise<void> {
    try {
      await this.loadListed(model, numCtx, signal);
    } catch (error) {
      if (!isOutOfMemory(error)) throw error;
      await this.run(model, numCtx, signal, () => undefined);
    }
  }

  /** Unloads a model and waits until `/api/ps` no longer lists it. */
  async unloadAndWait(model: string, signal: AbortSignal): Promise<void> {
    await this.api.unload(await this.models.destinations.permitUnload(model, signal), signal);
    const since = performance.now();
    while (performance.now() - since < unloadPoll.patienceMs) {
      const loaded = await this.api.loaded(signal);
      if (!loaded.some(({ name }) => sameModel(name, model))) return;
      await delay(unloadPoll.everyMs, signal);
    }
  }

  private async loadListed(model: string, numCtx: number, signal: AbortSignal): Promise<void> {
    const listed = await this.models.destinations.permit(model, signal);
    await this.api.load(listed.model, numCtx, signal);
  }

  private async descend(
    model: string,
    failed: number,
    steps: number[],
    signal: AbortSignal,
    announce: (numCtx: number) => void,
  ): Promise<void> {
    const { log } = this;
    const { stats } = this.models;
    log.warn('attempting_oom_recovery', { model, numCtx: failed, steps });
    for (const numCtx of steps) {
      announce(numCtx);
      // An older, larger instance of the model may still be loaded. Failing to unload it is no reason to
      // stop.
      await this.unloadAndWait(model, signal).catch(() => signal.throwIfAborted());
      stats.reduceNumCtx(model, numCtx);
      try {
        await this.loadListed(model, numCtx, signal);
        log.info('oom_recovery_complete', { model, numCtx });
        return;
      } catch (error) {
        if (!isOutOfMemory(error)) throw error;
      }
    }
    stats.forgetNumCtx(model);
    log.error('oom_recovery_failed', { model, least: steps.at(-1) ?? failed });
    throw await this.exhausted(model, steps.at(-1) ?? failed, signal);
  }

  private async exhausted(model: string, least: number, signal: AbortSignal): Promise<OllamaModelError> {
    const loaded = await this.api.loaded(signal).catch(() => []);
    signal.throwIfAborted();
    const others = loaded.filter(({ name }) => !sameModel(name, model)).map(({ name }) => name);
    const message =
      others.length > 0
        ? localizable(
            'There is not enough memory for the model "{0}", not even with a context window of {1} tokens: use a smaller model, or unload {2}.',
            model,
            least,
            others.join(', '),
          )
        : localizable(
            'There is not enough memory for the model "{0}", not even with a context window of {1} tokens: use a smaller model, or close other programs.',
            model,
            least,
          );
    return new OllamaModelError(message, { kind: 'outOfMemory', status: 500 });
  }
}

/** Whether an error says that the model did not fit into memory. */
export function isOutOfMemory(error: unknown): error is OllamaError {
  return error instanceof OllamaError && error.kind === 'outOfMemory';
}

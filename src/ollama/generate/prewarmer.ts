import type { ActiveCalls } from '../../http/activeCalls.ts';
import { OllamaError } from '../../http/errors.ts';
import type { Logger } from '../../http/logger.ts';
import type { ModelSelector } from './modelSelector.ts';
import type { OutOfMemoryRecovery } from './recovery.ts';

/** What prewarming needs from the client. */
export interface PrewarmerDependencies {
  log: Logger;
  origin: string;
  choice: ModelSelector;
  recovery: OutOfMemoryRecovery;
  numCtxFor: (model: string) => number;
  /** Throws when the model runs where nothing may be sent to. */
  permit: (model: string, signal: AbortSignal) => Promise<unknown>;
  calls: ActiveCalls;
}

/** Loads the model before anybody asks it something; those who come meanwhile wait for the load under way. */
export class Prewarmer {
  private readonly dependencies: PrewarmerDependencies;
  private current: Promise<boolean> | undefined;

  constructor(dependencies: PrewarmerDependencies) {
    this.dependencies = dependencies;
  }

  /** @returns whether the model is loaded now; never rejects */
  async run(signal?: AbortSignal): Promise<boolean> {
    if (signal) return this.once(signal);
    if (this.current) return this.current;
    const current = this.once().finally(() => {
      if (this.current === current) this.current = undefined;
    });
    this.current = current;
    return current;
  }

  /** Who prewarms from now on must not join one that is dying. */
  forget(): void {
    this.current = undefined;
  }

  private async once(outer?: AbortSignal): Promise<boolean> {
    const { log, origin, choice, calls } = this.dependencies;
    try {
      await calls.run(outer, (signal) => this.load(signal));
      return true;
    } catch (error) {
      choice.reconsider(error);
      log.warn('prewarm_failed', { origin, kind: error instanceof OllamaError ? error.kind : 'aborted' });
      return false;
    }
  }

  private async load(signal: AbortSignal): Promise<void> {
    const { log, choice, permit, recovery, numCtxFor } = this.dependencies;
    const started = performance.now();
    const model = await choice.model(signal);
    await permit(model, signal);
    await recovery.load(model, numCtxFor(model), signal);
    log.info('model_prewarmed', {
      model,
      numCtx: numCtxFor(model),
      ms: Math.round(performance.now() - started),
    });
  }
}

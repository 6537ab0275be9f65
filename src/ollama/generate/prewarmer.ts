import type { ActiveCalls } from '../../http/activeCalls.ts';
import { OllamaError } from '../../http/errors.ts';
import { noGuard } from '../../http/guard.ts';
import type { ClientContext } from './context.ts';

/** Loads the model before the first question. Concurrent callers share one load. */
export class Prewarmer {
  private readonly context: ClientContext;
  private readonly calls: ActiveCalls;
  private current: Promise<boolean> | undefined;

  constructor(context: ClientContext, calls: ActiveCalls) {
    this.context = context;
    this.calls = calls;
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

  /** Later callers must not join a load that is being aborted. */
  forget(): void {
    this.current = undefined;
  }

  private async once(outer?: AbortSignal): Promise<boolean> {
    const { log, models, transport } = this.context;
    try {
      await this.calls.run(outer, (signal) => this.load(signal));
      return true;
    } catch (error) {
      models.selector.reconsider(error);
      log.warn('prewarm_failed', {
        origin: transport.origin,
        kind: error instanceof OllamaError ? error.kind : 'aborted',
      });
      return false;
    }
  }

  private async load(signal: AbortSignal): Promise<void> {
    const { log, models, recovery, guard, version } = this.context;
    const started = performance.now();
    const { model } = await models.permitted(signal);
    await version.assertSupported(signal, guard !== noGuard);
    if (guard !== noGuard) await models.refresh(model, signal);
    await recovery.load(model, models.windows.choose(model, 0), signal);
    models.windows.noteUsed(model, models.numCtxFor(model));
    log.info('model_prewarmed', {
      model,
      numCtx: models.numCtxFor(model),
      ms: Math.round(performance.now() - started),
    });
  }
}

import type { EventSink } from '../../http/asyncQueue.ts';
import { delay } from '../../http/delay.ts';
import type { OllamaError } from '../../http/errors.ts';
import type { GenerateRequest, GenerationResult, StreamEvent } from '../generation.ts';
import { GenerationAttempt } from './attempt.ts';
import type { ClientContext } from './context.ts';
import { isOutOfMemory } from './recovery.ts';
import { isRetryable, retryDelayMs, type RetryPolicy } from './retry.ts';

/** A generation: the request, its retry policy, and the receiver of its events. */
interface Generation {
  request: GenerateRequest;
  policy: RetryPolicy;
  sink: EventSink<StreamEvent>;
  signal: AbortSignal;
}

/** Runs generations: each is one attempt, or as many as its policy allows. */
export class GenerationRunner {
  private readonly context: ClientContext;
  /** The attempts in progress, oldest first. */
  private readonly running = new Set<GenerationAttempt>();

  constructor(context: ClientContext) {
    this.context = context;
  }

  /**
   * Repeats attempts until an answer comes: again after transient errors, and with a smaller context window
   * after "out of memory". Never after the first content, so that no text comes twice. A recovery does not
   * count as an attempt; it ends because the windows only get smaller.
   * @throws OllamaError of the last attempt, with the partial text; the signal's reason when it aborts
   */
  async run(generation: Generation): Promise<GenerationResult> {
    const { policy, signal } = generation;
    let outOfMemory: OllamaError | undefined;
    for (let number = 1; ;) {
      const attempt = new GenerationAttempt(this.context, generation, this.running);
      const recovering = outOfMemory;
      try {
        if (recovering) await this.recover(generation, number, recovering);
        outOfMemory = undefined;
        return await attempt.run();
      } catch (error) {
        const recoveryFailed = outOfMemory !== undefined;
        outOfMemory = undefined;
        if (!attempt.mayRepeatAfter(error) || signal.aborted || policy.attempts <= 1) throw error;
        if (attempt.wasRefusedThinking) continue;
        if (isOutOfMemory(error) && !recoveryFailed) outOfMemory = error;
        else if (isRetryable(error, number) && number < policy.attempts)
          await this.pause(generation, number++, error);
        else throw error;
      }
    }
  }

  /** Loads the model with a smaller context window. Announces each size before it is tried. */
  private async recover(
    { request, sink, signal }: Generation,
    attempt: number,
    error: OllamaError,
  ): Promise<void> {
    const { models, recovery } = this.context;
    const model = await models.selector.model(signal, request.model);
    await recovery.run(model, models.numCtxFor(model), signal, (numCtx) =>
      sink.push({ type: 'retry', attempt, delayMs: 0, error, numCtx }),
    );
  }

  private async pause(
    { policy, sink, signal }: Generation,
    attempt: number,
    error: OllamaError,
  ): Promise<void> {
    const delayMs = retryDelayMs(policy, attempt, error);
    this.context.log.warn('generation_retry', { attempt, delayMs, kind: error.kind, status: error.status });
    sink.push({ type: 'retry', attempt, delayMs, error });
    await delay(delayMs, signal);
  }
}

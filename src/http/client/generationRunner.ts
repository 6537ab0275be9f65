import type { EventSink } from '../asyncQueue.ts';
import { delay } from '../delay.ts';
import type { OllamaError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { GenerateRequest, GenerationResult, StreamEvent } from './generation.ts';
import { isRetryable, retryDelayMs, type RetryPolicy } from './retry.ts';

/** A generation: the request, its retry policy, and the receiver of its events. */
export interface Generation {
  request: GenerateRequest;
  policy: RetryPolicy;
  sink: EventSink<StreamEvent>;
  signal: AbortSignal;
}

/** One request for a generation. */
export interface RunnableAttempt {
  /** @throws OllamaError with the partial text; the signal's reason when it aborts */
  run(): Promise<GenerationResult>;
  /** Whether another attempt would repeat no text. */
  mayRepeatAfter(error: unknown): boolean;
  /** Whether the server refused an option that the next attempt omits. Then it counts as a new request. */
  readonly wasRefusedOption: boolean;
}

/** Handles an error before the next attempt. Does not count as an attempt itself. */
export interface Recovery {
  helpsAfter(error: unknown): error is OllamaError;
  /** @param attempt number of the failed attempt, from 1 */
  run(generation: Generation, attempt: number, error: OllamaError): Promise<void>;
}

/** Creates an attempt. Its code may be loaded only then. */
export type AttemptFactory = (generation: Generation) => RunnableAttempt | Promise<RunnableAttempt>;

/** Runs generations: each is one attempt, or as many as its policy allows. */
export class GenerationRunner {
  private readonly log: Logger;
  private readonly newAttempt: AttemptFactory;
  private readonly recovery: Recovery | undefined;

  constructor(log: Logger, newAttempt: AttemptFactory, recovery?: Recovery) {
    this.log = log;
    this.newAttempt = newAttempt;
    this.recovery = recovery;
  }

  /**
   * Repeats attempts until an answer comes: again after transient errors and after a recovery. Never after
   * the first content, so that no text comes twice. A recovery does not count as an attempt; the number of
   * recoveries is limited by `Recovery` itself.
   * @throws OllamaError of the last attempt, with the partial text; the signal's reason when it aborts
   */
  async run(generation: Generation): Promise<GenerationResult> {
    const { policy, signal } = generation;
    let recoverable: OllamaError | undefined;
    for (let number = 1; ;) {
      const attempt = await this.newAttempt(generation);
      const recovering = recoverable;
      try {
        if (recovering) await this.recovery?.run(generation, number, recovering);
        recoverable = undefined;
        return await attempt.run();
      } catch (error) {
        const recoveryFailed = recoverable !== undefined;
        recoverable = undefined;
        if (!attempt.mayRepeatAfter(error) || signal.aborted || policy.attempts <= 1) throw error;
        if (attempt.wasRefusedOption) continue;
        if (this.recovery?.helpsAfter(error) && !recoveryFailed) recoverable = error;
        else if (isRetryable(error, number) && number < policy.attempts)
          await this.pause(generation, number++, error);
        else throw error;
      }
    }
  }

  private async pause(
    { policy, sink, signal }: Generation,
    attempt: number,
    error: OllamaError,
  ): Promise<void> {
    const delayMs = retryDelayMs(policy, attempt, error);
    this.log.warn('generation_retry', { attempt, delayMs, kind: error.kind, status: error.status });
    sink.push({ type: 'retry', attempt, delayMs, error });
    await delay(delayMs, signal);
  }
}

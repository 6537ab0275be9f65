import { delay } from '../../http/delay.ts';
import type { OllamaError } from '../../http/errors.ts';
import type { GenerationResult, StreamEvent } from '../generation.ts';
import type { Logger } from '../../http/logger.ts';
import { isOutOfMemory } from './recovery.ts';
import { isRetryable, retryDelayMs, type RetryPolicy } from './retry.ts';

/** What trying again needs from the client. */
export interface RetryDependencies {
  policy: RetryPolicy;
  signal: AbortSignal;
  log: Logger;
  push: (part: StreamEvent) => void;
  /** Sets `handed.out` when it fails after it has handed out text. */
  attempt: (handed: { out: boolean }) => Promise<GenerationResult>;
  /** Makes the model fit into the memory; announces each context size before it is tried. */
  recover: (announce: (numCtx: number) => void) => Promise<void>;
}

/**
 * Tries until an answer comes: again after failures that pass, and with a smaller window after "out of memory",
 * but never once text has been handed out, so that none comes twice. A recovery is not one of the attempts; it
 * ends by itself, because its windows only shrink.
 * @throws what the last attempt threw; the signal's reason when it aborts
 */
export async function runWithRetries(dependencies: RetryDependencies): Promise<GenerationResult> {
  const { policy, signal, push } = dependencies;
  let tooBig: OllamaError | undefined;
  for (let attempt = 1; ;) {
    const handed = { out: false };
    const cause = tooBig;
    try {
      if (cause)
        await dependencies.recover((numCtx) =>
          push({ type: 'retry', attempt, delayMs: 0, error: cause, numCtx }),
        );
      tooBig = undefined;
      return await dependencies.attempt(handed);
    } catch (error) {
      if (handed.out || signal.aborted || policy.attempts <= 1) throw error;
      const exhausted = tooBig !== undefined;
      if (isOutOfMemory(error) && !exhausted) {
        tooBig = error;
      } else if (isRetryable(error) && attempt < policy.attempts) {
        tooBig = undefined;
        await pause(dependencies, attempt++, error);
      } else {
        throw error;
      }
    }
  }
}

async function pause(dependencies: RetryDependencies, attempt: number, error: OllamaError): Promise<void> {
  const delayMs = retryDelayMs(dependencies.policy, attempt, error);
  dependencies.log.warn('generation_retry', { attempt, delayMs, kind: error.kind, status: error.status });
  dependencies.push({ type: 'retry', attempt, delayMs, error });
  await delay(delayMs, dependencies.signal);
}

import { OllamaConnectionError, OllamaError, OllamaTimeoutError, type ErrorKind } from '../errors.ts';

/** How often a generation is attempted, and the delay between attempts. */
export interface RetryPolicy {
  /** Number of attempts, the first one included. */
  attempts: number;
  /** Milliseconds to wait after the first failure; after the n-th failure, n times as long. */
  delayMs: number;
}

/** 3 attempts, waiting 2 s x attempt. */
export const defaultRetryPolicy: RetryPolicy = { attempts: 3, delayMs: 2000 };

/** Transient errors besides connections and timeouts: the same request may succeed later. */
const transientKinds: ReadonlySet<ErrorKind> = new Set(['busy', 'gateway', 'runnerDied', 'cut']);
/** Connection errors that stay until someone fixes the cause. */
const permanentKinds: ReadonlySet<ErrorKind> = new Set(['certificate', 'closed', 'redirected']);

/**
 * Whether the same request may succeed when it is sent again.
 * @param attempt number of the failed attempt, from 1
 */
export function isRetryable(error: unknown, attempt = 1): error is OllamaError {
  if (!(error instanceof OllamaError) || permanentKinds.has(error.kind)) return false;
  // One more answer may be readable; a third attempt is not worth the wait.
  if (error.kind === 'unparsable') return attempt === 1;
  return (
    transientKinds.has(error.kind) ||
    error instanceof OllamaConnectionError ||
    error instanceof OllamaTimeoutError
  );
}

/**
 * Milliseconds to wait after failed attempt number `attempt` (from 1): what the server asked for, else the
 * policy's delay.
 */
export function retryDelayMs(policy: RetryPolicy, attempt: number, error: OllamaError): number {
  return error.retryAfterMs ?? policy.delayMs * attempt;
}

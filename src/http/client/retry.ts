import { OllamaConnectionError, OllamaError, OllamaTimeoutError, type ErrorKind } from '../errors.ts';

/** How often and how patiently a generation is tried. */
export interface RetryPolicy {
  /** Tries in all, the first one included. */
  attempts: number;
  /** Milliseconds to wait after the first failure; after the n-th, n times as long. */
  delayMs: number;
}

/** The user's document: 3 attempts, 2 s x attempt. */
export const defaultRetryPolicy: RetryPolicy = { attempts: 3, delayMs: 2000 };

/** Failures that the same request can get over by itself, besides connections and time. */
const transientKinds: ReadonlySet<ErrorKind> = new Set(['busy', 'gateway', 'runnerDied', 'cut']);
/** Failures of a connection that stay as they are until somebody does something. */
const permanentKinds: ReadonlySet<ErrorKind> = new Set(['certificate', 'closed', 'redirected']);

/**
 * Whether the same request may succeed when it is sent again.
 * @param attempt number of the attempt that failed, from 1
 */
export function isRetryable(error: unknown, attempt = 1): error is OllamaError {
  if (!(error instanceof OllamaError) || permanentKinds.has(error.kind)) return false;
  // Another answer may be one that the server can read; a third of the same kind is not worth the wait.
  if (error.kind === 'unparsable') return attempt === 1;
  return (
    transientKinds.has(error.kind) ||
    error instanceof OllamaConnectionError ||
    error instanceof OllamaTimeoutError
  );
}

/** Milliseconds to wait after failure number `attempt` (from 1): what the server asked for, else ours. */
export function retryDelayMs(policy: RetryPolicy, attempt: number, error: OllamaError): number {
  return error.retryAfterMs ?? policy.delayMs * attempt;
}

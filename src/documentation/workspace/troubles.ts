import {
  OllamaConnectionError,
  OllamaError,
  OllamaTimeoutError,
  type ErrorKind,
} from '../../ollama/index.ts';

/**
 * The consequence of an error for a run.
 * - `busy`: the server is overloaded.
 * - `server`: it does not answer, so no page can be written.
 * - `attempt`: this page may succeed at the next attempt.
 * - `page`: this page cannot be written.
 * - `all`: no page can be written until the user does something.
 */
export type Trouble = 'busy' | 'server' | 'attempt' | 'page' | 'all';

const byKind: Partial<Record<ErrorKind, Trouble>> = {
  busy: 'busy',
  gateway: 'server',
  gatewayTimeout: 'server',
  proxy: 'server',
  cloudOffline: 'server',
  runnerDied: 'attempt',
  cut: 'attempt',
  // The client has learned from it: the next prompt is shorter.
  contextExceeded: 'attempt',
  unparsable: 'attempt',
  garbled: 'attempt',
  notGenerated: 'attempt',
  idleTimeout: 'attempt',
  loadTimeout: 'attempt',
  certificate: 'all',
  redirected: 'all',
  unauthorized: 'all',
  signIn: 'all',
  forbidden: 'all',
  quota: 'all',
  subscription: 'all',
  cloudDisabled: 'all',
  modelNotFound: 'all',
  noModel: 'all',
  outOfMemory: 'all',
  damagedModel: 'all',
  unsupported: 'all',
  tooOld: 'all',
  notOllama: 'all',
  notApproved: 'all',
  settings: 'all',
};

/** An unknown error concerns only its page: the page fails with the reason, and the run continues. */
export function troubleOf(error: unknown): Trouble {
  if (!(error instanceof OllamaError)) return 'page';
  const known = byKind[error.kind];
  if (known) return known;
  return error instanceof OllamaConnectionError || error instanceof OllamaTimeoutError ? 'server' : 'page';
}

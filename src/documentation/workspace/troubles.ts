import {
  OllamaConnectionError,
  OllamaError,
  OllamaTimeoutError,
  type ErrorKind,
} from '../../ollama/index.ts';

/**
 * What a failure means for a run: `busy`: the server has too much to do. `server`: it does not answer now, and no page can
 * be written. `attempt`: this page may succeed at the next attempt. `page`: this page cannot be written. `all`: no page can
 * be, until the user does something.
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

/** What is unknown concerns the page alone: it is kept as failed with its reason, and the run goes on. */
export function troubleOf(error: unknown): Trouble {
  if (!(error instanceof OllamaError)) return 'page';
  const known = byKind[error.kind];
  if (known) return known;
  return error instanceof OllamaConnectionError || error instanceof OllamaTimeoutError ? 'server' : 'page';
}

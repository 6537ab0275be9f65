import { parseBaseUrl, type Guard, type OllamaSettings } from '../ollama/index.ts';
import type { ApiKeys } from './apiKeys.ts';
import type { Approvals } from './approvals.ts';
import { connectionOf, type AddressSettings } from './connection.ts';
import type { SentLog } from './sentLog.ts';

/** What guards ask and tell. */
export interface Decisions {
  approvals: Approvals;
  apiKeys: ApiKeys;
  sent: SentLog;
}

/**
 * The guard of a client: its own server may be contacted as its settings are, a server behind it by an approval of
 * that server's own.
 * @param own what the user's settings alone say
 */
export function guardFor(decisions: Decisions, settings: OllamaSettings, own: AddressSettings): Guard {
  const { approvals, apiKeys, sent } = decisions;
  const address = parseBaseUrl(settings.baseUrl).href;
  const connection = connectionOf(settings, own);
  return {
    mayContact: (to) => (to === address ? approvals.covers(connection) : approvals.has(to)),
    apiKey: (to) => (to === address ? apiKeys.keyOf(to) : Promise.resolve(undefined)),
    promptSent: (to) => sent.add(to),
  };
}

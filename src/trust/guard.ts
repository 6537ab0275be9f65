import { parseBaseUrl, type Guard, type OllamaSettings } from '../ollama/index.ts';
import type { ApiKeys } from './apiKeys.ts';
import type { Approvals } from './approvals.ts';
import { connectionOf, type AddressSettings } from './connection.ts';
import type { SentLog } from './sentLog.ts';

/** What guards use of `Trust`. */
export interface Decisions {
  approvals: Approvals;
  apiKeys: ApiKeys;
  sent: SentLog;
}

/**
 * The guard of a client. Its own server is permitted according to its settings; another server behind it
 * needs its own approval.
 * @param own the user's own settings
 */
export function guardFor(decisions: Decisions, settings: OllamaSettings, own: AddressSettings): Guard {
  const { approvals, apiKeys, sent } = decisions;
  const address = parseBaseUrl(settings.baseUrl).href;
  const connection = connectionOf(settings, own);
  return {
    mayContact: (to) => (to === address ? approvals.covers(connection) : approvals.has(to)),
    apiKey: (to) => (to === address ? apiKeys.keyOf(to) : Promise.resolve(undefined)),
    promptSent: (to, askedBy) => sent.add(to, askedBy),
  };
}

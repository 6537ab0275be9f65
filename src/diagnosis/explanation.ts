import type { LocalizableMessage } from '../ollama/index.ts';

/** The finding for an address and its remedy, one sentence each. */
export interface Explanation {
  summary: LocalizableMessage;
  fix: LocalizableMessage;
}

import type { LocalizableMessage } from '../ollama/index.ts';

/** What was found at an address, and what can be done about it; one sentence each. */
export interface Explanation {
  summary: LocalizableMessage;
  fix: LocalizableMessage;
}

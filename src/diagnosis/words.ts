import type { Sentence } from '../ollama/index.ts';

/** What was found at an address, and what can be done about it; one sentence each. */
export interface Words {
  finding: Sentence;
  remedy: Sentence;
}

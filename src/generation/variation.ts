import type { Think } from '../ollama/index.ts';

/** What is different when a question is asked again. */
export interface Variation {
  think?: Think;
  /** Most tokens of the answer. */
  maxTokens?: number;
}

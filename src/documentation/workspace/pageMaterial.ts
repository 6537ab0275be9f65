import type { TokenBudget } from '../../prompts/tokens.ts';
import type { PagePrompt } from './pageModel.ts';

/** What a page is made from. */
export interface PageMaterial {
  /** When this text changes, the page is stale. */
  source: string;
  /** Everything above the model's text; ends with a blank line. */
  header: string;
  /** The headings of the page's text, in order. */
  headings: readonly string[];
  /** What the model is asked, for its window. */
  prompt(budget: TokenBudget): PagePrompt;
}

/**
 * Raise it when prompts change so much that pages should be written again some day. A page that was written with another
 * version is not stale by that alone.
 */
export const promptVersion = 1;

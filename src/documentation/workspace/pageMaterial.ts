import type { TokenBudget } from '../../prompts/tokens.ts';
import type { PagePrompt } from './pageModel.ts';

/** The material of a page. */
export interface PageMaterial {
  /** When this text changes, the page is outdated. */
  source: string;
  /** Everything above the model's text. Ends with an empty line. */
  header: string;
  /** The headings of the page's text, in order. */
  headings: readonly string[];
  /** The prompt for the model's context window. */
  prompt(budget: TokenBudget): PagePrompt;
}

/**
 * Increase it when prompts have changed so much that pages should be written again. Pages of an older version
 * are not outdated because of that alone.
 */
export const promptVersion = 1;

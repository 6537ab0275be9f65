import type { SplitAnswer } from './markPatterns.ts';
import { Splitter } from './splitter.ts';

/**
 * Removes thinking and the tokens of chat templates from an answer, in linear time. Marks in fenced or quoted
 * code are ordinary text. So are marks that the user's code contains, except where only a template puts them.
 * @param known the prompt
 */
export function splitAnswer(answer: string, known = ''): SplitAnswer {
  return new Splitter(answer, known).run();
}

/** The answer without thinking and tokens; see {@link splitAnswer}. */
export function answerText(answer: string, known = ''): string {
  return splitAnswer(answer, known).text;
}

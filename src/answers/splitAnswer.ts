import type { SplitAnswer } from './markPatterns.ts';
import { Splitter } from './splitter.ts';

/**
 * Takes thoughts and the tokens of chat templates out of an answer, in linear time. What stands in fenced or quoted
 * code is data, and so is what the user's own code has, unless it stands where only a template puts it.
 *
 * @param known what was asked about
 */
export function splitAnswer(answer: string, known = ''): SplitAnswer {
  return new Splitter(answer, known).run();
}

/** The answer without thoughts and tokens; see {@link splitAnswer}. */
export function answerText(answer: string, known = ''): string {
  return splitAnswer(answer, known).text;
}

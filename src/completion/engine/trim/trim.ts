import { cutAtToken, finalChannel, insideFence, withoutThoughts } from './answer.ts';
import { inLineLimit, insideBlock, wholeBeforeRest, withMatchedBrackets, worthShowing } from './block.ts';
import {
  fromCursor,
  fromMargin,
  inFileStyle,
  limited,
  withCleanEnd,
  withoutHidden,
  withPlainBreaks,
} from './layout.ts';
import { withoutCycles, withoutLinesAbove, withoutLineStart } from './repetition.ts';
import {
  insideComment,
  insideString,
  withoutLinesBelow,
  withoutRestOfLine,
  withWholeStrings,
} from './suffix.ts';
import { inFileUnit } from './unit.ts';
import { surroundingsOf, type Surroundings, type TrimContext } from './surroundings.ts';

/** A filter returns the text unchanged, shorter, or empty. */
type Filter = (text: string, around: Surroundings) => string;

/** Remove what is not code. Run once, on the whole text. */
const answerFilters: Filter[] = [
  withPlainBreaks,
  finalChannel,
  withoutThoughts,
  cutAtToken,
  insideFence,
  withoutHidden,
  limited,
];

/** Each of them may enable another one, so they run until nothing changes. */
const codeFilters: Filter[] = [
  withoutLineStart,
  withoutLinesAbove,
  // Before the indentation changes, and again after that.
  withoutLinesBelow,
  inFileStyle,
  fromCursor,
  inFileUnit,
  fromMargin,
  withoutCycles,
  insideString,
  withWholeStrings,
  insideComment,
  withoutRestOfLine,
  withoutLinesBelow,
  insideBlock,
  withMatchedBrackets,
  inLineLimit,
  wholeBeforeRest,
  withCleanEnd,
  worthShowing,
];
const maxRounds = 8;

/**
 * The part of a model's answer to show at the cursor, with the file's line ends and indentation; empty when
 * nothing is worth showing. Trimming the result again does not change it.
 * @param text complete; see {@link wholeLines} for an answer that was cut
 */
export function trimSuggestion(text: string, context: TrimContext): string {
  return trimmerFor(context)(text);
}

/** {@link trimSuggestion} for several texts at one position, whose surroundings are examined once. */
export function trimmerFor(context: TrimContext): (text: string) => string {
  let around: Surroundings | undefined;
  return (text) => (text === '' ? '' : trimmed(text, (around ??= surroundingsOf(context))));
}

function trimmed(text: string, around: Surroundings): string {
  let before: string;
  let shown = text;
  for (let round = 0; round < maxRounds; round++) {
    before = shown;
    shown = [...answerFilters, ...codeFilters].reduce(
      (rest, filter) => (rest === '' ? '' : filter(rest, around)),
      before,
    );
    if (shown === before) return shown.replaceAll('\n', around.eol);
  }
  return '';
}

/** The complete lines of an answer that was cut by a limit, possibly inside a line. */
export function wholeLines(text: string): string {
  return text.slice(0, Math.max(0, text.lastIndexOf('\n')));
}

// Shared by the tests of judgments: a file with the code to replace marked in it, an answer, and the
// resulting file.
import { judgeAnswer, judgeCode } from '../../../src/answers/judge.ts';
import type { ChangeEffect, JudgedPlace, Judgment, Refusal } from '../../../src/answers/judgeTypes.ts';
import { applied } from '../../../src/code/reanchor.ts';

export type Outcome = ({ text: string } & Partial<ChangeEffect>) | { unusable: Refusal; names?: string[] };

/** The code to replace is between `⟦` and `⟧`, else it is the whole file. */
function placeIn(marked: string): { fileText: string; start: number; end: number } {
  const [start, last] = [marked.indexOf('⟦'), marked.indexOf('⟧')];
  const fileText = marked.replaceAll(/[⟦⟧]/g, '');
  return start < 0 ? { fileText, start: 0, end: fileText.length } : { fileText, start, end: last - 1 };
}

/** The result for a whole answer, including the text around its code. */
export function judgedAnswer(marked: string, answer: string, languageId: string): Outcome {
  const place = placeIn(marked);
  return outcomeOf(
    judgeAnswer({ text: answer, isCut: false }, judgedPlace(place, languageId)),
    place.fileText,
  );
}

interface Given {
  fileText: string;
  start: number;
  end: number;
  code: string;
  languageId: string;
}

/** The result for the code of an answer. */
export function judgedAt({ code, languageId, ...place }: Given): Outcome {
  return outcomeOf(judgeCode({ code, tag: '' }, judgedPlace(place, languageId)), place.fileText);
}

function judgedPlace(
  { fileText, start, end }: { fileText: string; start: number; end: number },
  languageId: string,
): JudgedPlace {
  return {
    fileText,
    start,
    end,
    replaced: fileText.slice(start, end),
    before: fileText.slice(fileText.lastIndexOf('\n', start - 1) + 1, start),
    languageId,
    path: `file.${languageId}`,
    eol: fileText.includes('\r\n') ? '\r\n' : '\n',
  };
}

function outcomeOf(judgment: Judgment, fileText: string): Outcome {
  if ('unusable' in judgment) return judgment;
  const { changes, removes, adds, lines, isRestricted } = judgment;
  return {
    text: applied(fileText, changes),
    ...(removes.length > 0 && { removes, adds }),
    ...(lines && { lines }),
    ...(isRestricted && { isRestricted }),
  };
}

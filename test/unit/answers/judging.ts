// What the tests of judgments share: a file with the place marked in it, an answer, and what would become of the file.
import { judgeAnswer, judgeCode } from '../../../src/answers/judge.ts';
import type { ChangeEffect, JudgedPlace, Judgment, Refusal } from '../../../src/answers/judgeTypes.ts';
import { applied } from '../../../src/code/reanchor.ts';

export type Outcome = ({ text: string } & Partial<ChangeEffect>) | { unusable: Refusal; names?: string[] };

/** The place is what is between `⟦` and `⟧`, else the whole file. */
function placeIn(marked: string): { fileText: string; start: number; end: number } {
  const [start, last] = [marked.indexOf('⟦'), marked.indexOf('⟧')];
  const fileText = marked.replaceAll(/[⟦⟧]/g, '');
  return start < 0 ? { fileText, start: 0, end: fileText.length } : { fileText, start, end: last - 1 };
}

/** What comes of a whole answer, with what the model says around the code. */
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

/** What comes of the code of an answer. */
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

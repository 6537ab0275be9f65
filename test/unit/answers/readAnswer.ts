// Reads an answer, for tests that do not need the position of its code.
import { findCode, fitCode, type CodeAnswer, type ReplacedCode } from '../../../src/answers/codeAnswer.ts';
import { judgeAnswer } from '../../../src/answers/judge.ts';
import type { Refusal } from '../../../src/answers/judgeTypes.ts';
import { applied } from '../../../src/code/reanchor.ts';

export type ReadAnswer = Exclude<CodeAnswer, { unusable: string }> | { unusable: Refusal };

/** The code of an answer with the indentation of what it replaces. */
export function findFittingCode(answer: { text: string; isCut: boolean }, place: ReplacedCode): CodeAnswer {
  const found = findCode(answer, { ...place, code: place.replaced });
  if ('unusable' in found) return found;
  const { characters } = found;
  const code = fitCode(found.code, place);
  return code === place.replaced ? { unusable: 'unchanged' } : { code, ...(characters && { characters }) };
}

/** The replaced code after the change. */
export function readCodeAnswer(answer: { text: string; isCut: boolean }, place: ReplacedCode): ReadAnswer {
  const at = place.fileText.indexOf(place.before + place.replaced);
  const fileText = at < 0 ? place.before + place.replaced : place.fileText;
  const start = Math.max(0, at) + place.before.length;
  const end = start + place.replaced.length;
  const judgment = judgeAnswer(answer, { ...place, fileText, start, end });
  if ('unusable' in judgment) return { unusable: judgment.unusable };
  const text = applied(fileText, judgment.changes);
  const { characters } = judgment;
  const code = text.slice(start, text.length - (fileText.length - end));
  return { code, ...(characters && { characters }) };
}

import { linesOf } from '../text/markdown.ts';

/** A line number and its separator: `12 | `, `12: `, a tab. */
const numbered = /^[ \t]*(\d{1,7})(?:[ \t]*([|│])|(:)|(\t))(?: (?=\S| )|$|(?<=\t)|(?=\S))/;
/** In these languages, a number and a colon or tab at the start of a line are text. */
const plainLanguages = new Set([
  'yaml',
  'dockercompose',
  'markdown',
  'plaintext',
  'csv',
  'tsv',
  'json',
  'jsonc',
]);
/** Least share of the lines with text that must have a number. */
const leastShare = 0.9;

/** Removes line numbers that a model has put before the lines. The user's own are kept. */
export function withoutLineNumbers(code: string, known: string, languageId: string): string {
  const lines = code.split('\n');
  const marks = lines.map((line) => numbered.exec(line));
  return isNumbered(lines, marks) && !isOwn(known, marks, languageId)
    ? lines.map((line, index) => line.slice(marks[index]?.[0].length ?? 0)).join('\n')
    : code;
}

/** Consecutive numbers with the same separator on nearly every line. */
function isNumbered(lines: string[], marks: (RegExpExecArray | null)[]): boolean {
  const found = marks.filter((mark) => mark !== null);
  const full = lines.filter((line) => line.trim() !== '').length;
  const [first] = found;
  if (!first || found.length < 2 || found.length < full * leastShare) return false;
  return marks.every((mark, index) => {
    if (!mark) return true;
    const isNext = Number(mark[1]) - index === Number(first[1]) - marks.indexOf(first);
    return isNext && dividerOf(mark) === dividerOf(first);
  });
}

function isOwn(known: string, marks: (RegExpExecArray | null)[], languageId: string): boolean {
  const divider = dividerOf(marks.find((mark) => mark !== null)!);
  if (divider !== '|' && plainLanguages.has(languageId)) return true;
  const own = linesOf(known).map((line) => numbered.exec(line));
  return own.filter(Boolean).length * 2 > own.length;
}

function dividerOf([, , bar, colon]: RegExpExecArray): string {
  return bar ? '|' : (colon ?? '\t');
}

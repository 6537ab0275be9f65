/** Columns of a tab, for comparing lines that mix tabs and spaces. */
export const tabWidth = 4;

/** The spaces and tabs at the start of a line. */
export function indentationOf(line: string): string {
  return /^[ \t]*/.exec(line)![0];
}

export function widthOf(indentation: string): number {
  let width = 0;
  for (const character of indentation) width += character === '\t' ? tabWidth - (width % tabWidth) : 1;
  return width;
}

/** The indentation of a line in columns. */
export function depthOf(line: string): number {
  return widthOf(indentationOf(line));
}

export function isBlank(line: string): boolean {
  return line.trim() === '';
}

/** The text without white space, for comparing code that is written with other spaces. */
export function squeezed(text: string): string {
  return text.replaceAll(/\s+/g, '');
}

/**
 * Where a beginning ends that is equal to another text except for spaces and tabs; undefined when the text
 * does not begin with it.
 */
export function endOfSame(text: string, start: string): number | undefined {
  let at = 0;
  for (const character of squeezed(start)) {
    while (text[at] === ' ' || text[at] === '\t') at += 1;
    if (!text.startsWith(character, at)) return undefined;
    at += character.length;
  }
  return at;
}

/** A line of closing brackets, tags, separators and closing words, which says nothing about its position. */
export function isTrivial(line: string): boolean {
  return /^(?:[\s)\]}>;,:"'`([{*/<.-]|<\/[\w.:-]+>|\b(?:end|fi|done|esac|else|then|do|begin|try|pass|break|return)\b)*$/i.test(
    line,
  );
}

/** `end_time` and `done = true` close nothing. */
const keywordClosers = new RegExp(
  '^(?:end(?=\\s*(?:$|[-;,.)\\]}#|&+]))|(?:fi|done|esac)(?=\\s*(?:$|[;|&<>)#]))|end[ _]?(?:if|for|foreach|while|until|' +
    'repeat|loop|do|case|switch|select|try|with|using|function|func|procedure|proc|sub|subroutine|method|macro|' +
    'class|module|interface|namespace|program|package|struct|structure|type|enum|record|block|property|get|set|' +
    'region|push|section|verbatim|component|unless|auth|guest|isset|empty|can|error|once|synclock|operator|event|' +
    'entity|process|architecture|generate|associate|submodule|critical|forall|where|team)\\b(?!\\s*[=.:,])|' +
    'end(?:ef|define)\\b)',
  'i',
);

const closingMarks = /^(?:[)\]}>;,\s]|\*\/|-->|<\/[\w.:-]*>|\/>)*$/;
const closingMarksInString = /^(?:[)\]}>;,"'`\s]|\*\/|-->|<\/[\w.:-]*>|\/>)*$/;
const closingWords = /^(?:end|fi|done|esac)[;)\s]*$/;

/**
 * Whether a text only closes something: with brackets, tags, comment marks or words. A quotation mark counts
 * only where a string is open.
 */
export function isOnlyClosers(text: string, place: 'code' | 'string' | 'comment'): boolean {
  const marks = place === 'string' ? closingMarksInString : closingMarks;
  const lines = text.split('\n').map((line) => line.trim());
  return lines.every((line) => marks.test(line) || closingWords.test(line));
}

/** Whether a line starts by closing a block. */
export function closesBlock(line: string): boolean {
  const text = line.trim();
  return /^(?:[)\]}]|<\/|\*\/)/.test(text) || keywordClosers.test(text);
}

/** The text without white space, quotation marks, case and final punctuation, for comparing. */
function normalized(line: string): string {
  return line
    .replaceAll(/["'`]/g, '"')
    .replaceAll(/\s+/g, '')
    .replace(/[;,]+$/, '')
    .toLowerCase();
}

/**
 * Whether lines are equal or nearly equal: one word is longer or shorter by one or two letters, as `total`
 * and `totals`. Lines of a list or a `switch` are similar too, but differ in a number, a single letter or a
 * whole word.
 */
export function nearlyEqual(left: string, right: string): boolean {
  const [one, other] = [normalized(left), normalized(right)];
  if (one === other) return one !== '';
  if (Math.abs(one.length - other.length) > 2 || one.length < 10) return false;
  const [words, others] = [left, right].map(wordsOf) as [string[], string[]];
  if (words.length !== others.length) return false;
  const pairs = words.map((word, at) => [word, others[at]!] as const).filter(([a, b]) => a !== b);
  return new Set(pairs.map(String)).size === 1 && isMisspelled(...pairs[0]!);
}

function wordsOf(line: string): string[] {
  const text = line.toLowerCase().replace(/[;,\s]+$/, '');
  return text.match(/[\p{L}\p{N}_$]+|[^\s\p{L}\p{N}_$]/gu) ?? [];
}

function isMisspelled(one: string, other: string): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  if (short.length < 4 || /\d/.test(one + other)) return false;
  if (short.length === long.length) return isSwapped(one, other);
  return long.length - short.length <= 2 && long.startsWith(short);
}

/** Whether two adjacent letters are swapped. */
function isSwapped(one: string, other: string): boolean {
  const differing = Array.from(one, (_, at) => at).filter((at) => one[at] !== other[at]);
  const [first, second] = differing;
  return (
    differing.length === 2 &&
    second === first! + 1 &&
    one[first!] === other[second] &&
    one[second] === other[first!]
  );
}

/** A text being written into a document, and the offset where it ends there. */
export interface Progress {
  text: string;
  end: number;
}

/** Where the text continues in another version of the document, and which part of it is missing there. */
export interface Continuation {
  offset: number;
  missing: string;
}

/** The compared characters of a text, and the end offset of each. */
interface Marks {
  chars: string;
  ends: number[];
}

/** Compared first: formatters change white space most often. */
const ink = /\S/g;
/** Compared next: formatters keep letters when they change the marks of lists, emphasis or tables. */
const letters = /[\p{L}\p{N}]/gu;
/**
 * Lengths of the text's last characters that are searched for when more than white space and marks has
 * changed.
 */
const tailLengths = [64, 32, 16, 8];

/**
 * Finds the end of a page's text in a document that was made from an earlier state of it and may have been
 * formatted since. Undefined when none of the page is recognized.
 */
export function continuationIn(page: Progress, other: string): Continuation | undefined {
  for (const kind of [ink, letters]) {
    const found = exactly(page, other, kind) ?? undefined;
    if (found) return found;
  }
  return byLastWords(page, other);
}

/**
 * Matches a text that consists of the page up to some character and then the start of what follows the page.
 */
function exactly({ text, end }: Progress, other: string, kind: RegExp): Continuation | undefined {
  const own = marksIn(text.slice(0, end), kind);
  const rest = marksIn(text.slice(end), kind).chars;
  const there = marksIn(other, kind);
  if (there.chars === '') return kind === ink ? { offset: 0, missing: text.slice(0, end) } : undefined;
  const least = Math.max(0, there.chars.length - rest.length);
  for (let count = commonLength(own.chars, there.chars); count >= least; count--) {
    if (rest.startsWith(there.chars.slice(count)))
      return between(text.slice(0, end), other, own.ends[count - 1] ?? 0, there.ends[count - 1] ?? 0);
  }
  return undefined;
}

function byLastWords({ text, end }: Progress, other: string): Continuation | undefined {
  const own = marksIn(text.slice(0, end), letters);
  const rest = marksIn(text.slice(end), letters).chars;
  const there = marksIn(other, letters);
  const length = there.chars.length - (rest !== '' && there.chars.endsWith(rest) ? rest.length : 0);
  for (const size of tailLengths.filter((one) => one <= length)) {
    const tail = there.chars.slice(length - size, length);
    const index = nearest(own.chars, tail, length - size);
    if (index !== undefined)
      return between(text.slice(0, end), other, own.ends[index + size - 1]!, there.ends[length - 1]!);
  }
  return undefined;
}

/** Characters that follow directly in both texts are already there. */
function between(own: string, other: string, from: number, offset: number): Continuation {
  let same = 0;
  while (/\S/.test(own[from + same] ?? '') && own[from + same] === other[offset + same]) same++;
  return { offset: offset + same, missing: own.slice(from + same) };
}

function marksIn(text: string, kind: RegExp): Marks {
  const chars: string[] = [];
  const ends: number[] = [];
  for (const { 0: char, index } of text.matchAll(kind)) {
    for (let unit = 0; unit < char.length; unit++) ends.push(index + char.length);
    chars.push(char);
  }
  return { chars: chars.join(''), ends };
}

function commonLength(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return length;
}

/** The occurrence of `part` nearest to an offset. */
function nearest(text: string, part: string, offset: number): number | undefined {
  const before = text.lastIndexOf(part, offset);
  const after = text.indexOf(part, offset);
  const found = [before, after].filter((index) => index >= 0);
  return found.toSorted((a, b) => Math.abs(a - offset) - Math.abs(b - offset))[0];
}

import { hasKnownStrings } from '../languages.ts';
import { closersIn, openIn } from './brackets.ts';
import { opensBlock } from './layout.ts';
import { depthOf, isBlank, isTrivial, nearlyEqual, squeezed } from './lines.ts';
import { maskOf, placeBehind, type Surroundings } from './surroundings.ts';

/** Equal characters that cannot be a coincidence, also if the last word is cut. */
const telling = 3;
const tellingOfHalf = 6;
const onlyClosers = /^[)\]}\s]*$/;

/** The text up to where the answer repeats the rest of the cursor's line, perhaps with other spaces. */
export function withoutRestOfLine(text: string, around: Surroundings): string {
  const rest = around.restOfLine.trim();
  if (rest === '') return text;
  const [line = ''] = text.split('\n', 1);
  const more = text.slice(line.length);
  if (!onlyClosers.test(rest)) {
    const at = indexOfRest(line, rest);
    if (at >= 0 && isWholeUpTo(line.slice(0, at), around)) return withoutBlank(line.slice(0, at), around);
  }
  // In text, a bracket that closes nothing in the answer is the one that follows.
  const isText = around.place !== 'code' || around.prose;
  const overlap = overlapOf(line, rest, around.spareClosers > 0 || (isText && closersIn(line) > 0));
  const kept = line.slice(0, overlap.at);
  const all = overlap.isWhole && overlap.length >= telling;
  if (overlap.length > 0 && isWholeUpTo(kept, around, all)) return withoutBlank(kept, around);
  return /^[\s)\]};,]*$/.test(rest) ? text : more === '' ? text : line;
}

function indexOfRest(line: string, rest: string): number {
  const [own, wanted] = [letters(line), letters(rest)];
  // A short word may occur more than once; only at the end of the line is it the rest.
  if (own.text.endsWith(wanted.text)) return -1;
  if (wanted.text.length < 4 && /["'`\w]|^[,.:]$/.test(wanted.text)) return -1;
  const found = own.text.indexOf(wanted.text);
  const at = found < 0 ? -1 : own.offsets[found]!;
  return at > 0 && /^\w/.test(rest) && /\w$/.test(line.slice(0, at)) ? -1 : at;
}

/** The characters that are no white space, and their offsets. */
function letters(text: string): { text: string; offsets: number[] } {
  const offsets: number[] = [];
  for (let at = 0; at < text.length; at++) if (!isBlank(text[at]!)) offsets.push(at);
  return { text: offsets.map((at) => text[at]).join(''), offsets };
}

/**
 * The longest end of the line with which the rest begins: where it starts, and its characters. Closing
 * brackets are handled elsewhere, except those whose partner is not before the cursor.
 */
function overlapOf(
  line: string,
  rest: string,
  spare: boolean,
): { at: number; length: number; isWhole: boolean } {
  const [own, wanted] = [letters(line), letters(rest)];
  for (let length = Math.min(own.text.length, wanted.text.length); length > 0; length--) {
    const shared = wanted.text.slice(0, length);
    if (!own.text.endsWith(shared) || (!spare && onlyClosers.test(shared))) continue;
    const at = own.offsets[own.text.length - length]!;
    const isWhole = length === wanted.text.length;
    const inWord = /^\w/.test(rest) && (/\w$/.test(line.slice(0, at)) || (length < telling && !isWhole));
    const next = (wanted.offsets[length - 1] ?? 0) + 1;
    const endsInWord = /\w$/.test(shared) && /^\w/.test(rest.slice(next));
    const isHalf = length >= tellingOfHalf && /\W/.test(shared);
    if (!inWord && (!endsInWord || isHalf)) return { at, length, isWhole };
  }
  return { at: line.length, length: 0, isWhole: false };
}

/**
 * Whether a cut there leaves no bracket or string open that the rest does not close.
 * @param closesString whether the answer ends with the whole rest, which may also end a string
 */
function isWholeUpTo(kept: string, around: Surroundings, closesString = false): boolean {
  if (around.restOfLine.trimStart().startsWith('>') && opensType(kept)) return false;
  if (openIn(maskOf(kept, around)) > around.spareClosers) return false;
  return closesString || placeBehind(around, kept) === around.place;
}

/** `Map<string` needs a closing bracket; arrows close nothing. */
function opensType(text: string): boolean {
  const brackets = text.replaceAll(/[=-]>/g, '');
  return brackets.split('<').length > brackets.split('>').length;
}

function withoutBlank(kept: string, { restOfLine }: Surroundings): string {
  return /^\s/.test(restOfLine) ? kept.trimEnd() : kept;
}

/** The string that the editor has closed after the cursor ends where the answer closes it. */
export function insideString(text: string, around: Surroundings): string {
  if (around.place !== 'string') return text;
  const end = /^"*/.exec(maskOf(text, around))![0].length;
  if (end === text.length) return text;
  if (text[end] === '\n')
    return maskOf(`${text.slice(0, end)}\nx`, around).endsWith('x') ? text.slice(0, end) : text;
  for (const length of [3, 1]) {
    const closing = text.slice(Math.max(0, end - length), end);
    if (closing.length === length && around.restOfLine.startsWith(closing))
      return text.slice(0, end - length);
  }
  return text;
}

/** Without the last line if it ends inside a string that ends with its line and is not closed. */
export function withWholeStrings(text: string, around: Surroundings): string {
  const { place, prose, restOfLine, languageId } = around;
  if (place !== 'code' || prose || !isBlank(restOfLine) || !hasKnownStrings(languageId)) return text;
  if (placeBehind(around, text) !== 'string' || placeBehind(around, `${text}\n`) === 'string') return text;
  return text.slice(0, Math.max(0, text.lastIndexOf('\n')));
}

/** Stays inside a comment: its end is there already, and a second line would be outside. */
export function insideComment(text: string, around: Surroundings): string {
  if (around.place !== 'comment') return text;
  const { open, close } = around.rules.blockComment ?? {};
  const isBlock = placeBehind(around, '\n') === 'comment';
  const end = isBlock && close !== undefined ? text.indexOf(close) : -1;
  const kept = end >= 0 && endsBehind(around.after, open!, close!) ? text.slice(0, end).trimEnd() : text;
  return isBlank(around.linePrefix) ? kept : kept.split('\n', 1)[0]!;
}

function endsBehind(after: string, open: string, close: string): boolean {
  const [begins, ends] = [after.indexOf(open), after.indexOf(close)];
  return ends >= 0 && (begins < 0 || ends < begins);
}

/** Lines below the cursor in which a repeated line is searched. */
const linesAhead = 8;

/** The text up to the first line that repeats a line below the cursor. */
export function withoutLinesBelow(text: string, around: Surroundings): string {
  const { below, linePrefix } = around;
  if (below.length === 0) return text;
  const lines = text.split('\n');
  const whole = lines.map((line, at) => (at === 0 ? linePrefix + line : line));
  const suffix = unwrapped(around.after.slice(around.restOfLine.length));
  const at = whole.findIndex((line, index) => !isBlank(line) && (isBelow(index) || beginsSuffix(index)));
  return at < 0 ? text : lines.slice(0, at).join('\n');

  /** Whether all lines from here on begin the text below, indented or wrapped in another way. */
  function beginsSuffix(index: number): boolean {
    if (index === 0 || isTrivial(whole[index]!)) return false;
    if (!suffix.startsWith(squeezed(whole[index]!).slice(0, tellingOfHalf))) return false;
    const end = unwrapped(whole.slice(index).join('\n'));
    if (end.length < tellingOfHalf || !(suffix.startsWith(end) || end.startsWith(suffix))) return false;
    const isInside = whole.slice(0, index).some((line) => opensByIndentation(line, whole[index]!));
    return !isInside && openIn(maskOf(lines.slice(0, index).join('\n'), around)) === 0;
  }

  function isBelow(index: number): boolean {
    const line = whole[index]!;
    if (index === 0 && lines[0]!.trim() === '') return false;
    const ahead = below.slice(0, linesAhead).findIndex((candidate) => isSame(line, candidate));
    if (ahead < 0 || (index === 0 && isTrivial(line))) return false;
    // Code of another block may be similar.
    if (below.slice(0, ahead).some((between) => depthOf(between) < depthOf(line))) return false;
    const open = openIn(maskOf(lines.slice(0, index).join('\n'), around));
    // Inside its own block, an answer may repeat a line, unless the line below closes that block as well.
    const ends = ahead === 0 && around.spareBelow;
    if (open > 0 && !ends && (isTrivial(line) || closersIn(maskOf(line, around)) < open)) return false;
    if (ahead === 0) return true;
    const next = whole.slice(index + 1).find((following) => !isBlank(following));
    return (
      !isTrivial(line) &&
      next !== undefined &&
      !isTrivial(next) &&
      below[ahead + 1] !== undefined &&
      isSame(next, below[ahead + 1]!)
    );
  }
}

/** Code without white space and without commas before closing brackets. */
function unwrapped(code: string): string {
  return squeezed(code).replaceAll(/,(?=[)\]}])/g, '');
}

/** Whether a line opens a block without a bracket, and another one is in it. */
function opensByIndentation(line: string, inner: string): boolean {
  return opensBlock(line) && !/[{([]\s*$/.test(line) && depthOf(line) < depthOf(inner);
}

/** Whether lines are equal at the same indentation. Lines such as `end` must be identical. */
function isSame(line: string, candidate: string): boolean {
  return (
    depthOf(line) === depthOf(candidate) &&
    (isTrivial(line) ? line.trim() === candidate.trim() : nearlyEqual(line, candidate))
  );
}

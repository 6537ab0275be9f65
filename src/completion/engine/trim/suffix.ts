import { closersIn, openIn } from './brackets.ts';
import { depthOf, isBlank, isTrivial, nearlyEqual } from './lines.ts';
import { maskOf, placeBehind, type Surroundings } from './surroundings.ts';

/** Equal characters that cannot be a coincidence. */
const telling = 3;
const onlyClosers = /^[)\]}\s]*$/;

/** The text up to where the answer repeats the rest of the cursor's line. */
export function withoutRestOfLine(text: string, around: Surroundings): string {
  const rest = around.restOfLine.trim();
  if (rest === '') return text;
  const [line = ''] = text.split('\n', 1);
  const more = text.slice(line.length);
  if (!onlyClosers.test(rest)) {
    const at = indexOfRest(line, rest);
    if (at >= 0 && isWholeUpTo(line.slice(0, at), around)) return withoutBlank(line.slice(0, at), around);
  }
  const overlap = overlapOf(line, rest, around.spareClosers > 0);
  const kept = line.slice(0, line.trimEnd().length - overlap);
  const all = overlap === rest.length && overlap >= telling;
  if (overlap > 0 && isWholeUpTo(kept, around, all)) return withoutBlank(kept, around);
  return /^[\s)\]};,]*$/.test(rest) ? text : more === '' ? text : line;
}

function indexOfRest(line: string, rest: string): number {
  // A short word may occur more than once; only at the end of the line is it the rest.
  if (line.trimEnd().endsWith(rest) || (rest.length < 4 && /["'`\w]|^[,.:]$/.test(rest))) return -1;
  const at = line.indexOf(rest);
  return at > 0 && /^\w/.test(rest) && /\w$/.test(line.slice(0, at)) ? -1 : at;
}

/**
 * The longest end of the line with which the rest begins, without partial words. Closing brackets are handled
 * elsewhere, except those whose partner is not before the cursor.
 */
function overlapOf(line: string, rest: string, spare: boolean): number {
  const end = line.trimEnd();
  for (let length = Math.min(end.length, rest.length); length > 0; length--) {
    if (!end.endsWith(rest.slice(0, length))) continue;
    if (!spare && onlyClosers.test(rest.slice(0, length))) continue;
    const inWord =
      /^\w/.test(rest) && (/\w$/.test(end.slice(0, -length)) || (length < 3 && length < rest.length));
    const endsInWord = /\w$/.test(rest.slice(0, length)) && /^\w/.test(rest.slice(length));
    if (!inWord && !endsInWord) return length;
  }
  return 0;
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
  const at = whole.findIndex((line, index) => !isBlank(line) && isBelow(index));
  return at < 0 ? text : lines.slice(0, at).join('\n');

  function isBelow(index: number): boolean {
    const line = whole[index]!;
    if (index === 0 && lines[0]!.trim() === '') return false;
    const ahead = below.slice(0, linesAhead).findIndex((candidate) => isSame(line, candidate));
    if (ahead < 0 || (index === 0 && isTrivial(line))) return false;
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

/** Whether lines are equal at the same indentation. Lines such as `end` must be identical. */
function isSame(line: string, candidate: string): boolean {
  return (
    depthOf(line) === depthOf(candidate) &&
    (isTrivial(line) ? line.trim() === candidate.trim() : nearlyEqual(line, candidate))
  );
}

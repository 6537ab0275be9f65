import { depthOf, endOfSame, isBlank, isTrivial, squeezed } from './lines.ts';
import { firstFault } from './brackets.ts';
import { maskOf, type Surroundings } from './surroundings.ts';

/** The last word of the line, if nobody would write it twice in a row. */
const lastWord = /[\p{L}_$][\p{L}\p{N}_$]{2,}$/u;

/** Characters before the cursor in which a repeated beginning is searched. */
const lookedAt = 300;
const fewestRepeated = 5;

/** Removes the start of the line or word at the cursor, which some models repeat, perhaps with other spaces. */
export function withoutLineStart(text: string, { linePrefix, prose }: Surroundings): string {
  const start = linePrefix.trim();
  const line = text.trimStart();
  const isWord = /^\w{3,}$/.test(start) && start !== 'long' && /\s$/.test(linePrefix);
  if (isWord && !prose && line.startsWith(start) && /^\s/.test(line.slice(start.length)))
    return line.slice(start.length).trimStart();
  if (start.length >= fewestRepeated && (!prose || /[\s.=(:]/.test(start))) {
    const end = endOfSame(line, start);
    if (end !== undefined) return line.slice(end);
  }
  const end = endOfRepeated(text, linePrefix.slice(-lookedAt));
  if (end !== undefined) return text.slice(end);
  const word = lastWord.exec(linePrefix)?.[0];
  if (word === undefined || !text.startsWith(word)) return text;
  return word.length > 3 || !/^[\p{L}\p{N}_$]/u.test(text.slice(word.length))
    ? text.slice(word.length)
    : text;
}

/**
 * Where the repeated last words of the line end, as `items.fil` in `items.filter()`. Only inside a word,
 * because there nothing but the rest of the word can follow.
 */
function endOfRepeated(text: string, linePrefix: string): number | undefined {
  if (!/^[\p{L}_$]/u.test(text) || !/[\p{L}\p{N}_$]$/u.test(linePrefix)) return undefined;
  for (const { index } of linePrefix.matchAll(/(?<![\p{L}\p{N}_$])[\p{L}_$]/gu)) {
    const words = linePrefix.slice(index);
    if (words.length < fewestRepeated || !/[^\p{L}\p{N}_$]/u.test(words)) return undefined;
    const end = endOfSame(text, words);
    if (end !== undefined) return end;
  }
  return undefined;
}

/** Lines above the cursor from which a model may start to repeat. */
const linesBack = 20;
/** Equal lines in a row that cannot be a coincidence. Farther above, they are similar code. */
const sameLines = 3;
const changedLines = 2;
/** Characters, of which one line alone is told apart from similar code. */
const tellingLength = 24;

/** Removes lines above the cursor that the answer repeats at its start. */
export function withoutLinesAbove(text: string, around: Surroundings): string {
  const { above, linePrefix } = around;
  const lines = text.split('\n');
  const written = lines.map((line, at) => ({ at, text: squeezed(at === 0 ? linePrefix + line : line) }));
  const own = written.filter((line) => line.text !== '');
  for (let back = 1; back <= Math.min(linesBack, above.length); back++) {
    const earlier = above.slice(0, back).toReversed();
    const same = countSame(
      own.map((line) => line.text),
      earlier,
    );
    const telling = earlier
      .slice(0, same)
      .filter((line) => !isTrivial(line) && line.trim().length >= 4).length;
    const isLong = squeezed(earlier.slice(0, same).join('')).length >= tellingLength;
    const isTelling = telling >= Math.min(2, back) || (telling > 0 && isLong);
    if (same === back) {
      const end = own[same - 1]!.at + 1;
      // The user has begun this line, so it is wanted. What follows cannot stand behind its beginning.
      if (!isBlank(linePrefix)) return isTelling && back > 1 ? lines[0]! : text;
      if (isTelling || closesNothing(lines.slice(0, end), around)) return lines.slice(end).join('\n');
    }
    const isChanged = telling >= sameLines || (telling > 1 && same === own.length);
    // After the start of another block, similar code follows.
    if (earlier.slice(same).some((line) => depthOf(line) < depthOf(earlier[0]!))) continue;
    if (isBlank(linePrefix) && isChanged && back - same <= changedLines) return '';
  }
  return text;
}

/** Whether lines close a bracket that is not open here, which can only be one that is closed above. */
function closesNothing(lines: string[], around: Surroundings): boolean {
  return firstFault(maskOf(lines.join('\n'), around), around.open) !== undefined;
}

function countSame(lines: string[], earlier: string[]): number {
  const differing = earlier.findIndex((line, at) => squeezed(line) !== lines[at]);
  return differing < 0 ? earlier.length : differing;
}

/** Most lines of a repeated group. */
const longestCycle = 4;

/** When a line, or a group of lines, comes three times in a row, keeps the first. */
export function withoutCycles(text: string, { linePrefix }: Surroundings): string {
  const lines = (linePrefix + text).split('\n');
  const stuck = lines.findIndex(isStuck);
  if (stuck >= 0) lines.length = stuck;
  for (let at = 0; at < lines.length; at++) {
    for (let length = 1; length <= longestCycle; length++) {
      if (comesThreeTimes(lines, at, length))
        return lines
          .slice(0, at + length)
          .join('\n')
          .slice(linePrefix.length);
    }
  }
  return lines.join('\n').slice(linePrefix.length);
}

function comesThreeTimes(lines: string[], at: number, length: number): boolean {
  if (at + 3 * length > lines.length || lines.slice(at, at + length).every(isBlank)) return false;
  for (let offset = 0; offset < 2 * length; offset++) {
    if (lines[at + offset]!.trimEnd() !== lines[at + offset + length]!.trimEnd()) return false;
  }
  return true;
}

/** Whether a line repeats one text at its end. Lines drawn with one character are intended. */
function isStuck(line: string): boolean {
  const tail = line.trimEnd().slice(-90);
  if (tail.length < 60) return false;
  for (let unit = 1; unit <= 20; unit++) {
    const repeated = tail.slice(unit) === tail.slice(0, -unit);
    if (repeated) return unit > 1 && /\w/.test(tail.slice(-unit));
  }
  return false;
}

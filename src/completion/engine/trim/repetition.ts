import { isBlank, isTrivial } from './lines.ts';
import type { Surroundings } from './surroundings.ts';

/** The last word of the line, if it is one that is not written twice in a row by anybody. */
const lastWord = /[\p{L}_$][\p{L}\p{N}_$]{2,}$/u;

/** Some models begin again with the line, or with the word, that the cursor stands in. */
export function withoutLineStart(text: string, { linePrefix }: Surroundings): string {
  const start = linePrefix.trim();
  const line = text.trimStart();
  if (start.length >= 6 && /[\s.=(:]/.test(start) && line.startsWith(start)) return line.slice(start.length);
  const word = lastWord.exec(linePrefix)?.[0];
  if (word === undefined || !text.startsWith(word)) return text;
  return word.length > 3 || !/^[\p{L}\p{N}_$]/u.test(text.slice(word.length))
    ? text.slice(word.length)
    : text;
}

/** How far back a model begins when it writes the lines above again. */
const linesBack = 20;
/** So many equal lines are no chance, unless they stand farther up: then it is one more piece of the same kind. */
const sameLines = 3;
const changedLines = 2;

/** Without the lines above the cursor, where the answer begins by writing them again. */
export function withoutLinesAbove(text: string, { above, linePrefix }: Surroundings): string {
  const lines = text.split('\n');
  const written = lines.map((line, at) => ({ at, text: (at === 0 ? linePrefix + line : line).trim() }));
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
    if (same === back && telling >= Math.min(2, back)) return lines.slice(own[same - 1]!.at + 1).join('\n');
    const isChanged = telling >= sameLines || (telling > 1 && same === own.length);
    if (isBlank(linePrefix) && isChanged && back - same <= changedLines) return '';
  }
  return text;
}

function countSame(lines: string[], earlier: string[]): number {
  const differing = earlier.findIndex((line, at) => line.trim() !== lines[at]);
  return differing < 0 ? earlier.length : differing;
}

/** Up to so many lines come again and again. */
const longestCycle = 4;

/** The same line, or the same few lines, three times in a row: once is enough. */
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

/** A line that ends by saying one thing over and over; lines drawn with one character are meant so. */
function isStuck(line: string): boolean {
  const tail = line.trimEnd().slice(-90);
  if (tail.length < 60) return false;
  for (let unit = 1; unit <= 20; unit++) {
    const repeated = tail.slice(unit) === tail.slice(0, -unit);
    if (repeated) return unit > 1 && /\w/.test(tail.slice(-unit));
  }
  return false;
}

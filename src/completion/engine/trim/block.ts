import { firstFault, openIn } from './brackets.ts';
import { opensBlock } from './layout.ts';
import { closesBlock, depthOf, isBlank, isOnlyClosers } from './lines.ts';
import { maskOf, placeBehind, type Surroundings } from './surroundings.ts';

/**
 * The text up to the first bracket that closes nothing, or whose partner is closed after the cursor already.
 */
export function withMatchedBrackets(text: string, around: Surroundings): string {
  if (around.prose) return text;
  const fault = firstFault(maskOf(text, around), around.open);
  if (!fault) return text;
  const lineStart = text.lastIndexOf('\n', fault.at - 1) + 1;
  // The text before it on its line is incomplete or empty.
  const cutLine = fault.mismatch || isBlank(text.slice(lineStart, fault.at));
  return text.slice(0, cutLine ? Math.max(0, lineStart - 1) : fault.at).trimEnd();
}

/**
 * The text after the cursor on its line closes what was open before it. An answer with an open bracket would
 * use up that closing bracket.
 */
export function wholeBeforeRest(text: string, around: Surroundings): string {
  if (around.prose || isBlank(around.restOfLine)) return text;
  return openIn(maskOf(text, around)) > around.spareClosers ? '' : text;
}

/** One line, unless a block starts, the line is empty, or more was requested. */
export function inLineLimit(text: string, around: Surroundings): string {
  const { linePrefix, restOfLine, multiline } = around;
  const free = isBlank(restOfLine) || /^[\s)\]};,]*$/.test(restOfLine);
  const empty = isBlank(linePrefix) && isBlank(restOfLine);
  if (free && (multiline || empty || beginsBlock(text, around))) return text;
  return text.split('\n', 1)[0]!;
}

function beginsBlock(text: string, { linePrefix }: Surroundings): boolean {
  return !isBlank(linePrefix) && text.startsWith('\n') && opensBlock(linePrefix);
}

/** The text up to the first line outside the cursor's block, by its indentation. */
export function insideBlock(text: string, around: Surroundings): string {
  const lines = text.split('\n');
  const masked = maskOf(text, around).split('\n');
  const opened = beginsBlock(text, around);
  const base = depthOf(isBlank(around.linePrefix) ? around.linePrefix + lines[0]! : around.indentation);
  for (let at = 1; at < lines.length; at++) {
    const line = lines[at]!;
    if (isBlank(line) || isInString(line, masked[at]!)) continue;
    if (endsString(line) && placeBehind(around, `${lines.slice(0, at).join('\n')}\n`) === 'string') continue;
    const depth = depthOf(line);
    const inside = opened
      ? depth > base
      : depth > base || (depth === base && !startsAnew(lines, masked, at, base));
    if (inside) continue;
    if (opened && depth === base && closesBlock(line)) return endOfBlock(lines, at, around);
    return lines.slice(0, at).join('\n');
  }
  return text;
}

/** Without indentation, an empty line ends the block. */
function startsAnew(lines: string[], masked: string[], at: number, base: number): boolean {
  return base === 0 && isBlank(lines[at - 1]!) && openIn(masked.slice(0, at).join('\n')) === 0;
}

function isInString(line: string, masked: string): boolean {
  const first = line.search(/\S/);
  return masked[first] === '"' && !/["'`]/.test(line[first]!) && !/^\w{1,2}["']/.test(line.trim());
}

/** Whether a line may be the end of a string that started above. */
function endsString(line: string): boolean {
  return /^\s*["'`]/.test(line);
}

/**
 * Includes the line that closes the block, and closing text directly after it. A closing word counts once.
 */
function endOfBlock(lines: string[], at: number, { below, indentation }: Surroundings): string {
  const line = lines[at]!;
  const isWord = /^\s*\w/.test(line);
  const isThere =
    below[0] !== undefined && depthOf(below[0]) === depthOf(indentation) && closesBlock(below[0]);
  const closing = isWord ? line.trimEnd() : /^[\s)\]};,]*/.exec(line)![0].trimEnd();
  const kept = (isWord && isThere) || closing === '' ? [] : [closing];
  return [...lines.slice(0, at), ...kept].join('\n');
}

/** Empty when nothing is worth showing. */
export function worthShowing(text: string, { place }: Surroundings): string {
  return isOnlyClosers(text, place) ? '' : text;
}

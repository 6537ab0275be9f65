import { depthOf, isBlank } from './lines.ts';

const partners: Record<string, string> = { '(': ')', '[': ']', '{': '}' };
const closers = new Set(Object.values(partners));

/** A bracket that is open at the cursor. */
export interface OpenBracket {
  /** Its closing bracket. */
  closer: string;
  /** Indentation of its line in columns. */
  depth: number;
  /** Whether the text after the cursor closes it. */
  closed: boolean;
}

interface Closer {
  character: string;
  depth: number;
  onCursorLine: boolean;
}

/**
 * The brackets open at the cursor, and whether the first one closed after it is none of them, so that the
 * answer must open it.
 * @param masked the text before the cursor, one letter, and the text after it, without comments and strings
 * @param after the text after the cursor, and whether that is all of it
 */
export function openBrackets(
  before: string,
  masked: string,
  after: { text: string; whole: boolean },
): { open: OpenBracket[]; spareBelow: boolean } {
  const open: OpenBracket[] = [];
  const depths = lineDepths(before);
  walk(masked.slice(0, before.length), (character, line) => {
    if (partners[character]) open.push({ closer: partners[character], depth: depths[line]!, closed: false });
    else if (open.at(-1)?.closer === character) open.pop();
  });
  const found = unmatchedClosers(after.text, masked.slice(before.length + 1));
  pair(open, found, unseenDepth(after));
  return { open, spareBelow: hasSpare(found, open, after.whole) };
}

function hasSpare(found: readonly Closer[], open: OpenBracket[], whole: boolean): boolean {
  return found[0] !== undefined && (!hasPartner(found[0], open) || (whole && found.length > open.length));
}

function hasPartner({ character, depth, onCursorLine }: Closer, open: OpenBracket[]): boolean {
  return open.some((bracket) => bracket.closer === character && (onCursorLine || bracket.depth === depth));
}

function unseenDepth({ text, whole }: { text: string; whole: boolean }): number {
  const next = text
    .split('\n')
    .slice(1)
    .find((line) => !isBlank(line));
  return whole ? 0 : next === undefined ? Infinity : depthOf(next);
}

function unmatchedClosers(text: string, masked: string): Closer[] {
  const found: Closer[] = [];
  const depths = lineDepths(text);
  let level = 0;
  walk(masked, (character, line) => {
    if (partners[character]) level += 1;
    else if (level > 0) level -= 1;
    else found.push({ character, depth: depths[line]!, onCursorLine: line === 0 });
  });
  return found;
}

/**
 * Finds out which brackets are closed after the cursor.
 * @param unseen for a file that is known only in part: brackets of lines indented less than this are closed
 * further below
 */
function pair(open: OpenBracket[], found: Closer[], unseen: number): void {
  const inner = open.toReversed();
  const inOrder = inner.every(({ closer }, at) => found[at]?.character === closer);
  let next = 0;
  for (const bracket of inner) {
    const closer = found[next];
    const fits =
      closer?.character === bracket.closer && (closer.onCursorLine || closer.depth === bracket.depth);
    bracket.closed = inOrder || fits || (!closer && bracket.depth < unseen);
    if (fits) next += 1;
  }
  closeAnyhow(inner, found.slice(next));
}

/**
 * Brackets at one indentation belong together; else the innermost one of the kind counts as closed. Closing
 * brackets left of all open ones belong to the unknown part.
 */
function closeAnyhow(inner: OpenBracket[], left: Closer[]): void {
  const margin = Math.min(...inner.map(({ depth }) => depth));
  const later = left.filter(({ onCursorLine, depth }) => onCursorLine || depth >= margin);
  // The answer closes the inner ones first.
  const others = later.toReversed().filter((closer) => {
    const match = inner.findLast((open) => isFor(closer, open) && open.depth === closer.depth);
    if (closer.onCursorLine || !match) return true;
    match.closed = true;
    return false;
  });
  for (const closer of others.toReversed()) {
    const match = inner.find((open) => isFor(closer, open));
    if (match) match.closed = true;
  }
}

function isFor(closer: Closer, open: OpenBracket): boolean {
  return !open.closed && open.closer === closer.character;
}

/** Number of brackets in the masked rest of a line that close nothing open before it. */
export function spareClosers(open: readonly OpenBracket[], masked: string): number {
  let [level, next, spare] = [0, open.length, 0];
  walk(masked, (character) => {
    if (partners[character]) level += 1;
    else if (level > 0) level -= 1;
    else if (open[next - 1]?.closer === character) next -= 1;
    else spare += 1;
  });
  return spare;
}

/** The first wrong bracket of a suggestion. */
export interface BracketFault {
  at: number;
  /** Whether it closes a bracket of another kind inside the suggestion. */
  mismatch: boolean;
}

/**
 * The first bracket that closes nothing, or whose partner is closed after the cursor already, unless its line
 * ends by opening one of that kind again, as in `(item) => (`.
 */
export function firstFault(masked: string, open: readonly OpenBracket[]): BracketFault | undefined {
  const own: string[] = [];
  const outer = [...open];
  const owed: { at: number; bracket: OpenBracket }[] = [];
  for (let at = 0; at < masked.length; at++) {
    const character = masked[at]!;
    if (character === '\n' && owed.length > 0) {
      if (!areOpenAgain(owed, own)) break;
      outer.push(
        ...owed
          .splice(0)
          .toReversed()
          .map(({ bracket }) => bracket),
      );
      own.length = 0;
    }
    if (partners[character]) own.push(partners[character]);
    if (!closers.has(character)) continue;
    if (own.length > 0) {
      if (own.pop() !== character) return { at: owed[0]?.at ?? at, mismatch: owed.length === 0 };
      continue;
    }
    const bracket = outer.pop();
    if (bracket?.closer !== character) return { at: owed[0]?.at ?? at, mismatch: false };
    if (bracket.closed) owed.push({ at, bracket });
  }
  return owed.length > 0 && !areOpenAgain(owed, own) ? { at: owed[0]!.at, mismatch: false } : undefined;
}

/** Whether a line has opened, in reverse order, what it has closed. */
function areOpenAgain(owed: readonly { bracket: OpenBracket }[], own: readonly string[]): boolean {
  return own.length === owed.length && owed.every(({ bracket }, at) => bracket.closer === own.at(-1 - at));
}

/** Number of brackets in a text that close nothing in it. */
export function closersIn(masked: string): number {
  let [level, count] = [0, 0];
  walk(masked, (character) => {
    if (partners[character]) level += 1;
    else if (level > 0) level -= 1;
    else count += 1;
  });
  return count;
}

/** Number of brackets opened but not closed in a text. */
export function openIn(masked: string): number {
  let level = 0;
  walk(masked, (character) => {
    level = Math.max(0, level + (partners[character] ? 1 : -1));
  });
  return level;
}

const bracketOrBreak = /[()[\]{}\n]/g;

function walk(masked: string, visit: (bracket: string, line: number) => void): void {
  let line = 0;
  for (const [character] of masked.matchAll(bracketOrBreak)) {
    if (character === '\n') line += 1;
    else visit(character, line);
  }
}

/** The indentation of each line; none for an empty line. */
function lineDepths(text: string): number[] {
  return text.split('\n').map((line) => (isBlank(line) ? 0 : depthOf(line)));
}

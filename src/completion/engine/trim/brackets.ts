import { depthOf, isBlank } from './lines.ts';

const partners: Record<string, string> = { '(': ')', '[': ']', '{': '}' };
const closers = new Set(Object.values(partners));

/** A bracket that is open at the cursor. */
export interface OpenBracket {
  /** What closes it. */
  closer: string;
  /** Columns by which its line is indented. */
  depth: number;
  /** Whether the text behind the cursor closes it. */
  closed: boolean;
}

interface Closer {
  character: string;
  depth: number;
  onCursorLine: boolean;
}

/**
 * The brackets open at the cursor, and whether the first that is closed behind it is none of them: then the answer is
 * to open it.
 *
 * @param masked the text before the cursor, one letter, and the text behind it, without comments and strings
 * @param after the text behind the cursor, and whether it is all of it
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
  return { open, spareBelow: found[0] !== undefined && !hasPartner(found[0], open) };
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
 * Finds out which brackets are closed behind the cursor.
 *
 * @param unseen of a file that is not seen whole, the brackets of lines less deep than this are closed further on
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
 * Where the indentation does not tell, the innermost bracket of the kind is taken for closed. Closers left of all
 * that is open belong to what is not seen.
 */
function closeAnyhow(inner: OpenBracket[], left: Closer[]): void {
  const margin = Math.min(...inner.map(({ depth }) => depth));
  for (const closer of left.filter(({ onCursorLine, depth }) => onCursorLine || depth >= margin)) {
    const match = inner.find((open) => !open.closed && open.closer === closer.character);
    if (match) match.closed = true;
  }
}

/** How many brackets of the masked rest of a line close nothing of what is open before it. */
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

/** Where the brackets of a suggestion go wrong. */
export interface BracketFault {
  at: number;
  /** The bracket closes one of the suggestion's own that is of another kind. */
  mismatch: boolean;
}

/** The first bracket that closes nothing, or what the text behind the cursor closes already. */
export function firstFault(masked: string, open: readonly OpenBracket[]): BracketFault | undefined {
  const own: string[] = [];
  let outer = open.length;
  for (let at = 0; at < masked.length; at++) {
    const character = masked[at]!;
    if (partners[character]) own.push(partners[character]);
    if (!closers.has(character)) continue;
    if (own.length > 0) {
      if (own.pop() !== character) return { at, mismatch: true };
      continue;
    }
    outer -= 1;
    const bracket = open[outer];
    if (!bracket || bracket.closed || bracket.closer !== character) return { at, mismatch: false };
  }
  return undefined;
}

/** How many brackets of a text close nothing in it. */
export function closersIn(masked: string): number {
  let [level, count] = [0, 0];
  walk(masked, (character) => {
    if (partners[character]) level += 1;
    else if (level > 0) level -= 1;
    else count += 1;
  });
  return count;
}

/** How many brackets are open at the end of a text that were opened in it. */
export function openIn(masked: string): number {
  let level = 0;
  walk(masked, (character) => {
    level = Math.max(0, level + (partners[character] ? 1 : -1));
  });
  return level;
}

function walk(masked: string, visit: (bracket: string, line: number) => void): void {
  let line = 0;
  for (const character of masked) {
    if (character === '\n') line += 1;
    else if (partners[character] || closers.has(character)) visit(character, line);
  }
}

/** The depth of each line; a blank one has none. */
function lineDepths(text: string): number[] {
  return text.split('\n').map((line) => (isBlank(line) ? 0 : depthOf(line)));
}

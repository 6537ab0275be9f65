/** A replacement in a text. Offsets count UTF-16 units, as in VS Code. */
export interface TextChange {
  start: number;
  end: number;
  text: string;
}

/**
 * Moves changes that were made for one text to their positions in a newer version. Undefined when one no
 * longer fits. A change fits when the text has changed only after it or only before it; otherwise the lines
 * it touches must occur exactly once in both versions.
 */
export function reanchored(
  original: string,
  now: string,
  changes: readonly TextChange[],
): TextChange[] | undefined {
  if (now === original) return [...changes];
  const same = sameEnds(original, now);
  const moved = changes.map((change) => moveOne(original, now, same, change));
  const placed = moved.filter((change) => change !== undefined).toSorted((a, b) => a.start - b.start);
  const apart = placed.every(({ end }, at) => end <= (placed[at + 1]?.start ?? now.length));
  return placed.length === changes.length && apart ? placed : undefined;
}

/** The text with all changes applied. They must not overlap. */
export function applied(text: string, changes: readonly TextChange[]): string {
  let at = 0;
  const pieces: string[] = [];
  for (const change of changes.toSorted((a, b) => a.start - b.start)) {
    pieces.push(text.slice(at, change.start), change.text);
    at = change.end;
  }
  return [...pieces, text.slice(at)].join('');
}

interface SameEnds {
  /** Length of the common beginning. */
  prefix: number;
  /** Length of the common end. Does not overlap the prefix. */
  suffix: number;
}

function sameEnds(one: string, other: string): SameEnds {
  const shorter = Math.min(one.length, other.length);
  let prefix = 0;
  while (prefix < shorter && one.charCodeAt(prefix) === other.charCodeAt(prefix)) prefix++;
  let suffix = 0;
  while (
    suffix < shorter - prefix &&
    one.charCodeAt(one.length - 1 - suffix) === other.charCodeAt(other.length - 1 - suffix)
  )
    suffix++;
  return { prefix, suffix };
}

function moveOne(
  original: string,
  now: string,
  { prefix, suffix }: SameEnds,
  change: TextChange,
): TextChange | undefined {
  if (change.end <= prefix) return change;
  if (change.start >= original.length - suffix) return shifted(change, now.length - original.length);
  const lines = wholeLines(original, change);
  const text = original.slice(lines.start, lines.end);
  if (text.trim() === '' || offsetsOf(text, original).length > 1) return undefined;
  const [offset, second] = offsetsOf(text, now);
  return offset === undefined || second !== undefined ? undefined : shifted(change, offset - lines.start);
}

function shifted({ start, end, text }: TextChange, distance: number): TextChange {
  return { start: start + distance, end: end + distance, text };
}

function wholeLines(text: string, { start, end }: TextChange): { start: number; end: number } {
  const next = text.indexOf('\n', end);
  const previous = start === 0 ? -1 : text.lastIndexOf('\n', start - 1);
  return { start: previous + 1, end: next < 0 ? text.length : next };
}

/** The positions of whole lines in a text, at most two. */
function offsetsOf(lines: string, text: string): number[] {
  const offsets: number[] = [];
  for (let at = text.indexOf(lines); at >= 0 && offsets.length < 2; at = text.indexOf(lines, at + 1)) {
    const end = at + lines.length;
    if ((at === 0 || text[at - 1] === '\n') && (end === text.length || text[end] === '\n')) offsets.push(at);
  }
  return offsets;
}

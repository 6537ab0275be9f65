/** A line of a text, to find it again when the text has changed. */
export interface LineAnchor {
  text: string;
  /** The number of equal lines, and how many of them come before. */
  count: number;
  before: number;
}

export function anchorOf(lines: readonly string[], line: number): LineAnchor {
  const text = lines[line] ?? '';
  const same = linesLike(lines, text);
  return { text, count: same.length, before: same.indexOf(line) };
}

/**
 * The line's current position. Undefined when it was removed or changed, or when the number of equal lines
 * has changed, so that it is unclear which one it is.
 */
export function findAgain(lines: readonly string[], { text, count, before }: LineAnchor): number | undefined {
  const same = linesLike(lines, text);
  return same.length === count ? same[before] : undefined;
}

function linesLike(lines: readonly string[], text: string): number[] {
  return lines.flatMap((line, index) => (line === text ? [index] : []));
}

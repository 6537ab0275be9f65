/** A line of a text, by which it is found again when the text has changed. */
export interface LineAnchor {
  text: string;
  /** How many lines of the same text there are, and how many of them come before. */
  count: number;
  before: number;
}

export function anchorOf(lines: readonly string[], line: number): LineAnchor {
  const text = lines[line] ?? '';
  const same = linesLike(lines, text);
  return { text, count: same.length, before: same.indexOf(line) };
}

/**
 * Where the line stands now. Undefined when it is gone or was changed, or when there are more or fewer lines
 * like it, so that it cannot be told which it is.
 */
export function findAgain(lines: readonly string[], { text, count, before }: LineAnchor): number | undefined {
  const same = linesLike(lines, text);
  return same.length === count ? same[before] : undefined;
}

function linesLike(lines: readonly string[], text: string): number[] {
  return lines.flatMap((line, index) => (line === text ? [index] : []));
}

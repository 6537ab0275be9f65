/** Lines of an answer that correspond to a range of the old ones. */
export interface MappedLines {
  from: number;
  to: number;
  /** Number of lines outside the range that differ. */
  changedOutside: number;
}

/** Most pairs of lines that are compared. */
const mostPairs = 4_000_000;

/**
 * Maps the lines from `from` to `to` of a text to a new version of it. Undefined when the lines around them
 * are missing or occur more than once.
 */
export function mapLines(
  old: readonly string[],
  now: readonly string[],
  from: number,
  to: number,
): MappedLines | undefined {
  const [a, b] = [wordy(old), wordy(now)];
  const ends = sameEnds(a, b, from, to);
  const [middle, other] = [a, b].map((all) => all.slice(ends.head, all.length - ends.tail)) as [
    Numbered[],
    Numbered[],
  ];
  if (middle.length * other.length > mostPairs) return undefined;
  const table = lengths(middle, other);
  const [first, last] = [true, false].map((isEager) =>
    rangeOf(a, b, joined(pairs(middle, other, table, isEager), ends, a.length, b.length), from, to),
  );
  return first && last && first.from === last.from && first.to === last.to ? first : undefined;
}

interface Ends {
  head: number;
  tail: number;
}

/** The number of equal lines at the beginning before the range, and at the end after it. */
function sameEnds(a: Numbered[], b: Numbered[], from: number, to: number): Ends {
  const [before, after] = [
    a.filter(({ line }) => line < from).length,
    a.filter(({ line }) => line >= to).length,
  ];
  let [head, tail] = [0, 0];
  while (head < Math.min(before, b.length) && a[head]!.text === b[head]!.text) head++;
  while (tail < Math.min(after, b.length - head) && a.at(-1 - tail)!.text === b.at(-1 - tail)!.text) tail++;
  return { head, tail };
}

function joined(
  middle: (number | undefined)[],
  { head, tail }: Ends,
  length: number,
  other: number,
): (number | undefined)[] {
  return [
    ...Array.from({ length: head }, (_, at) => at),
    ...middle.map((at) => (at === undefined ? undefined : at + head)),
    ...Array.from({ length: tail }, (_, at) => other - tail + at),
  ].slice(0, length);
}

interface Numbered {
  text: string;
  line: number;
}

function wordy(lines: readonly string[]): Numbered[] {
  return lines.map((text, line) => ({ text: text.trim(), line })).filter(({ text }) => text !== '');
}

/** Lengths of the longest common subsequences of all suffixes. */
function lengths(a: Numbered[], b: Numbered[]): Uint16Array[] {
  const rows = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      rows[i]![j] =
        a[i]!.text === b[j]!.text ? rows[i + 1]![j + 1]! + 1 : Math.max(rows[i + 1]![j]!, rows[i]![j + 1]!);
  return rows;
}

/** The new line for every old line. If there is a choice, the first or the last possible one. */
function pairs(a: Numbered[], b: Numbered[], table: Uint16Array[], isEager: boolean): (number | undefined)[] {
  const found: (number | undefined)[] = Array.from({ length: a.length });
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    const [here, down, right] = [table[i]![j]!, table[i + 1]![j]!, table[i]![j + 1]!];
    const isPair = a[i]!.text === b[j]!.text && table[i + 1]![j + 1]! + 1 === here;
    if (isPair && (isEager || (down < here && right < here))) found[i++] = j++;
    else if (isEager ? down === here : right < here) i++;
    else j++;
  }
  return found;
}

function rangeOf(
  a: Numbered[],
  b: Numbered[],
  paired: (number | undefined)[],
  from: number,
  to: number,
): MappedLines | undefined {
  const before = a.findLastIndex(({ line }) => line < from);
  const after = a.findIndex(({ line }) => line >= to);
  const start = before < 0 ? -1 : paired[before];
  const end = after < 0 ? b.length : paired[after];
  if (start === undefined || end === undefined || end <= start) return undefined;
  const isOutside = (at: number): boolean => at <= before || (after >= 0 && at >= after);
  const lost = a.filter((_, at) => isOutside(at) && paired[at] === undefined).length;
  const matched = new Set(paired);
  const added = b.filter((_, at) => (at <= start || at >= end) && !matched.has(at)).length;
  const last = end < b.length ? b[end]!.line : (b.at(-1)?.line ?? -1) + 1;
  return { from: start < 0 ? 0 : b[start]!.line + 1, to: last, changedOutside: lost + added };
}

/** Removes the lines directly before and after the range, which models often repeat. */
export function withoutNeighbors(
  code: string,
  place: { before: string; replaced: string; after: string },
): string {
  const lines = code.split('\n');
  const head = repeated(lines, place.before.split('\n'), place.replaced.split('\n'));
  const rest = lines.slice(head);
  const tail = repeated(
    rest.toReversed(),
    place.after.split('\n').toReversed(),
    place.replaced.split('\n').toReversed(),
  );
  return rest.slice(0, rest.length - tail).join('\n');
}

/**
 * The number of first lines that repeat the end of the text before, and are not the first lines of the old
 * code.
 */
function repeated(lines: string[], neighbors: string[], replaced: string[]): number {
  const [now, around, old] = [lines, neighbors.toReversed(), replaced].map((all) => wordy(all)) as [
    Numbered[],
    Numbered[],
    Numbered[],
  ];
  for (let count = Math.min(10, now.length - 1, around.length); count > 0; count--) {
    const given = now.slice(0, count).map(({ text }) => text);
    const same = given.every((text, at) => text === around[count - 1 - at]!.text);
    const isOld = given.every((text, at) => text === old[at]?.text);
    const tells = given.some((text) => /\w{2}/.test(text) && !old.some((line) => line.text === text));
    if (same && !isOld && tells) return now[count]!.line;
  }
  return 0;
}

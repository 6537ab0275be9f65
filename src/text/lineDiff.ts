/** Unchanged lines shown around a change, as in Git. */
const context = 3;
/** Most edits for which the shortest diff is computed. With more, everything between is replaced. */
const mostEdits = 1_000;

interface Edit {
  mark: ' ' | '-' | '+';
  line: string;
}

/** The hunks between two texts in lines, in Git's format. */
export function lineDiff(old: readonly string[], fresh: readonly string[]): string[] {
  const edits = editsBetween(old, fresh);
  const changed = edits.flatMap(({ mark }, index) => (mark === ' ' ? [] : [index]));
  const hunks: string[] = [];
  for (let at = 0; at < changed.length;) {
    let last = at;
    while (last + 1 < changed.length && changed[last + 1]! - changed[last]! <= 2 * context) last++;
    const from = Math.max(0, changed[at]! - context);
    hunks.push(...hunkOf(edits, from, Math.min(edits.length, changed[last]! + context + 1)));
    at = last + 1;
  }
  return hunks;
}

function hunkOf(edits: readonly Edit[], from: number, to: number): string[] {
  const count = (part: readonly Edit[], other: '-' | '+'): number =>
    part.filter(({ mark }) => mark !== other).length;
  const before = edits.slice(0, from);
  const part = edits.slice(from, to);
  const side = (other: '-' | '+'): string => {
    const lines = count(part, other);
    return `${count(before, other) + (lines > 0 ? 1 : 0)},${lines}`;
  };
  return [`@@ -${side('+')} +${side('-')} @@`, ...part.map(({ mark, line }) => mark + line)];
}

const same = (line: string): Edit => ({ mark: ' ', line });

function editsBetween(old: readonly string[], fresh: readonly string[]): Edit[] {
  let start = 0;
  while (start < old.length && start < fresh.length && old[start] === fresh[start]) start++;
  let end = 0;
  while (
    end < Math.min(old.length, fresh.length) - start &&
    old[old.length - 1 - end] === fresh[fresh.length - 1 - end]
  )
    end++;
  return [
    ...old.slice(0, start).map(same),
    ...shortest(old.slice(start, old.length - end), fresh.slice(start, fresh.length - end)),
    ...old.slice(old.length - end).map(same),
  ];
}

/**
 * Myers' algorithm for the shortest edit. Keeps the furthest points of each round to reconstruct the edits.
 */
function shortest(old: readonly string[], fresh: readonly string[]): Edit[] {
  const rounds: Map<number, number>[] = [];
  let reached = new Map([[1, 0]]);
  for (let edits = 0; edits <= Math.min(mostEdits, old.length + fresh.length); edits++) {
    rounds.push(reached);
    const next = new Map<number, number>();
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = isDown(reached, diagonal, edits)
        ? (reached.get(diagonal + 1) ?? 0)
        : (reached.get(diagonal - 1) ?? 0) + 1;
      while (x < old.length && x - diagonal < fresh.length && old[x] === fresh[x - diagonal]) x++;
      next.set(diagonal, x);
      if (x >= old.length && x - diagonal >= fresh.length) return wayBack(rounds, old, fresh);
    }
    reached = next;
  }
  return [
    ...old.map((line): Edit => ({ mark: '-', line })),
    ...fresh.map((line): Edit => ({ mark: '+', line })),
  ];
}

function isDown(reached: Map<number, number>, diagonal: number, edits: number): boolean {
  if (diagonal === -edits) return true;
  return diagonal !== edits && (reached.get(diagonal - 1) ?? -1) < (reached.get(diagonal + 1) ?? -1);
}

function wayBack(rounds: Map<number, number>[], old: readonly string[], fresh: readonly string[]): Edit[] {
  const edits: Edit[] = [];
  let [x, y] = [old.length, fresh.length];
  for (let round = rounds.length - 1; round >= 0; round--) {
    const reached = rounds[round]!;
    const diagonal = x - y;
    const previous = isDown(reached, diagonal, round) ? diagonal + 1 : diagonal - 1;
    const fromX = round === 0 ? 0 : (reached.get(previous) ?? 0);
    const fromY = round === 0 ? 0 : fromX - previous;
    for (; x > fromX && y > fromY; x--, y--) edits.push({ mark: ' ', line: old[x - 1]! });
    if (round === 0) break;
    edits.push(x === fromX ? { mark: '+', line: fresh[y - 1]! } : { mark: '-', line: old[x - 1]! });
    [x, y] = [fromX, fromY];
  }
  return edits.toReversed();
}

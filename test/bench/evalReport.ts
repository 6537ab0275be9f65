import { summary } from './statistics.ts';

/** The quality of one suggestion. */
export interface Tested {
  /** Whether nothing of the answer was worth showing. */
  isDropped: boolean;
  /** Whether its first line is equal to the original one. */
  isExact: boolean;
  /** Similarity of the first line and the original one, 0 to 1. */
  similarity: number;
  waitMs: number;
  promptTokens: number;
  /** The share of the prompt that was in the server's cache, 0 to 1. */
  reused: number;
}

/** One minus the smallest number of characters to change, divided by the longer length. */
export function editSimilarity(one: string, other: string): number {
  const longest = Math.max(one.length, other.length);
  if (longest === 0) return 1;
  let distances = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [row, character] of one.split('').entries()) {
    const next = [row + 1];
    for (const [column, against] of other.split('').entries())
      next.push(
        Math.min(
          next[column]! + 1,
          distances[column + 1]! + 1,
          distances[column]! + (character === against ? 0 : 1),
        ),
      );
    distances = next;
  }
  return 1 - distances.at(-1)! / longest;
}

export function report(name: string, tested: readonly Tested[]): string {
  const share = (count: number): string => `${((count * 100) / tested.length).toFixed(1)} %`;
  const mean = (of: (one: Tested) => number): number =>
    tested.reduce((sum, one) => sum + of(one), 0) / tested.length;
  const waits = tested.filter(({ waitMs }) => waitMs > 0).map(({ waitMs }) => waitMs);
  const sorted = waits.toSorted((a, b) => a - b);
  const ninety = sorted[Math.max(0, Math.ceil(sorted.length * 0.9) - 1)] ?? 0;
  const lines = [
    ['places', String(tested.length)],
    ['exact match of the first line', share(tested.filter(({ isExact }) => isExact).length)],
    ['edit similarity of the first line', mean(({ similarity }) => similarity).toFixed(3)],
    ['dropped', share(tested.filter(({ isDropped }) => isDropped).length)],
    ['wait, median', `${summary(waits).median.toFixed(0)} ms`],
    ['wait, 90th percentile', `${ninety.toFixed(0)} ms`],
    ['tokens of a prompt', mean(({ promptTokens }) => promptTokens).toFixed(0)],
    ['of these reused', `${(mean(({ reused }) => reused) * 100).toFixed(0)} %`],
  ];
  const width = Math.max(...lines.map(([label]) => label!.length));
  return [name, ...lines.map(([label, value]) => `  ${label!.padEnd(width)}  ${value}`)].join('\n');
}

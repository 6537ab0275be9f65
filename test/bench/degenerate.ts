import { degenerateTexts, processorMs } from '../support/growth.ts';
import { folders, spread, textFunctions } from '../support/textFunctions.ts';
import { summary } from './statistics.ts';
import { judge, type Result } from './table.ts';

export const degenerateRow = '64 KB of degenerate input, worst function';

/** Characters of the text, and of a first one that tells which functions are worth the long one. */
const length = 64 * 1024;
const shortLength = length / 8;
/** A function that takes less for the short text cannot take the target for the long one, unless it is cubic. */
const worthMs = 0.75;
const target = { most: 100, unit: 'ms' } as const;

interface Timed {
  name: string;
  ms: number;
}

/** Time of every function of a text with every degenerate text, by the worst one; see test/support/growth.ts. */
export async function measureDegenerate(): Promise<Result> {
  const all: Timed[] = [];
  for (const folder of folders)
    for (const [{ name, run }, texts] of spread(await textFunctions(folder), degenerateTexts))
      for (const text of texts) {
        if (processorMs(() => run(text.make(shortLength))) < worthMs) continue;
        all.push({ name: `${name}: ${text.name}`, ms: least(run, text.make(length)) });
      }
  const worst = all.toSorted((one, other) => other.ms - one.ms);
  const figures = { codeworm: summary(worst.slice(0, 1).map(({ ms }) => ms)) };
  const list = worst.slice(0, 5).map(({ name, ms }) => `${name} ${ms.toFixed(0)} ms`);
  return {
    name: degenerateRow,
    unit: 'ms CPU',
    figures,
    targets: [judge(target, figures)],
    note: list.join('; '),
  };
}

/** The first calls of a function are slower: they are interpreted. */
function least(run: (text: string) => unknown, text: string): number {
  return Math.min(...Array.from({ length: 3 }, () => processorMs(() => run(text))));
}

import { degenerateTexts } from '../support/degenerateTexts.ts';
import { processorMs } from '../support/growth.ts';
import { folders, spread, textFunctions } from '../support/textFunctions.ts';
import { summary } from './statistics.ts';
import { judge, type Result } from './table.ts';

export const degenerateRow = '64 KB of degenerate input, worst function';

const length = 64 * 1024;
/** A shorter text shows which calls are worth the long one. */
const shortLength = length / 16;
const mostCalls = 150;
const target = { most: 100, unit: 'ms' } as const;

interface Call {
  name: string;
  run: (text: string) => unknown;
  make: (length: number) => string;
  ms: number;
}

/** Time of every text function with its worst degenerate text; see test/support/growth.ts. */
export async function measureDegenerate(): Promise<Result> {
  const calls: Call[] = [];
  for (const folder of folders)
    for (const [{ name, run }, texts] of spread(await textFunctions(folder), degenerateTexts))
      for (const { name: text, make } of texts)
        calls.push({ name: `${name}: ${text}`, run, make, ms: processorMs(() => run(make(shortLength))) });
  const longest = slowestFirst(calls).slice(0, mostCalls);
  for (const call of longest) call.ms = least(call.run, call.make(length));
  return resultOf(slowestFirst(longest));
}

function slowestFirst(calls: readonly Call[]): Call[] {
  return calls.toSorted((one, other) => other.ms - one.ms);
}

function resultOf(worst: readonly Call[]): Result {
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

/** The first calls of a function are slower, because they are interpreted. */
function least(run: (text: string) => unknown, text: string): number {
  return Math.min(...Array.from({ length: 3 }, () => processorMs(() => run(text))));
}

import { isSummaryKind } from '../../prompts/summaries.ts';
import type { PlanOptions } from './plan.ts';
import type { PlanItem } from './planItem.ts';
import { lastPeriods, summaryItem } from './summaryPeriods.ts';

/**
 * One for each of the latest weeks and months with commits.
 * @param kinds kinds of pages; those that are not summaries are ignored
 * @param commitsBetween the commits of a period; the first moment is inclusive, the second one exclusive
 */
export async function summaryItems(
  kinds: readonly string[],
  commitsBetween: (from: Date, to: Date) => Promise<readonly unknown[]>,
  stateOf: PlanOptions['stateOf'],
): Promise<PlanItem[]> {
  const items: PlanItem[] = [];
  for (const kind of kinds.filter(isSummaryKind))
    for (const period of lastPeriods(kind, Date.now())) {
      const commits = await commitsBetween(new Date(period.from), new Date(period.to));
      const state = stateOf?.({ path: '', symbol: period.name, kind }) ?? 'missing';
      if (commits.length > 0) items.push(summaryItem(period, commits.length, state));
    }
  return items;
}

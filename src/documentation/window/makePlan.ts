import type * as vscode from 'vscode';
import { isSummaryKind } from '../../prompts/summaries.ts';
import { planPages, type Plan, type PlanOptions } from '../workspace/plan.ts';
import type { PlanItem } from '../workspace/planItem.ts';
import { lastPeriods, summaryItem } from '../workspace/summaryPeriods.ts';
import { gitFor } from '../../editor/git.ts';
import { commitsBetween, fileHistories } from '../../editor/gitHistory.ts';
import type { GitProgram } from '../../editor/gitProgram.ts';
import { folderFiles, type ExcludedPages } from './folderFiles.ts';
import { ProviderOutlines } from './providerOutlines.ts';
import { windowLanguages } from './windowLanguages.ts';

/** Days of history that show how often a file changes. */
const historyDays = 365;
const dayMs = 86_400_000;

export interface PlanRequest {
  folder: vscode.Uri;
  kinds: readonly string[];
  excluded: ExcludedPages;
  stateOf?: PlanOptions['stateOf'];
  onProgress: (done: number, all: number) => void;
  signal: AbortSignal;
}

/** Reads a folder of the workspace and plans its pages, including summaries. Sends nothing. */
export async function makePlan(request: PlanRequest): Promise<Plan> {
  const { folder, kinds, excluded, stateOf, onProgress, signal } = request;
  const git = await gitFor(folder);
  const history = git && (await fileHistories(git, new Date(Date.now() - historyDays * dayMs), signal));
  const providers = new ProviderOutlines(folder);
  const plan = await planPages(folderFiles(folder, git, excluded), {
    kinds,
    history,
    stateOf,
    languageOf: windowLanguages(),
    outline: (path, text, languageId) => providers.outline(path, text, languageId),
    onProgress,
    signal,
  });
  const summaries = git ? await summaryItems(git, request) : [];
  return { ...plan, items: [...summaries, ...plan.items].toSorted((one, other) => other.score - one.score) };
}

/** One for each of the latest weeks and months with commits. */
async function summaryItems(git: GitProgram, { kinds, stateOf, signal }: PlanRequest): Promise<PlanItem[]> {
  const items: PlanItem[] = [];
  for (const kind of kinds.filter(isSummaryKind))
    for (const period of lastPeriods(kind, Date.now())) {
      const commits = await commitsBetween(git, new Date(period.from), new Date(period.to), signal);
      const state = stateOf?.({ path: '', symbol: period.name, kind }) ?? 'missing';
      if (commits.length > 0) items.push(summaryItem(period, commits.length, state));
    }
  return items;
}

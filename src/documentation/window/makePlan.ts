import type * as vscode from 'vscode';
import { planPages, type Plan, type PlanOptions } from '../workspace/plan.ts';
import { summaryItems } from '../workspace/summaryItems.ts';
import { gitFor } from '../../editor/git.ts';
import { commitsBetween, fileHistories } from '../../editor/gitHistory.ts';
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
  const commits = async (from: Date, to: Date) => (git ? commitsBetween(git, from, to, signal) : []);
  const summaries = await summaryItems(kinds, commits, stateOf);
  return { ...plan, items: [...summaries, ...plan.items].toSorted((one, other) => other.score - one.score) };
}

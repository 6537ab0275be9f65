import {
  isSummaryKind,
  summaryHeadings,
  summaryPrompt,
  type SummaryCommit,
  type SummaryKind,
} from '../../prompts/summaries.ts';
import { promptTokens, templateTokens, tokenCost } from '../../prompts/tokens.ts';
import { systemPrompt } from '../../prompts/systemPrompt.ts';
import { localizable, type LocalizableMessage } from '../../ollama/index.ts';
import { codeSpan, escapeMarkdown } from '../../text/markdown.ts';
import type { PageMaterial } from './pageMaterial.ts';
import type { PlanItem } from './planItem.ts';
import { periodOf, type Period } from './summaryPeriods.ts';

/** The sources of a summary. */
export interface SummarySources {
  /** Newest first. */
  commits: (from: Date, to: Date, signal: AbortSignal) => Promise<readonly SummaryCommit[]>;
  /** Sources whose pages are outdated. */
  stale: (signal: AbortSignal) => Promise<readonly string[]>;
  repository: string | undefined;
  /** Language of the pages, by its English name. */
  language: string | undefined;
  say: (message: LocalizableMessage) => string;
}

/** Most commits, and most frequently changed files, listed on a page. */
const mostListed = 50;
const mostFiles = 10;

/**
 * The material of a week's or month's summary; `undefined` for pages of other kinds. A period without commits
 * has no source.
 */
export function summaryMaterial(
  subject: Pick<PlanItem, 'kind' | 'symbol'>,
  sources: SummarySources,
  signal: AbortSignal,
): Promise<PageMaterial | undefined> | undefined {
  const { kind, symbol = '' } = subject;
  if (!isSummaryKind(kind)) return undefined;
  const period = periodOf(kind, symbol);
  return period ? materialOf(period, sources, signal) : Promise.resolve(undefined);
}

async function materialOf(
  period: Period,
  sources: SummarySources,
  signal: AbortSignal,
): Promise<PageMaterial | undefined> {
  const { kind, name } = period;
  const commits = await sources.commits(new Date(period.from), new Date(period.to), signal);
  if (commits.length === 0) return undefined;
  const stale = await sources.stale(signal);
  const [from, to] = [dayOf(period.from), dayOf(period.to - 1)];
  return {
    // Pages become outdated every day, so a summary is written again only when the commits differ.
    source: commits.map(({ hash }) => hash).join('\n'),
    header: headerOf(kind, name, [from, to], sources.repository, commits) + stalePart(stale),
    headings: summaryHeadings(kind),
    prompt: (budget) => {
      const cost = tokenCost(budget.charsPerToken);
      const room = promptTokens(budget) - templateTokens - cost(systemPrompt);
      const facts = { kind, period: name, from, to, commits, stale, language: sources.language };
      const { prompt, leftOut } = summaryPrompt(facts, (text) => cost(text) <= room);
      const note = localizable('Oldest commits that did not fit into the context window: {0}.', leftOut);
      return { system: systemPrompt, prompt, ...(leftOut > 0 ? { note: sources.say(note) } : {}) };
    },
  };
}

function headerOf(
  kind: SummaryKind,
  name: string,
  [from, to]: readonly [string, string],
  repository: string | undefined,
  commits: readonly SummaryCommit[],
): string {
  const rows = commits
    .slice(0, mostListed)
    .map(({ hash, date, subject }) => `- \`${hash}\` ${date} ${escapeMarkdown(subject)}\n`);
  const more = commits.length > mostListed ? `- and ${commits.length - mostListed} more\n` : '';
  const fields = [
    ['Type', kind === 'week' ? 'Weekly Summary' : 'Monthly Summary'],
    ...(repository ? [['Repository', escapeMarkdown(repository)]] : []),
    ['Period', `${from} to ${to}`],
    ['Commits', String(commits.length)],
    ['Most changed', mostChanged(commits)],
  ];
  const list = fields.filter(([, value]) => value).map(([field, value]) => `- **${field}:** ${value}\n`);
  return `# ${escapeMarkdown(name)}\n\n${list.join('')}\n## Commits\n\n${rows.join('')}${more}\n`;
}

/** Files by the number of changed lines. */
function mostChanged(commits: readonly SummaryCommit[]): string {
  const lines = new Map<string, number>();
  for (const { path, added = 0, removed = 0 } of commits.flatMap(({ files }) => files))
    lines.set(path, (lines.get(path) ?? 0) + added + removed);
  return [...lines]
    .toSorted(([one, count], [other, more]) => more - count || (one < other ? -1 : 1))
    .slice(0, mostFiles)
    .map(([path, count]) => `${codeSpan(path)} (${count})`)
    .join(', ');
}

function stalePart(stale: readonly string[]): string {
  if (stale.length === 0) return '';
  const rows = stale.slice(0, mostListed).map((path) => `- ${codeSpan(path)}\n`);
  const more = stale.length > mostListed ? `- and ${stale.length - mostListed} more\n` : '';
  return `## Stale Pages\n\n${rows.join('')}${more}\n`;
}

/** `2026-01-31`. */
function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

import type { SummaryKind } from '../../prompts/summaries.ts';
import type { PlanItem } from './planItem.ts';

/** A week or month in UTC. */
export interface Period {
  kind: SummaryKind;
  /** `2026-W05` or `2026-01`. */
  name: string;
  /** Milliseconds since 1970, inclusive. */
  from: number;
  /** Exclusive. */
  to: number;
}

const dayMs = 86_400_000;
/** Number of recent weeks and months in a plan. */
const lookBack: Record<SummaryKind, number> = { week: 4, month: 3 };

/**
 * The period that contains a moment. A week starts on Monday and belongs to the year of its Thursday, as in
 * ISO 8601.
 */
export function periodAt(kind: SummaryKind, time: number): Period {
  const date = new Date(time);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  if (kind === 'month') {
    const name = `${year}-${String(month + 1).padStart(2, '0')}`;
    return { kind, name, from: Date.UTC(year, month, 1), to: Date.UTC(year, month + 1, 1) };
  }
  const from = Date.UTC(year, month, day) - ((date.getUTCDay() + 6) % 7) * dayMs;
  const thursday = from + 3 * dayMs;
  const yearOfWeek = new Date(thursday).getUTCFullYear();
  const week = Math.floor((thursday - Date.UTC(yearOfWeek, 0, 1)) / (7 * dayMs)) + 1;
  return { kind, name: `${yearOfWeek}-W${String(week).padStart(2, '0')}`, from, to: from + 7 * dayMs };
}

/** The period of a page's name; `undefined` for other names. */
export function periodOf(kind: SummaryKind, name: string): Period | undefined {
  const [, year, month] = /^(\d{4})-(\d\d)$/.exec(name) ?? [];
  const [, weekYear, week] = /^(\d{4})-W(\d\d)$/.exec(name) ?? [];
  // The fourth of January is always in the first week.
  const time =
    kind === 'month'
      ? year && Date.UTC(Number(year), Number(month) - 1, 1)
      : weekYear && Date.UTC(Number(weekYear), 0, 4) + (Number(week) - 1) * 7 * dayMs;
  const period = typeof time === 'number' ? periodAt(kind, time) : undefined;
  return period?.name === name ? period : undefined;
}

/** This period and the earlier ones, newest first. */
export function lastPeriods(kind: SummaryKind, now: number, count = lookBack[kind]): Period[] {
  const periods = [periodAt(kind, now)];
  while (periods.length < count) periods.push(periodAt(kind, periods.at(-1)!.from - 1));
  return periods;
}

/** Points of a summary, and per commit: it is read first, and written in a minute. */
const summaryPoints = 50;
const mostCommitPoints = 40;

/** The page of a period, which has only commits as its source. */
export function summaryItem({ kind, name }: Period, commits: number, state: PlanItem['state']): PlanItem {
  const reasons = [
    { rule: 'page', points: state === 'current' || state === 'edited' ? 0 : summaryPoints },
    { rule: 'commits', points: Math.min(mostCommitPoints, commits), value: commits },
  ];
  return {
    path: '',
    symbol: name,
    lines: { start: 0, end: 0 },
    languageId: 'markdown',
    kind,
    score: reasons.reduce((sum, { points }) => sum + points, 0),
    reasons,
    state,
  };
}

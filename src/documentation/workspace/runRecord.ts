import { pageKey } from './pageMark.ts';
import type { PageSubject } from './pageMark.ts';
import type { ItemOutcome, RunReport } from './runTypes.ts';

/** The outcomes of a run's pages so far. */
export class RunRecord {
  readonly counts: Record<ItemOutcome, number>;
  readonly failures: { item: PageSubject; reason: string }[] = [];
  readonly proposals: { item: PageSubject; page: string; proposal: string }[] = [];
  /** Pages that were written and have passed the check. */
  passed = 0;
  private readonly outcomes = new Map<string, ItemOutcome>();
  private readonly gone: PageSubject[] = [];
  private readonly total: number;
  private readonly now: () => number;
  /** Milliseconds of writing before the clock was last started. */
  private worked = 0;
  private since: number | undefined;

  /** @param now milliseconds */
  constructor(items: readonly PageSubject[], now: () => number) {
    this.total = items.length;
    this.now = now;
    this.since = now();
    this.counts = {
      waiting: items.length,
      writing: 0,
      written: 0,
      skipped: 0,
      proposed: 0,
      failed: 0,
      gone: 0,
    };
  }

  /** Only the time of writing counts. */
  clock(isRunning: boolean): void {
    if (this.since !== undefined) this.worked += this.now() - this.since;
    this.since = isRunning ? this.now() : undefined;
  }

  set(item: PageSubject, outcome: ItemOutcome): void {
    const key = pageKey(item);
    this.counts[this.outcomes.get(key) ?? 'waiting']--;
    this.counts[outcome]++;
    this.outcomes.set(key, outcome);
    if (outcome === 'gone') this.gone.push(item);
  }

  get secondsLeft(): number | undefined {
    const { waiting, writing, written, proposed, failed } = this.counts;
    const done = written + proposed + failed;
    if (done === 0) return undefined;
    const worked = this.worked + (this.since === undefined ? 0 : this.now() - this.since);
    // On average, half of each running page is still to be written.
    return ((worked / done) * (waiting + writing / 2)) / 1000;
  }

  report(isStopped: boolean): RunReport {
    const { counts, total, passed, failures, proposals, gone } = this;
    return { counts: { ...counts }, total, passed, failures, proposals, gone, isStopped };
  }
}

/**
 * One item per page, in the order in which they are written: best first, but all pages of a file in succession,
 * because the server has the beginning of their prompts, the file, in its cache.
 */
export function inOrder(items: readonly PageSubject[]): PageSubject[] {
  const files = new Map<string, Map<string, PageSubject>>();
  for (const item of items) {
    const key = pageKey(item);
    const pages = files.get(item.path);
    if (!pages) files.set(item.path, new Map([[key, item]]));
    else if (!pages.has(key)) pages.set(key, item);
  }
  return [...files.values()].flatMap((pages) => Array.from(pages.values()));
}

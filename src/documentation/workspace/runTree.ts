import type { PlanItem } from './planItem.ts';
import type { ItemOutcome } from './runTypes.ts';

/** The subject of a page. */
export type ShownSubject = Pick<PlanItem, 'path' | 'symbol' | 'kind' | 'lines'>;

/** The states of pages, in the order of the tree. */
export const pageStatuses = ['failed', 'stale', 'edited', 'writing', 'waiting', 'done', 'gone'] as const;
export type PageStatus = (typeof pageStatuses)[number];

/** A page in the tree. */
export interface ShownPage {
  subject: ShownSubject;
  status: PageStatus;
  /** Path of the page, relative to the folder; undefined before it is written. */
  page?: string;
  /** Why it has failed. */
  reason?: string;
}

/** The pages of a folder with their states, during a run and after it. */
export class RunTree {
  private readonly pages = new Map<string, ShownPage>();

  constructor(pages: Iterable<ShownPage>) {
    for (const page of pages) this.set(page);
  }

  /** The existing states, with their numbers of pages. */
  get groups(): { status: PageStatus; count: number }[] {
    const counts = new Map<PageStatus, number>();
    for (const { status } of this.pages.values()) counts.set(status, (counts.get(status) ?? 0) + 1);
    return pageStatuses.flatMap((status) => {
      const count = counts.get(status);
      return count === undefined ? [] : [{ status, count }];
    });
  }

  /** In the order of writing or planning. */
  pagesOf(status: PageStatus): ShownPage[] {
    return [...this.pages.values()].filter((page) => page.status === status);
  }

  /** Records the outcome of a page in a run. */
  note(subject: ShownSubject, outcome: ItemOutcome, page?: string, reason?: string): void {
    const before = this.pages.get(keyOf(subject));
    const where = page ?? before?.page;
    this.set({
      subject,
      status: statusOf(outcome),
      ...(where !== undefined && { page: where }),
      ...(reason !== undefined && { reason }),
    });
  }

  private set(page: ShownPage): void {
    this.pages.set(keyOf(page.subject), page);
  }
}

function statusOf(outcome: ItemOutcome): PageStatus {
  switch (outcome) {
    case 'written':
    case 'skipped':
      return 'done';
    case 'proposed':
      return 'edited';
    case 'waiting':
    case 'writing':
    case 'failed':
    case 'gone':
      return outcome;
  }
}

/** The state of an existing page, compared with its source. */
export function statusOfState(state: PlanItem['state']): PageStatus {
  switch (state) {
    case 'current':
      return 'done';
    case 'missing':
      return 'waiting';
    case 'stale':
    case 'edited':
    case 'failed':
    case 'gone':
      return state;
  }
}

function keyOf({ path, symbol = '', kind }: ShownSubject): string {
  return `${path}\n${symbol}\n${kind}`;
}

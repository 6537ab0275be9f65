import type { PlanItem } from './planItem.ts';
import type { ItemOutcome } from './runTypes.ts';

/** What a page is about. */
export type ShownSubject = Pick<PlanItem, 'path' | 'symbol' | 'kind' | 'lines'>;

/** How the tree sorts pages, in its order. */
export const pageStatuses = ['failed', 'stale', 'edited', 'writing', 'waiting', 'done', 'gone'] as const;
export type PageStatus = (typeof pageStatuses)[number];

/** A page as the tree shows it. */
export interface ShownPage {
  subject: ShownSubject;
  status: PageStatus;
  /** Where the page is, relative to the folder; missing before it is written. */
  page?: string;
  /** Why it has failed. */
  reason?: string;
}

/** The pages of a folder and what has become of each, during a run and after it. */
export class RunTree {
  private readonly pages = new Map<string, ShownPage>();

  constructor(pages: Iterable<ShownPage>) {
    for (const page of pages) this.set(page);
  }

  /** Of each status that there is, how many pages. */
  get groups(): { status: PageStatus; count: number }[] {
    const counts = new Map<PageStatus, number>();
    for (const { status } of this.pages.values()) counts.set(status, (counts.get(status) ?? 0) + 1);
    return pageStatuses.flatMap((status) => {
      const count = counts.get(status);
      return count === undefined ? [] : [{ status, count }];
    });
  }

  /** In the order in which they will be written, or were planned. */
  pagesOf(status: PageStatus): ShownPage[] {
    return [...this.pages.values()].filter((page) => page.status === status);
  }

  /** What a run says of a page. */
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

/** What is known of a page that is there, compared with its source. */
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

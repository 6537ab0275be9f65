import { hashOf, pageKey, subjectIn, type PageIdentity, type PageSubject } from './pageMark.ts';
import type { PageState, PageStore } from './pageStore.ts';
import { TimeSlices } from './timeSlices.ts';

/** The pages of a folder, compared with their current sources. */
export class PageStates {
  /** Pages whose source has changed, or that could not be written. */
  readonly toWrite: PageSubject[] = [];
  /** Pages whose source no longer exists. They are only listed, never deleted. */
  readonly gone: { subject: PageSubject; page: string }[] = [];
  private readonly stale = new Set<string>();
  private readonly states = new Map<string, PageState | 'gone'>();

  /**
   * Compares each page with its source, without blocking other work.
   * @param sourceOf the current source of a page; `undefined` when it no longer exists
   * @throws the signal's reason when it aborts
   */
  static async read(
    store: PageStore,
    sourceOf: (subject: PageSubject, signal: AbortSignal) => Promise<string | undefined>,
    signal: AbortSignal,
  ): Promise<PageStates> {
    const states = new PageStates();
    const slices = new TimeSlices(signal);
    // The pages of a file follow each other, so that it is read and outlined once.
    const pages = [...store.pages].toSorted((one, other) => compare(one.mark.path, other.mark.path));
    for (const { mark, path } of pages) {
      await slices.pause();
      const subject = subjectIn(mark);
      // An unreadable source may be readable when its page is written.
      const source = await sourceOf(subject, signal).catch(() => null);
      signal.throwIfAborted();
      if (source === undefined) states.noteGone(subject, path);
      else if (source !== null) states.note(subject, store.stateOf(subject, await hashOf(source)));
    }
    for (const failure of store.state.failures.values())
      if (!states.of(failure)) states.note(subjectIn(failure), 'failed');
    return states;
  }

  /** The files whose pages are outdated, in alphabetical order. */
  get staleSources(): string[] {
    return [...this.stale].toSorted(compare);
  }

  /** `undefined` when there is no page. */
  of(identity: PageIdentity): PageState | 'gone' | undefined {
    return this.states.get(pageKey(identity));
  }

  private note(subject: PageSubject, state: PageState): void {
    this.states.set(pageKey(subject), state);
    if (state !== 'current') this.toWrite.push(subject);
    // A summary has no path.
    if (state === 'stale' && subject.path !== '') this.stale.add(subject.path);
  }

  private noteGone(subject: PageSubject, page: string): void {
    this.states.set(pageKey(subject), 'gone');
    this.gone.push({ subject, page });
  }
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

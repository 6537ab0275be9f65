import { movedPages } from './movedPages.ts';
import { isAbandoned, readText, temporarySuffix, type PageFiles } from './pageFiles.ts';
import { pageKey, readMarkedPage, type PageIdentity, type PageMark } from './pageMark.ts';
import { pagePath, spellingKey } from './pageNames.ts';
import { TimeSlices } from './timeSlices.ts';

/** Files that are read at the same time. */
const atOnce = 16;

/** A page on the disk. */
export interface StoredPage {
  /** Relative to the folder, with forward slashes. */
  path: string;
  mark: PageMark;
  /** Whether it was changed by someone else since it was written. */
  isTouched: boolean;
}

/** The existing pages, found by their marks anywhere in the folder. */
export class PageIndex {
  private readonly byKey = new Map<string, StoredPage>();
  private readonly taken = new Set<string>();
  readonly pagesFolder: string;

  constructor(pagesFolder: string) {
    this.pagesFolder = pagesFolder;
  }

  /** Reads all pages, without blocking other work, and removes incomplete files of earlier processes. */
  async load(files: PageFiles, signal?: AbortSignal): Promise<void> {
    const elsewhere: StoredPage[] = [];
    const slices = new TimeSlices(signal);
    const reading: Promise<StoredPage | undefined>[] = [];
    const take = async (): Promise<void> => {
      const page = await reading.shift();
      if (page && this.isHere(page)) this.add(page);
      else if (page) elsewhere.push(page);
      await slices.pause();
    };
    for await (const path of files.list(signal)) {
      reading.push(loaded(files, path));
      if (reading.length >= atOnce) await take();
    }
    while (reading.length > 0) await take();
    for (const page of await movedPages(files, elsewhere)) this.add(page);
  }

  get pages(): Iterable<StoredPage> {
    return this.byKey.values();
  }

  find(identity: PageIdentity): StoredPage | undefined {
    return this.byKey.get(pageKey(identity));
  }

  /** Reads one page again. */
  async read(files: PageFiles, path: string): Promise<StoredPage | undefined> {
    const page = await pageAt(files, path);
    if (page) this.add(page);
    return page;
  }

  /** Reads the page at its own path, if there is one. */
  async readOwn(files: PageFiles, identity: PageIdentity): Promise<StoredPage | undefined> {
    const page = await this.read(files, this.own(identity, 1));
    return page && pageKey(page.mark) === pageKey(identity) ? page : undefined;
  }

  /** Of two pages about the same source, the one at its own path counts; the other one is a copy. */
  add(page: StoredPage): void {
    const key = pageKey(page.mark);
    const known = this.byKey.get(key);
    this.taken.add(spellingKey(page.path));
    if (!known || known.path === page.path || this.isBetter(page, known)) this.byKey.set(key, page);
  }

  forget(page: StoredPage): void {
    this.taken.delete(spellingKey(page.path));
    if (this.byKey.get(pageKey(page.mark)) === page) this.byKey.delete(pageKey(page.mark));
  }

  /** The next unused path for a new page. It is reserved, so that two pages never get the same. */
  reserve(identity: PageIdentity, from = 1): { path: string; number: number } {
    for (let number = from; ; number++) {
      const path = this.own(identity, number);
      const key = spellingKey(path);
      if (this.taken.has(key)) continue;
      this.taken.add(key);
      return { path, number };
    }
  }

  release(path: string): void {
    this.taken.delete(spellingKey(path));
  }

  private isBetter(page: StoredPage, known: StoredPage): boolean {
    const isOwn = ({ path, mark }: StoredPage): boolean => path === this.own(mark, 1);
    return isOwn(page) !== isOwn(known) ? isOwn(page) : page.path < known.path;
  }

  /** Whether it is in the pages' folder, or in its own place where that is the whole folder. */
  private isHere({ path, mark }: StoredPage): boolean {
    return this.pagesFolder === '' ? path === this.own(mark, 1) : path.startsWith(`${this.pagesFolder}/`);
  }

  private own(identity: PageIdentity, number: number): string {
    const path = pagePath(identity, number);
    // A folder cannot have the path of a source.
    if (this.pagesFolder === '') return path.replace(/\/([^/]*)$/, '.$1');
    return `${this.pagesFolder}/${path}`;
  }
}

async function loaded(files: PageFiles, path: string): Promise<StoredPage | undefined> {
  // A folder that cannot be written to must not prevent reading.
  if (isAbandoned(path)) await files.remove(path).catch(() => undefined);
  return path.endsWith(temporarySuffix) ? undefined : pageAt(files, path);
}

async function pageAt(files: PageFiles, path: string): Promise<StoredPage | undefined> {
  const text = await readText(files, path).catch(() => undefined);
  const marked = text === undefined ? undefined : await readMarkedPage(text);
  return marked && { path, ...marked };
}

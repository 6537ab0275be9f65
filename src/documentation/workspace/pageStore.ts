import { codeOf, readText, writeWhole, type PageFiles } from './pageFiles.ts';
import { PageIndex, type StoredPage } from './pageIndex.ts';
import { hashOf, markedPage, pageKey, readMarkedPage, type PageIdentity, type PageMark } from './pageMark.ts';
import { StateFolder } from './stateFolder.ts';

/** The result of writing a page. */
export type Written =
  | { kind: 'written'; path: string }
  /** The existing page was changed by a user, so the new one is saved beside it. */
  | { kind: 'proposed'; path: string; proposal: string };

/** The folder of the pages is a file. */
export class NotAFolderError extends Error {
  override name = 'NotAFolderError';
  readonly path: string;

  constructor(path: string) {
    super(`${path} is a file: choose another folder for the pages.`);
    this.path = path;
  }
}

/** Least milliseconds between two searches for pages that have been moved. */
const searchMs = 10_000;

/** A page, and the text of its file. */
interface PageNow {
  page: StoredPage;
  text: string;
}

/** A file has unsaved changes in an editor. */
export class UnsavedError extends Error {
  override name = 'UnsavedError';
}

/** The state of a page compared with its source. */
export type PageState = 'missing' | 'stale' | 'current' | 'edited' | 'failed';

/**
 * The pages of a folder. The state is on the disk: a page contains its identity and the hash of its source,
 * so it is found after it was moved, and a run can continue after a crash.
 *
 * Facts that pages cannot contain (an unfinished run, why a page failed, a proposal for a changed page) are
 * in `.codeworm/` beside the pages' folder, one small file each. They are not in VS Code's workspace storage,
 * because the command line has none, and because they must move with the folder. Git ignores it.
 */
export class PageStore {
  readonly state: StateFolder;
  private readonly files: PageFiles;
  private readonly index: PageIndex;
  /** When all pages were read again. */
  private searchedAt = -Infinity;

  private constructor(files: PageFiles, pagesFolder: string) {
    const folder = pagesFolder.replace(/^\.?\/+|\/+$/g, '').replace(/^\.$/, '');
    this.files = files;
    this.index = new PageIndex(folder);
    this.state = new StateFolder(files, `${folder.slice(0, folder.lastIndexOf('/') + 1)}.codeworm`);
  }

  /** @param pagesFolder folder for new pages, relative to the folder of `files` */
  static async open(files: PageFiles, pagesFolder: string, signal?: AbortSignal): Promise<PageStore> {
    const store = new PageStore(files, pagesFolder);
    await store.index.load(files, signal);
    await store.state.load();
    return store;
  }

  /**
   * Reserves the folder for a run.
   * @returns ends the reservation; never rejects
   * @throws FolderInUseError when another program writes its pages; NotAFolderError when no page can be in it
   */
  async lock(): Promise<() => Promise<void>> {
    const parts = this.index.pagesFolder.split('/');
    for (let count = 1; count <= parts.length; count++) {
      const path = parts.slice(0, count).join('/');
      if (path !== '' && (await this.isFile(path))) throw new NotAFolderError(path);
    }
    return this.state.lock();
  }

  get pages(): Iterable<StoredPage> {
    return this.index.pages;
  }

  find(identity: PageIdentity): StoredPage | undefined {
    return this.index.find(identity);
  }

  /** @param source hash of the current source */
  stateOf(identity: PageIdentity, source: string): PageState {
    const page = this.find(identity);
    if (page?.mark.source === source) return 'current';
    if (this.state.failures.has(pageKey(identity))) return 'failed';
    if (!page) return 'missing';
    return page.isTouched ? 'edited' : 'stale';
  }

  /** Pages whose source no longer exists. They are only listed, never deleted. */
  pagesWithout(exists: (identity: PageIdentity) => boolean): StoredPage[] {
    return [...this.pages].filter(({ mark }) => !exists(mark));
  }

  /** Whether a new page made from the same source is already proposed for one that was changed. */
  async isProposed(identity: PageIdentity, source: string): Promise<boolean> {
    const text = await readText(this.files, await this.state.proposalPath(identity));
    return text !== undefined && (await readMarkedPage(text))?.mark.source === source;
  }

  /**
   * The new versions proposed for pages that users have changed. Those that have been accepted are removed.
   */
  async proposals(): Promise<{ page: string; text: string }[]> {
    const waiting: { page: string; text: string }[] = [];
    for (const text of await this.state.proposals()) {
      const read = await readMarkedPage(text);
      const known = read && this.find(read.mark);
      if (!read) continue;
      if (known && known.mark.source !== read.mark.source) waiting.push({ page: known.path, text });
      else await this.state.settle(read.mark);
    }
    return waiting;
  }

  /**
   * Changes a file that is not a page, in one step. Does nothing when `change` returns the same text.
   * @throws UnsavedError if an editor has unsaved changes of it, because only the user saves them
   * @throws TypeError if the file is not UTF-8, because its other bytes must stay
   */
  async changeFile(path: string, change: (text: string | undefined) => string): Promise<void> {
    for (;;) {
      if (this.files.isUnsaved(path)) throw new UnsavedError();
      const before = await this.textAt(path);
      const after = change(before);
      const mayReplace = async (): Promise<boolean> => (await this.textAt(path)) === before;
      if (after === before || (await writeWhole(this.files, path, after, { mayReplace }))) return;
    }
  }

  /**
   * Writes a page in one step. A page that was changed by a user is never replaced.
   * @throws the system's error; then the disk is unchanged
   */
  async write(facts: Omit<PageMark, 'page'>, body: string): Promise<Written> {
    const text = await markedPage(facts, body);
    for (;;) {
      const now = await this.readNow(facts);
      if (now?.page.isTouched) {
        const proposal = await this.state.propose(facts, text);
        return { kind: 'proposed', path: now.page.path, proposal };
      }
      const path = now ? await this.replace(now, text) : await this.writeNew(facts, text);
      // Meanwhile, a user or another process has written there.
      if (path === undefined) continue;
      this.index.add({ path, mark: { ...facts, page: await hashOf(body) }, isTouched: false });
      await this.state.settle(facts);
      return { kind: 'written', path };
    }
  }

  /**
   * Reads the page again: the user may have changed or deleted it since all pages were read, or another
   * process may have written it.
   */
  async asItIsNow(identity: PageIdentity): Promise<StoredPage | undefined> {
    return (await this.readNow(identity))?.page;
  }

  private async readNow(identity: PageIdentity): Promise<PageNow | undefined> {
    const page = this.find(identity) ?? (await this.index.readOwn(this.files, identity));
    if (!page) return undefined;
    const text = await readText(this.files, page.path);
    if (text === undefined) {
      this.index.forget(page);
      return (await this.searchAgain()) ? this.readNow(identity) : undefined;
    }
    const read = await readMarkedPage(text);
    const isSame = read && pageKey(read.mark) === pageKey(identity);
    // With another mark, or without one, it is a user's text.
    return { text, page: isSame ? { path: page.path, ...read } : { ...page, isTouched: true } };
  }

  /**
   * Reads all pages again, because a user may have moved one. Not for each of many pages that are gone.
   * @returns whether it was done
   */
  private async searchAgain(): Promise<boolean> {
    if (performance.now() - this.searchedAt < searchMs) return false;
    await this.index.load(this.files);
    this.searchedAt = performance.now();
    return true;
  }

  /** `undefined` if a user has changed the page since it was read. Keeps its line ends. */
  private async replace(
    { page: { path }, text: before }: PageNow,
    text: string,
  ): Promise<string | undefined> {
    const own = /\r\n/.test(before) ? text.replaceAll('\n', '\r\n') : text;
    const mayReplace = async (): Promise<boolean> => (await readText(this.files, path)) === before;
    return (await writeWhole(this.files, path, own, { mayReplace })) ? path : undefined;
  }

  /** `undefined` if the page exists meanwhile. */
  private async writeNew(identity: PageIdentity, text: string): Promise<string | undefined> {
    for (let from = 1; ; from++) {
      const { path, number } = this.index.reserve(identity, from);
      from = number;
      try {
        await writeWhole(this.files, path, text, { isNew: true });
        return path;
      } catch (error) {
        this.index.release(path);
        if (codeOf(error) !== 'EEXIST') throw error;
        const other = await this.index.read(this.files, path);
        if (other && pageKey(other.mark) === pageKey(identity)) return undefined;
      }
    }
  }

  private async isFile(path: string): Promise<boolean> {
    return (await this.files.read(path).catch(() => undefined)) !== undefined;
  }

  /** @throws TypeError if the file is not UTF-8 */
  private async textAt(path: string): Promise<string | undefined> {
    const bytes = await this.files.read(path);
    return bytes && new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  }
}

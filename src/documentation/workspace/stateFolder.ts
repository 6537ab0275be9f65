import { isAbandoned, readText, writeWhole, type PageFiles } from './pageFiles.ts';
import {
  hashOf,
  isPageSubject,
  pageKey,
  subjectIn,
  type PageIdentity,
  type PageSubject,
} from './pageMark.ts';
import { lockRun } from './runLock.ts';

/** Why a page could not be written. */
export interface Failure extends PageSubject {
  /** One sentence. */
  reason: string;
}

/** A run that was started, with all its items. The pages themselves show which are written. */
interface UnfinishedRun {
  items: readonly PageSubject[];
  /** The user has stopped it, so the next window does not ask whether to continue. */
  isStopped?: true;
}

/** The folder `.codeworm/` with facts that pages cannot contain. Unreadable files count as missing. */
export class StateFolder {
  readonly failures = new Map<string, Failure>();
  readonly path: string;
  private readonly files: PageFiles;
  private hasIgnoreFile = false;

  constructor(files: PageFiles, path: string) {
    this.files = files;
    this.path = path;
  }

  async load(): Promise<void> {
    await this.removeAbandoned();
    for (const name of await this.files.names(this.failuresPath)) {
      const failure = parse(await readText(this.files, `${this.failuresPath}/${name}`));
      if (isFailure(failure)) this.failures.set(pageKey(failure), failure);
    }
  }

  /**
   * Reserves the folder for a run.
   * @returns ends the reservation; never rejects
   * @throws FolderInUseError when another program writes its pages
   */
  async lock(): Promise<() => Promise<void>> {
    await this.ignore().catch(() => undefined);
    return lockRun(this.files, `${this.path}/running.json`);
  }

  /** Stores the items of a run. */
  async beginRun(items: readonly PageSubject[]): Promise<void> {
    await this.write(this.runPath, JSON.stringify({ items: items.map(subjectIn) } satisfies UnfinishedRun));
  }

  /** Records that the user has stopped the run. It can still be continued. */
  async stopRun(items: readonly PageSubject[]): Promise<void> {
    const run: UnfinishedRun = { items: items.map(subjectIn), isStopped: true };
    await this.write(this.runPath, JSON.stringify(run));
  }

  /** The last run, if it is unfinished. */
  async unfinishedRun(): Promise<UnfinishedRun | undefined> {
    const run = parse(await readText(this.files, this.runPath));
    return isRun(run) ? run : undefined;
  }

  async endRun(): Promise<void> {
    await this.files.remove(this.runPath);
  }

  async noteFailure(subject: PageSubject, reason: string): Promise<void> {
    const failure = { ...subjectIn(subject), reason };
    this.failures.set(pageKey(failure), failure);
    await this.write(await this.failurePath(failure), JSON.stringify(failure));
  }

  /** Forgets why a page could not be written. */
  async forgetFailure(identity: PageIdentity): Promise<void> {
    if (this.failures.delete(pageKey(identity))) await this.files.remove(await this.failurePath(identity));
  }

  /** Removes the failure and the proposal of a page that has been written. */
  async settle(identity: PageIdentity): Promise<void> {
    await this.forgetFailure(identity);
    await this.withdraw(identity);
  }

  /** Removes the proposal for a page. */
  async withdraw(identity: PageIdentity): Promise<void> {
    await this.files.remove(await this.proposalPath(identity));
  }

  /** @returns the path of the proposed page, relative to the folder */
  async propose(identity: PageIdentity, text: string): Promise<string> {
    const path = await this.proposalPath(identity);
    await this.write(path, text);
    return path;
  }

  /** The texts of all proposals. */
  async proposals(): Promise<string[]> {
    const names = (await this.files.names(this.proposedPath)).filter((name) => name.endsWith('.md'));
    const texts = await Promise.all(
      names.map((name) => readText(this.files, `${this.proposedPath}/${name}`)),
    );
    return texts.filter((text) => text !== undefined);
  }

  async proposalPath(identity: PageIdentity): Promise<string> {
    return `${this.proposedPath}/${await hashOf(pageKey(identity))}.md`;
  }

  private async removeAbandoned(): Promise<void> {
    for (const folder of [this.path, this.failuresPath, this.proposedPath])
      for (const name of await this.files.names(folder))
        if (isAbandoned(name)) await this.files.remove(`${folder}/${name}`).catch(() => undefined);
  }

  private get proposedPath(): string {
    return `${this.path}/proposed`;
  }

  private get runPath(): string {
    return `${this.path}/run.json`;
  }

  private get failuresPath(): string {
    return `${this.path}/failed`;
  }

  private async failurePath(identity: PageIdentity): Promise<string> {
    return `${this.failuresPath}/${await hashOf(pageKey(identity))}.json`;
  }

  private async write(path: string, text: string): Promise<void> {
    await this.ignore();
    await writeWhole(this.files, path, text);
  }

  private async ignore(): Promise<void> {
    if (this.hasIgnoreFile) return;
    await writeWhole(this.files, `${this.path}/.gitignore`, ignoreAll);
    this.hasIgnoreFile = true;
  }
}

/** Makes Git ignore the folder. */
const ignoreAll = '# Written by CodeWorm while it documents this folder. It may be deleted.\n*\n';

function parse(json: string | undefined): unknown {
  try {
    return json === undefined ? undefined : JSON.parse(json);
  } catch {
    return undefined;
  }
}

function isFailure(value: unknown): value is Failure {
  return isPageSubject(value) && 'reason' in value && typeof value.reason === 'string';
}

function isRun(value: unknown): value is UnfinishedRun {
  return (
    typeof value === 'object' &&
    value !== null &&
    'items' in value &&
    Array.isArray(value.items) &&
    value.items.every(isPageSubject)
  );
}

import type { LocalizableMessage } from '../../ollama/index.ts';
import type { Commit } from '../../prompts/pageKinds.ts';
import { linesOf } from '../../text/markdown.ts';
import { codeMaterial, subjectOf } from './codeMaterial.ts';
import { codeOf } from './pageFiles.ts';
import type { PageMaterial } from './pageMaterial.ts';
import type { PageSubject } from './pageMark.ts';
import type { WorkspaceFiles } from './planItem.ts';
import { skipByContent, skipByPath } from './skipRules.ts';
import { CallIndex } from './relatedCode.ts';

/** Where the sources of pages come from. */
export interface SourceDependencies {
  /**
   * Only what is listed is read: marks of pages and what is left of a run come from files that anybody may have written, and
   * must not lead to a file that a plan leaves out.
   */
  files: WorkspaceFiles;
  decode: (bytes: Uint8Array, path: string) => string;
  say: (message: LocalizableMessage) => string;
  /** Of the pages, by its English name. */
  language: () => string | undefined;
  repository?: string | undefined;
  /** The newest first; none where Git knows nothing. */
  commitsOf?: (path: string) => Promise<readonly Commit[]>;
  /** What a page is made from that is about no code, such as a summary; `undefined` for all others. */
  other?: (item: PageSubject, signal: AbortSignal) => Promise<PageMaterial | undefined> | undefined;
}

/** Of the files that were read last, so many are kept: items of one file and their neighbors follow one another. */
const mostKept = 24;
const missing = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'FileNotFound', 'FileIsADirectory']);

/** Makes what pages are made from: the source as it is now, with what it calls and what calls it. */
export class PageSources {
  private readonly dependencies: SourceDependencies;
  private readonly index: CallIndex;
  private readonly kept = new Map<string, string>();
  private readonly listed: ReadonlySet<string>;

  private constructor(
    dependencies: SourceDependencies,
    known: readonly PageSubject[],
    listed: ReadonlySet<string>,
  ) {
    this.dependencies = dependencies;
    this.listed = listed;
    this.index = new CallIndex(known);
  }

  /**
   * Reads each file of the plan once, to learn who calls whom.
   * @param known everything that may be called; pages may be written about less
   * @throws the signal's reason when it aborts
   */
  static async prepare(
    known: readonly PageSubject[],
    dependencies: SourceDependencies,
    signal?: AbortSignal,
  ): Promise<PageSources> {
    const listed = new Set<string>();
    for await (const { path } of dependencies.files.list(signal)) if (!skipByPath(path)) listed.add(path);
    const sources = new PageSources(dependencies, known, listed);
    for (const path of new Set(known.map((item) => item.path))) {
      signal?.throwIfAborted();
      // What cannot be read now is told when its page is written.
      const text = await sources.text(path).catch(() => undefined);
      if (text !== undefined) sources.index.add(path, text);
    }
    return sources;
  }

  /** @throws where the file is there and cannot be read */
  async materialOf(item: PageSubject, signal: AbortSignal): Promise<PageMaterial | undefined> {
    const other = this.dependencies.other?.(item, signal);
    if (other) return other;
    const text = await this.text(item.path);
    const subject = text === undefined ? undefined : subjectOf(item, text);
    if (!subject) return undefined;
    const { commitsOf, repository, language, say } = this.dependencies;
    const lines = { start: subject.firstLine - 1, end: subject.lastLine - 1 };
    const related = await this.index.of({ ...item, lines }, subject.code, (path) => this.linesOf(path));
    const commits = item.kind === 'evolution' ? ((await commitsOf?.(item.path)) ?? []) : [];
    return codeMaterial(item.kind, subject, { repository, commits, related, language: language(), say });
  }

  private async linesOf(path: string): Promise<readonly string[] | undefined> {
    const text = await this.text(path).catch(() => undefined);
    return text === undefined ? undefined : linesOf(text);
  }

  /** `undefined` where there is no such file, or it is left out of plans. */
  private async text(path: string): Promise<string | undefined> {
    if (!this.listed.has(path)) return undefined;
    const known = this.kept.get(path);
    if (known !== undefined) return known;
    const { files, decode } = this.dependencies;
    try {
      const bytes = await files.read(path);
      const text = decode(bytes, path);
      const skip = skipByContent(bytes, text);
      if (skip === 'secret' || skip === 'binary') return undefined;
      this.keep(path, text);
      return text;
    } catch (error) {
      if (missing.has(codeOf(error) ?? '')) return undefined;
      throw error;
    }
  }

  private keep(path: string, text: string): void {
    this.kept.set(path, text);
    for (const [first] of this.kept) {
      if (this.kept.size <= mostKept) return;
      this.kept.delete(first);
    }
  }
}

import type { LocalizableMessage } from '../../ollama/index.ts';
import { partsOf } from '../../code/subject.ts';
import type { Commit } from '../../prompts/pageKinds.ts';
import { linesOf } from '../../text/markdown.ts';
import { codeMaterial, subjectOf } from './codeMaterial.ts';
import { codeOf } from './pageFiles.ts';
import type { PageMaterial } from './pageMaterial.ts';
import type { PageSubject } from './pageMark.ts';
import type { WorkspaceFiles } from './planItem.ts';
import { skipByContent, skipByPath } from './skipRules.ts';
import { CallIndex } from './relatedCode.ts';

/** Provides the sources of pages. */
export interface SourceDependencies {
  /**
   * Only listed files are read. Marks of pages and records of runs come from files that anyone may have
   * written; they must not lead to a file that plans leave out.
   */
  files: WorkspaceFiles;
  decode: (bytes: Uint8Array, path: string) => string;
  say: (message: LocalizableMessage) => string;
  /** Language of the pages, by its English name. */
  language: () => string | undefined;
  repository?: string | undefined;
  /** Newest first; empty when Git knows none. */
  commitsOf?: (path: string) => Promise<readonly Commit[]>;
  /** The material of a page that is not about code, such as a summary; `undefined` for all others. */
  other?: (item: PageSubject, signal: AbortSignal) => Promise<PageMaterial | undefined> | undefined;
}

/** Most recently read files that are kept, because items of one file are written in succession. */
const mostKept = 24;
/** Milliseconds for which they are kept: a run takes hours, and its sources may change meanwhile. */
const keptMs = 2_000;
const missing = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'FileNotFound', 'FileIsADirectory']);

/**
 * Makes the material of pages: the current source, with the code that it calls and the code that calls it.
 */
export class PageSources {
  private readonly dependencies: SourceDependencies;
  private readonly index: CallIndex;
  private readonly kept = new Map<string, { text: string; at: number }>();
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
   * Reads each file of the plan once, to learn the calls.
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
      // An unreadable file is reported when its page is written.
      const text = await sources.text(path).catch(() => undefined);
      if (text !== undefined) sources.index.add(path, text);
    }
    return sources;
  }

  /** @throws when the file exists but cannot be read */
  async materialOf(item: PageSubject, signal: AbortSignal): Promise<PageMaterial | undefined> {
    const other = this.dependencies.other?.(item, signal);
    if (other) return other;
    const text = await this.text(item.path);
    const subject = text === undefined ? undefined : subjectOf(item, text);
    if (!subject) return undefined;
    const { commitsOf, repository, language, say } = this.dependencies;
    const parts = partsOf(subject);
    const [lines, ...also] = parts.map(({ firstLine, lastLine }) => ({
      start: firstLine - 1,
      end: lastLine - 1,
    }));
    const code = parts.map((part) => part.code).join('\n');
    const current = { ...item, lines: lines!, also };
    const related = await this.index.of(current, code, (path) => this.linesOf(path));
    const commits = item.kind === 'evolution' ? ((await commitsOf?.(item.path)) ?? []) : [];
    return codeMaterial(item.kind, subject, { repository, commits, related, language: language(), say });
  }

  private async linesOf(path: string): Promise<readonly string[] | undefined> {
    const text = await this.text(path).catch(() => undefined);
    return text === undefined ? undefined : linesOf(text);
  }

  /** `undefined` if there is no such file, or plans leave it out. */
  private async text(path: string): Promise<string | undefined> {
    if (!this.listed.has(path)) return undefined;
    const known = this.kept.get(path);
    if (known && performance.now() - known.at < keptMs) return known.text;
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
    this.kept.delete(path);
    this.kept.set(path, { text, at: performance.now() });
    for (const [first] of this.kept) {
      if (this.kept.size <= mostKept) return;
      this.kept.delete(first);
    }
  }
}

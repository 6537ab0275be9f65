import type { LocalizableMessage } from '../../ollama/index.ts';
import { partsOf, type Subject } from '../../code/subject.ts';
import { isPageKind, type Commit } from '../../prompts/pageKinds.ts';
import { codeMaterial, sourceOf, subjectOf } from './codeMaterial.ts';
import { codeOf } from './pageFiles.ts';
import type { PageMaterial } from './pageMaterial.ts';
import type { PageSubject } from './pageMark.ts';
import type { WorkspaceFiles } from './planItem.ts';
import { mostBytes, skipByContent, skipByPath } from './skipRules.ts';
import { CallIndex } from './relatedCode.ts';
import { SourceFile } from './sourceRange.ts';
import { TimeSlices } from './timeSlices.ts';

/**
 * The material of a page that is not about code, such as a summary; `undefined` for all others. `onlySource`: nothing
 * but its source is needed.
 */
export type OtherMaterial = (
  item: PageSubject,
  signal: AbortSignal,
  onlySource?: boolean,
) => Promise<PageMaterial | undefined> | undefined;

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
  other?: OtherMaterial;
}

/** Most recently read files that are kept, because items of one file are written in succession. */
const mostKept = 24;
/** Bytes. A source may have grown since its page was written, but not to a file that fills the memory. */
const mostRead = 16 * mostBytes;
/** Milliseconds for which they are kept: a run takes hours, and its sources may change meanwhile. */
const keptMs = 2_000;
const missing = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'FileNotFound', 'FileIsADirectory']);

/**
 * Makes the material of pages: the current source, with the code that it calls and the code that calls it.
 */
export class PageSources {
  private readonly dependencies: SourceDependencies;
  private readonly index: CallIndex;
  private readonly kept = new Map<string, { file: SourceFile; at: number }>();
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
    const slices = new TimeSlices(signal);
    const listed = new Set<string>();
    for await (const { path, size } of dependencies.files.list(signal))
      if (!skipByPath(path) && size <= mostRead) listed.add(path);
    const sources = new PageSources(dependencies, known, listed);
    for (const path of new Set(known.map((item) => item.path))) {
      // An unreadable file is reported when its page is written.
      const file = await sources.file(path).catch(() => undefined);
      if (file) sources.index.add(path, file.text);
      await slices.pause();
    }
    return sources;
  }

  /** @throws when the file exists but cannot be read */
  async materialOf(item: PageSubject, signal: AbortSignal): Promise<PageMaterial | undefined> {
    const other = this.dependencies.other?.(item, signal);
    if (other) return other;
    const subject = await this.subjectOf(item);
    if (!subject) return undefined;
    const { commitsOf, repository, language, say } = this.dependencies;
    const parts = partsOf(subject);
    const [lines, ...also] = parts.map(({ firstLine, lastLine }) => ({
      start: firstLine - 1,
      end: lastLine - 1,
    }));
    const code = parts.map((part) => part.code).join('\n');
    const current = { ...item, lines: lines!, also };
    const related = await this.index.of(
      current,
      code,
      async (path) => (await this.file(path).catch(() => undefined))?.lines,
    );
    const commits = item.kind === 'evolution' ? ((await commitsOf?.(item.path)) ?? []) : [];
    return codeMaterial(item.kind, subject, { repository, commits, related, language: language(), say });
  }

  /**
   * The text that makes an item's page outdated when it changes; `undefined` when it no longer exists. Reads less than
   * its material.
   * @throws when the file exists but cannot be read
   */
  async sourceOf(item: PageSubject, signal: AbortSignal): Promise<string | undefined> {
    const other = this.dependencies.other?.(item, signal, true);
    if (other) return (await other)?.source;
    const subject = isPageKind(item.kind) ? await this.subjectOf(item) : undefined;
    return subject && sourceOf(subject);
  }

  private async subjectOf(item: PageSubject): Promise<Subject | undefined> {
    const file = await this.file(item.path);
    return file && subjectOf(item, file);
  }

  /** `undefined` if there is no such file, or plans leave it out. */
  private async file(path: string): Promise<SourceFile | undefined> {
    if (!this.listed.has(path)) return undefined;
    const known = this.kept.get(path);
    if (known && performance.now() - known.at < keptMs) return known.file;
    const { files, decode } = this.dependencies;
    try {
      const bytes = await files.read(path);
      const text = decode(bytes, path);
      const skip = skipByContent(bytes, text);
      if (skip === 'secret' || skip === 'binary') return undefined;
      const file = new SourceFile(text);
      this.keep(path, file);
      return file;
    } catch (error) {
      if (missing.has(codeOf(error) ?? '')) return undefined;
      throw error;
    }
  }

  private keep(path: string, file: SourceFile): void {
    this.kept.delete(path);
    this.kept.set(path, { file, at: performance.now() });
    for (const [first] of this.kept) {
      if (this.kept.size <= mostKept) return;
      this.kept.delete(first);
    }
  }
}

import { isPageKind, type PageKind } from '../../prompts/pageKinds.ts';
import { mostOutlined } from '../../code/ownOutline.ts';
import { linesOf } from '../../text/markdown.ts';
import { outlineOf, type FileOutline } from './fileOutline.ts';
import { namedUnits, placeOf, type NamedUnit } from './namedUnits.ts';
import { languageOfPath } from '../../code/fileLanguages.ts';
import type { ItemState, PlanItem, WorkspaceFiles } from './planItem.ts';
import { isTestPath, reasonsFor, scoreOf, type Traits } from './score.ts';
import { skipByContent, skipByPath, skipBySize, type SkipReason } from './skipRules.ts';
import { textOfBytes } from './textOfBytes.ts';
import { TimeLimit } from './timeLimit.ts';
import { TimeSlices } from './timeSlices.ts';
import { WordCounts } from './wordCounts.ts';

/** Git's facts about a file. */
export interface FileHistory {
  commits: number;
  /** Milliseconds since 1970. */
  lastChange: number;
}

export interface PlanOptions {
  /** The kinds of pages; `function`, `class` and `file` by default. */
  kinds?: readonly string[] | undefined;
  /** By path; undefined without Git. */
  history?: ReadonlyMap<string, FileHistory> | undefined;
  /** The state of an item's page. */
  stateOf?: ((item: Pick<PlanItem, 'path' | 'symbol' | 'kind'>) => ItemState) | undefined;
  /** The language of a path; `undefined` for anything but code. By default our own table. */
  languageOf?: ((path: string) => string | undefined) | undefined;
  decode?: ((bytes: Uint8Array, path: string) => string) | undefined;
  /** Outlines from another source, for files that we cannot read ourselves. */
  outline?:
    | ((path: string, text: string, languageId: string) => Promise<FileOutline | undefined>)
    | undefined;
  /** Milliseconds for reading all files; if they are not enough, the last ones are planned without functions. */
  readMs?: number | undefined;
  onProgress?: ((done: number, all: number) => void) | undefined;
  signal?: AbortSignal | undefined;
  now?: number | undefined;
}

export interface Plan {
  /** Best first. */
  items: PlanItem[];
  /** Number of files read. */
  files: number;
  skipped: Readonly<Partial<Record<SkipReason | 'unreadable' | 'otherLanguage', number>>>;
  /** Number of files whose functions are not in the plan, because the time limit was reached. */
  notOutlined: number;
  /** Milliseconds of the longest time for which nothing else could run. */
  longestBlockMs: number;
}

export const defaultKinds: readonly PageKind[] = ['function', 'class', 'file'];
/** Milliseconds. Even on a slow machine, 20,000 files are planned in half a minute. */
const defaultReadMs = 25_000;
/** Files that are read ahead. */
const readAhead = 16;

interface Candidate {
  path: string;
  languageId: string;
}

interface Found extends Candidate {
  outline: FileOutline;
}

/** Reads a folder and determines which pages are worth writing, and why. Sends nothing. */
export async function planPages(files: WorkspaceFiles, options: PlanOptions = {}): Promise<Plan> {
  return new Planner(files, options).plan();
}

class Planner {
  private readonly files: WorkspaceFiles;
  private readonly options: PlanOptions;
  private readonly slices: TimeSlices;
  private readonly words = new WordCounts();
  private readonly skipped: Partial<Record<SkipReason | 'unreadable' | 'otherLanguage', number>> = {};
  private readonly now: number;
  private readonly timeLimit: TimeLimit;
  private notOutlined = 0;

  constructor(files: WorkspaceFiles, options: PlanOptions) {
    this.files = files;
    this.options = options;
    this.slices = new TimeSlices(options.signal);
    this.now = options.now ?? Date.now();
    this.timeLimit = new TimeLimit(options.readMs ?? defaultReadMs);
  }

  async plan(): Promise<Plan> {
    const candidates = await this.candidates();
    const found: Found[] = [];
    let done = 0;
    this.timeLimit.begin(candidates.length);
    for await (const [candidate, bytes] of this.contents(candidates)) {
      const outline = bytes && (await this.read(candidate, bytes));
      if (outline) found.push({ ...candidate, outline });
      this.timeLimit.done();
      this.options.onProgress?.(++done, candidates.length);
      await this.slices.pause();
    }
    return {
      items: await this.itemsOf(found),
      files: found.length,
      skipped: this.skipped,
      notOutlined: this.notOutlined,
      longestBlockMs: this.slices.longestMs,
    };
  }

  /**
   * The files worth reading, most frequently changed first: after the time limit, the rest is read less
   * closely.
   */
  private async candidates(): Promise<Candidate[]> {
    const all: (Candidate & { rank: number })[] = [];
    const languageOf = this.options.languageOf ?? languageOfPath;
    for await (const { path, size } of this.files.list(this.options.signal)) {
      await this.slices.pause();
      const skip = skipByPath(path) ?? skipBySize(size);
      const languageId = languageOf(path);
      if (skip) this.skip(skip);
      else if (languageId === undefined) this.skip('otherLanguage');
      else all.push({ path, languageId, rank: this.rankOf(path, size) });
    }
    await this.slices.turn();
    return all.toSorted((one, other) => other.rank - one.rank || compare(one.path, other.path));
  }

  private rankOf(path: string, size: number): number {
    const commits = this.options.history?.get(path)?.commits ?? 0;
    return Math.log2(1 + commits) * 4 + Math.log2(1 + size) - (isTestPath(path) ? 100 : 0);
  }

  private async *contents(
    candidates: readonly Candidate[],
  ): AsyncGenerator<[Candidate, Uint8Array | undefined]> {
    const read = (candidate: Candidate): Promise<[Candidate, Uint8Array | undefined]> =>
      this.files.read(candidate.path).then(
        (bytes) => [candidate, bytes],
        () => {
          this.skip('unreadable');
          return [candidate, undefined];
        },
      );
    const reading = candidates.slice(0, readAhead).map(read);
    for (let next = reading.length; reading.length > 0; next++) {
      yield await reading.shift()!;
      const candidate = candidates[next];
      if (candidate) reading.push(read(candidate));
    }
  }

  private async read({ path, languageId }: Candidate, bytes: Uint8Array): Promise<FileOutline | undefined> {
    const text = this.options.decode?.(bytes, path) ?? textOfBytes(bytes);
    const skip = skipBySize(bytes.length) ?? skipByContent(bytes, text);
    if (skip) {
      this.skip(skip);
      return undefined;
    }
    this.words.add(text);
    if (this.slices.isOver) await this.slices.pause();
    return this.outline(path, text, languageId);
  }

  private async outline(path: string, text: string, languageId: string): Promise<FileOutline> {
    if (this.timeLimit.isReached || text.length > mostOutlined) {
      this.notOutlined++;
      return { lineCount: linesOf(text).length, complexity: undefined, units: [] };
    }
    return this.timeLimit.optional(
      async () => (await this.options.outline?.(path, text, languageId)) ?? outlineOf(text, languageId),
    );
  }

  private async itemsOf(found: readonly Found[]): Promise<PlanItem[]> {
    const kinds = (this.options.kinds ?? defaultKinds).filter(isPageKind);
    // Grouped by score, so that no single sort blocks noticeably.
    const byScore = new Map<number, PlanItem[]>();
    for (const file of found) {
      for (const item of kinds.flatMap((kind) => this.itemsFor(kind, file))) {
        const same = byScore.get(item.score);
        if (same) same.push(item);
        else byScore.set(item.score, [item]);
      }
      await this.slices.pause();
    }
    const items: PlanItem[] = [];
    for (const score of [...byScore.keys()].toSorted((one, other) => other - one)) {
      for (const item of byScore.get(score)!.toSorted(compareItems)) items.push(item);
      await this.slices.pause();
    }
    return items;
  }

  private itemsFor(kind: PageKind, file: Found): PlanItem[] {
    if (kind === 'function' || kind === 'class')
      return namedUnits(file.outline.units.filter((unit) => unit.kind === kind)).map((unit) =>
        this.item(kind, file, this.traitsOf(file, unit), unit),
      );
    return [this.item(kind, file, this.traitsOf(file))];
  }

  private item(kind: PageKind, file: Found, traits: Omit<Traits, 'state'>, unit?: NamedUnit): PlanItem {
    const { path, languageId, outline } = file;
    const about = { path, kind, ...(unit && { symbol: unit.name }) };
    const state = this.options.stateOf?.(about) ?? 'missing';
    const reasons = reasonsFor({ ...traits, state });
    const place = unit ? placeOf(unit) : { lines: { start: 0, end: Math.max(0, outline.lineCount - 1) } };
    return { ...about, ...place, languageId, score: scoreOf(reasons), reasons, state };
  }

  private traitsOf({ path, outline }: Found, unit?: NamedUnit): Omit<Traits, 'state'> {
    const history = this.options.history?.get(path);
    return {
      complexity: unit ? unit.complexity : outline.complexity && averageComplexity(outline),
      lines: unit ? unit.lineCount : outline.lineCount,
      uses: Math.max(0, this.words.of(usedName(path, unit)) - 1),
      commits: history?.commits,
      daysSinceChange: history && Math.round((this.now - history.lastChange) / 86_400_000),
      hasDocComment: unit?.hasDocComment ?? true,
      isTest: isTestPath(path),
    };
  }

  private skip(reason: SkipReason | 'unreadable' | 'otherLanguage'): void {
    this.skipped[reason] = (this.skipped[reason] ?? 0) + 1;
  }
}

/** A file of many simple functions is simpler than an equally long one with a complex function. */
function averageComplexity({ complexity = 1, units }: FileOutline): number {
  const worst = Math.max(0, ...units.map((unit) => (unit.kind === 'function' ? (unit.complexity ?? 0) : 0)));
  return Math.max(worst, Math.round(complexity / Math.max(1, units.length)));
}

/** The name in other files: the last part of its name; for a file, the name in imports. */
function usedName(path: string, unit?: NamedUnit): string {
  const name = unit?.name ?? (path.split('/').at(-1) ?? '').replace(/\..*$/, '');
  return /[\p{L}\p{N}_$]+$/u.exec(name)?.[0] ?? '';
}

function compareItems(one: PlanItem, other: PlanItem): number {
  return (
    compare(one.path, other.path) || one.lines.start - other.lines.start || compare(one.kind, other.kind)
  );
}

/** By code units: equal everywhere, and fast. */
function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

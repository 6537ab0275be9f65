import type { PlanItem } from './planItem.ts';

/** A folder, a file, or a page that can be written. */
export type PlanNode =
  | { kind: 'folder'; path: string }
  | { kind: 'file'; path: string }
  | { kind: 'page'; item: PlanItem };

/** The facts about a folder or file, from the pages in it. */
interface Group {
  /** Folders first, then files, sorted by their best page. */
  folders: Set<string>;
  files: Set<string>;
  items: PlanItem[];
  /** Of its best page. */
  score: number;
  pages: number;
  chosen: number;
}

/** A plan as a tree of folders, files and pages, with the chosen pages. */
export class PageTree {
  readonly items: readonly PlanItem[];
  private readonly groups = new Map<string, Group>();
  private readonly chosenItems = new Set<PlanItem>();

  /** @param items best first */
  constructor(items: readonly PlanItem[]) {
    this.items = items;
    for (const item of items) this.add(item);
  }

  /** In the order of the plan. */
  get chosen(): PlanItem[] {
    return this.items.filter((item) => this.chosenItems.has(item));
  }

  get chosenCount(): number {
    return this.chosenItems.size;
  }

  /** The children of a node; by default those of the whole plan. */
  children(node?: PlanNode): PlanNode[] {
    if (node?.kind === 'page') return [];
    const group = this.groups.get(node?.path ?? '');
    if (!group) return [];
    const byScore = (one: string, other: string): number =>
      this.score(other) - this.score(one) || compare(one, other);
    return [
      ...[...group.folders].toSorted(byScore).map((path): PlanNode => ({ kind: 'folder', path })),
      ...[...group.files].toSorted(byScore).map((path): PlanNode => ({ kind: 'file', path })),
      ...group.items.map((item): PlanNode => ({ kind: 'page', item })),
    ];
  }

  parent(node: PlanNode): PlanNode | undefined {
    if (node.kind === 'page') return { kind: 'file', path: node.item.path };
    const path = folderOf(node.path);
    return path === '' ? undefined : { kind: 'folder', path };
  }

  /** Number of pages in a node, and of chosen ones. */
  count(node: PlanNode): { pages: number; chosen: number } {
    if (node.kind === 'page') return { pages: 1, chosen: this.chosenItems.has(node.item) ? 1 : 0 };
    const { pages = 0, chosen = 0 } = this.groups.get(node.path) ?? {};
    return { pages, chosen };
  }

  /** Chooses all pages of a node, or none. */
  choose(node: PlanNode, isChosen: boolean): void {
    if (node.kind === 'page') return this.set(node.item, isChosen);
    for (const child of this.children(node)) this.choose(child, isChosen);
  }

  /** Chooses exactly the best pages that are not written yet. */
  chooseBest(count: number): void {
    const best = new Set(this.items.filter(({ state }) => isWorthWriting(state)).slice(0, count));
    for (const item of this.items) this.set(item, best.has(item));
  }

  private set(item: PlanItem, isChosen: boolean): void {
    if (this.chosenItems.has(item) === isChosen) return;
    if (isChosen) this.chosenItems.add(item);
    else this.chosenItems.delete(item);
    for (const path of pathsAround(item.path)) this.groups.get(path)!.chosen += isChosen ? 1 : -1;
  }

  private add(item: PlanItem): void {
    const paths = pathsAround(item.path);
    for (const [index, path] of paths.entries()) {
      const group = this.group(path);
      group.pages++;
      group.score = Math.max(group.score, item.score);
      const next = paths[index + 1];
      if (next === undefined) group.items.push(item);
      else if (index + 2 === paths.length) group.files.add(next);
      else group.folders.add(next);
    }
  }

  private group(path: string): Group {
    const known = this.groups.get(path);
    if (known) return known;
    const fresh = {
      folders: new Set<string>(),
      files: new Set<string>(),
      items: [],
      score: 0,
      pages: 0,
      chosen: 0,
    };
    this.groups.set(path, fresh);
    return fresh;
  }

  private score(path: string): number {
    return this.groups.get(path)?.score ?? 0;
  }
}

/** A page that exists and is up to date is not written again automatically. */
export function isWorthWriting(state: PlanItem['state']): boolean {
  return state === 'missing' || state === 'stale' || state === 'failed';
}

/** The top, the folders and the file: `''`, `src`, `src/a.ts`. */
function pathsAround(path: string): string[] {
  const parts = path.split('/').filter(Boolean);
  return ['', ...parts.map((_, index) => parts.slice(0, index + 1).join('/'))];
}

function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

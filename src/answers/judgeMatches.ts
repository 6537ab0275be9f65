import type { Case } from './judgeTypes.ts';
import type { Entry } from './judgeEntries.ts';

/** The declarations of an answer, each with the declaration of the file that it replaces. */
export type Matches = ReadonlyMap<Entry, Entry>;

export const isNamed = ({ symbol }: Entry): boolean => symbol.kind !== 'import' && symbol.kind !== 'export';

/** Matches declarations by their full names, else by their own names if these are unique. */
export function matchesOf({ file, inside, around }: Case, given: readonly Entry[]): Matches {
  const owner = around.map(({ symbol }) => `${symbol.name}.`).join('');
  const matcher = new Matcher(file.entries.filter(isNamed), new Set(inside));
  for (const entry of given) matcher.match(entry, owner);
  return matcher.matches;
}

class Matcher {
  readonly matches = new Map<Entry, Entry>();
  readonly #used = new Set<Entry>();
  readonly #byKey: Map<string, Entry[]>;
  readonly #byName: Map<string, Entry[]>;
  readonly #inside: ReadonlySet<Entry>;

  constructor(entries: readonly Entry[], inside: ReadonlySet<Entry>) {
    this.#byKey = Map.groupBy(entries, ({ key }) => key);
    const free = entries.filter(({ parent }) => parent?.symbol.kind !== 'function');
    this.#byName = Map.groupBy(free, ({ symbol }) => symbol.name);
    this.#inside = inside;
  }

  match(entry: Entry, owner: string): void {
    const { key, parent, symbol } = entry;
    const above = parent && this.matches.get(parent);
    const within =
      above && this.#byKey.get(`${above.key}.${symbol.name}`)?.filter((one) => one.parent === above);
    if (within && this.#choose(entry, within)) return;
    if (parent) return;
    const isFound = [`${owner}${key}`, key].some((name) => this.#choose(entry, this.#leftOf(name)));
    if (!isFound) this.#matchByName(entry);
  }

  /** The remaining declarations of a name, without the used ones at the beginning. */
  #leftOf(key: string): Entry[] {
    const all = this.#byKey.get(key) ?? [];
    const first = all.findIndex((entry) => !this.#used.has(entry));
    if (first !== 0) all.splice(0, first < 0 ? all.length : first);
    return all;
  }

  #matchByName(entry: Entry): void {
    const { name, signature, kind } = entry.symbol;
    const all = this.#byName.get(name) ?? [];
    const only = (found: Entry[]): Entry[] => {
      const same = found.filter((one) => one.symbol.signature === signature);
      return same.length === 1 ? same : found;
    };
    const near = only(all.filter((one) => this.#inside.has(one)));
    const far = only(all);
    if (near.length === 1) this.#choose(entry, near);
    else if (near.length === 0 && far.length === 1 && kind !== 'value') this.#choose(entry, far);
  }

  /** Of several overloads, the one with the same parameters. */
  #choose(entry: Entry, candidates: readonly Entry[]): boolean {
    const isFree = (candidate: Entry): boolean => !this.#used.has(candidate);
    const { signature } = entry.symbol;
    const found =
      candidates.find((one) => isFree(one) && one.symbol.signature === signature) ?? candidates.find(isFree);
    if (!found) return false;
    this.matches.set(entry, found);
    this.#used.add(found);
    return true;
  }
}

import { declarationsIn, type Declarations, type Surroundings } from '../code/declarations.ts';
import type { DeclaredSymbol } from '../code/declarationTypes.ts';

/** A declaration with the names around it. */
export interface Entry {
  symbol: DeclaredSymbol;
  /** `Basket.add`; for imports and exports only their own name. */
  key: string;
  parent: Entry | undefined;
  children: Entry[];
}

/** A text and its declarations. */
export interface Outlined extends Declarations {
  text: string;
  /** All declarations, outer ones first. */
  entries: Entry[];
}

const script = /^(?:java|type)script/;

export function outlined(text: string, languageId: string, around?: Surroundings): Outlined {
  const declarations = declarationsIn(text, languageId, around);
  const roots = declarations.symbols.map((symbol) => entryOf(symbol, undefined));
  return { ...declarations, text, entries: roots.flatMap(flat) };
}

function entryOf(symbol: DeclaredSymbol, parent: Entry | undefined): Entry {
  const isFree = symbol.kind === 'import' || symbol.kind === 'export' || parent === undefined;
  const entry: Entry = {
    symbol,
    key: isFree ? symbol.name : `${parent.key}.${symbol.name}`,
    parent,
    children: [],
  };
  entry.children.push(...symbol.children.map((child) => entryOf(child, entry)));
  return entry;
}

function flat(entry: Entry): Entry[] {
  return [entry, ...entry.children.flatMap(flat)];
}

/** The number of declarations per name; `export` before a declaration adds a name. */
export function namesIn({ entries, text }: Outlined, languageId: string): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);
  for (const entry of entries) {
    add(entry.key);
    const isExported =
      script.test(languageId) &&
      !entry.parent &&
      /^export\s/.test(text.slice(entry.symbol.headStart, entry.symbol.headStart + 7));
    if (isExported && entry.symbol.kind !== 'import' && entry.symbol.kind !== 'export')
      add(`export ${entry.key}`);
  }
  return counts;
}

/** The effect of a change on the names of a file. */
export interface Effect {
  removes: string[];
  adds: string[];
  /** Declared twice afterwards, but not before. */
  duplicates: string[];
}

export function effectOf(before: Outlined, after: Outlined, languageId: string): Effect {
  const [old, now] = [namesIn(before, languageId), namesIn(after, languageId)];
  const removes = more(old, now);
  const gone = new Set(removes);
  return {
    removes: removes.filter((key) => !gone.has(key.replace(/^export /, '')) || !key.startsWith('export ')),
    adds: more(now, old).filter((key) => !/^(?:import|export) /.test(key)),
    duplicates: duplicatesIn(before, after),
  };
}

/** The names that occur more often in the first text. */
function more(one: Map<string, number>, other: Map<string, number>): string[] {
  return [...one].filter(([key, count]) => count > (other.get(key) ?? 0)).map(([key]) => key);
}

function duplicatesIn(before: Outlined, after: Outlined): string[] {
  const [old, now] = [versionsIn(before), versionsIn(after)];
  const twice = [...now].filter(([key, { count }]) => count > 1 && count > (old.get(key)?.count ?? 0));
  return [...new Set(twice.map(([, { name }]) => name))];
}

/** The number of declarations per name that may occur only once in a scope. */
function versionsIn({ entries }: Outlined): Map<string, { name: string; count: number }> {
  const found = new Map<string, { name: string; count: number }>();
  for (const { key, symbol, parent } of entries) {
    if (symbol.signature === undefined) continue;
    const version = [parent?.symbol.docStart === undefined ? '' : parent.key, key, symbol.signature].join(
      '\n',
    );
    const { count } = found.get(version) ?? { count: 0 };
    found.set(version, { name: key, count: count + 1 });
  }
  return found;
}

/** Declarations that contain no other declaration, those in other declarations included. */
export function leavesOf(entries: readonly Entry[]): Entry[] {
  return entries.filter(
    ({ symbol, children }) =>
      symbol.kind !== 'import' && symbol.kind !== 'export' && !children.some(isMember),
  );
}

/** A declaration inside a function is not a member of it. */
export function isMember({ parent }: Entry): boolean {
  return parent === undefined || parent.symbol.kind !== 'function';
}

import { lineEnd } from '../code/declarationTypes.ts';
import type { TextChange } from '../code/reanchor.ts';
import type { Entry, Outlined } from './judgeEntries.ts';

interface Statement {
  names: string[];
  start: number;
  end: number;
}

/**
 * The changes for the imports in an answer: a new one goes below the file's imports, or replaces one with
 * fewer names. Undefined when the file has no imports.
 */
export function importChanges(answer: Outlined, file: Outlined): TextChange[] | undefined {
  const known = statementsOf(file);
  const names = new Set(known.flatMap((statement) => statement.names));
  const fresh = statementsOf(answer).filter((statement) => statement.names.some((name) => !names.has(name)));
  const changes = fresh.map(({ names: given, start, end }): TextChange | undefined => {
    const text = answer.text.slice(start, end);
    const less = known.find((statement) => statement.names.every((name) => given.includes(name)));
    if (less) return { start: less.start, end: less.end, text };
    const last = known.at(-1);
    const at = last ? lineEnd(file.text, last.end) : undefined;
    return at === undefined ? undefined : { start: at, end: at, text: `\n${text}` };
  });
  const placed = changes.filter((change) => change !== undefined);
  if (placed.length < changes.length) return undefined;
  return merged(placed);
}

/** Joins changes at the same position. */
function merged(changes: readonly TextChange[]): TextChange[] {
  const byRange = new Map<string, TextChange>();
  for (const change of changes) {
    const key = `${change.start},${change.end}`;
    const text = (byRange.get(key)?.text ?? '') + change.text;
    byRange.set(key, { ...change, text });
  }
  return [...byRange.values()];
}

/** The top-level imports; those of one statement together. */
function statementsOf({ entries }: Outlined): Statement[] {
  const found = new Map<number, Statement>();
  for (const { symbol } of entries.filter(isTopImport)) {
    const statement = found.get(symbol.headStart) ?? { names: [], start: symbol.headStart, end: symbol.end };
    statement.names.push(symbol.name);
    found.set(symbol.headStart, statement);
  }
  return [...found.values()];
}

function isTopImport({ symbol, parent }: Entry): boolean {
  return symbol.kind === 'import' && parent === undefined;
}

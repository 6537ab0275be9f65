/** A symbol of a document's outline, as plain data. Lines and characters are counted from 0. */
export interface OutlineSymbol {
  name: string;
  /** VS Code's name of the kind: `Class`, `Function`, `Method`, ... */
  kind: string;
  start: SymbolRange;
  end: SymbolRange;
  /** Where its name stands, if the outline tells. */
  nameAt?: SymbolRange;
}

export interface SymbolRange {
  line: number;
  character: number;
}

/** Kinds of functions, whatever a language calls them. */
export const callables: ReadonlySet<string> = new Set(['Function', 'Method', 'Constructor', 'Operator']);
/** Kinds of what functions stand in. */
export const containers: ReadonlySet<string> = new Set([
  'Class',
  'Interface',
  'Struct',
  'Enum',
  'Module',
  'Namespace',
]);

/**
 * Many outlines call `const handler = () => {...}` a variable and a class's arrow function a property. They
 * count from this many lines on, but not inside a function, where they are steps of it.
 */
const values = new Set(['Variable', 'Constant', 'Property', 'Field', 'Object']);
const valueLines = 3;

/** The innermost symbol at a place that is worth a question of its own; the outline may be in any order. */
export function symbolAt(symbols: readonly OutlineSymbol[], place: SymbolRange): OutlineSymbol | undefined {
  const around = symbols.filter((symbol) => reaches(symbol, place)).toSorted(outerFirst);
  let innermost: OutlineSymbol | undefined;
  let isInCallable = false;
  for (const symbol of around) {
    isInCallable ||= callables.has(symbol.kind);
    const isBigValue = values.has(symbol.kind) && lineCount(symbol) >= valueLines && !isInCallable;
    if (callables.has(symbol.kind) || containers.has(symbol.kind) || isBigValue) {
      innermost = symbol;
    }
  }
  return innermost;
}

/**
 * A symbol of several lines owns them whole: its range may begin after `export` or a decorator on the same
 * line.
 */
function reaches({ start, end }: OutlineSymbol, place: SymbolRange): boolean {
  if (start.line < end.line) {
    return start.line <= place.line && place.line <= end.line;
  }
  return place.line === start.line && start.character <= place.character && place.character <= end.character;
}

export function outerFirst(a: OutlineSymbol, b: OutlineSymbol): number {
  return compare(a.start, b.start) || compare(b.end, a.end);
}

function compare(a: SymbolRange, b: SymbolRange): number {
  return a.line - b.line || a.character - b.character;
}

function lineCount({ start, end }: OutlineSymbol): number {
  return end.line - start.line + 1;
}

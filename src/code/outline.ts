/** A symbol of a document's outline, as plain data. Lines and characters are counted from 0. */
export interface OutlineSymbol {
  name: string;
  /** VS Code's name of the kind: `Class`, `Function`, `Method`, ... */
  kind: string;
  start: SymbolRange;
  end: SymbolRange;
  /** Position of its name, if the outline has it. */
  nameAt?: SymbolRange;
}

export interface SymbolRange {
  line: number;
  character: number;
}

/** Kinds of functions in all languages. */
export const callables: ReadonlySet<string> = new Set(['Function', 'Method', 'Constructor', 'Operator']);
/** Kinds that contain functions. */
export const containers: ReadonlySet<string> = new Set([
  'Class',
  'Interface',
  'Struct',
  'Enum',
  'Module',
  'Namespace',
]);

/**
 * Many outlines list `const handler = () => {...}` as a variable and an arrow function in a class as a
 * property. These kinds count from this many lines on, unless they are inside a function.
 */
const values = new Set(['Variable', 'Constant', 'Property', 'Field', 'Object']);
const valueLines = 3;

/** The innermost symbol at a position that deserves a question. The outline may be in any order. */
export function symbolAt(
  symbols: readonly OutlineSymbol[],
  position: SymbolRange,
): OutlineSymbol | undefined {
  const around = symbols.filter((symbol) => reaches(symbol, position)).toSorted(outerFirst);
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
 * A multi-line symbol includes its first line completely, because its range may start after `export` or a
 * decorator.
 */
function reaches({ start, end }: OutlineSymbol, position: SymbolRange): boolean {
  if (start.line < end.line) {
    return start.line <= position.line && position.line <= end.line;
  }
  return (
    position.line === start.line &&
    start.character <= position.character &&
    position.character <= end.character
  );
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

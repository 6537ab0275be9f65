import { cyclomaticComplexity } from '../../code/complexity.ts';
import { declarationsIn } from '../../code/declarations.ts';
import type { DeclaredSymbol } from '../../code/declarationTypes.ts';
import { linesOf } from '../../text/markdown.ts';

/** A declaration in the form for a model. */
interface OutlineEntry {
  name: string;
  kind: string;
  first: number;
  last: number;
  complexity: number | undefined;
  hasDocComment: boolean;
}

/** Most entries of an outline, so that it stays an overview. */
const mostEntries = 120;
const mostDeep = 3;

/** The declarations of a file, one per line: name, kind, lines, complexity, doc comment. */
export function outlineText(path: string, text: string, languageId: string): string {
  const { symbols, code } = declarationsIn(text, languageId);
  const lines = lineCounter(text);
  const entries = symbols.flatMap((symbol) =>
    entriesOf(symbol, '', { text: code.text, languageId, lines }, 0),
  );
  const count = linesOf(text).length;
  const size = `${count} ${count === 1 ? 'line' : 'lines'}`;
  if (entries.length === 0) return `${path}: ${size}, no functions or classes found.`;
  const shown = entries.slice(0, mostEntries).map(lineOf);
  const rest = entries.length - shown.length;
  return [`${path}: ${size}`, ...shown, ...(rest > 0 ? [`(${rest} more)`] : [])].join('\n');
}

interface Source {
  text: string;
  languageId: string;
  lines: (offset: number) => number;
}

function entriesOf(symbol: DeclaredSymbol, owner: string, source: Source, depth: number): OutlineEntry[] {
  const { name, kind, docStart, start, end, children } = symbol;
  const full = owner === '' || name.startsWith(`${owner}.`) ? name : `${owner}.${name}`;
  const inner =
    kind === 'function' || depth >= mostDeep
      ? []
      : children.flatMap((child) => entriesOf(child, kind === 'type' ? full : owner, source, depth + 1));
  if (kind !== 'function' && kind !== 'type') return inner;
  const entry: OutlineEntry = {
    name: full,
    kind: kind === 'type' ? 'class' : 'function',
    first: source.lines(start),
    last: source.lines(Math.max(start, end - 1)),
    complexity: cyclomaticComplexity(source.text.slice(start, end), source.languageId),
    hasDocComment: docStart < start,
  };
  return [entry, ...inner];
}

function lineOf({ name, kind, first, last, complexity, hasDocComment }: OutlineEntry): string {
  return [
    `${kind} ${name}: lines ${first}-${last}`,
    ...(complexity === undefined ? [] : [`complexity ${complexity}`]),
    ...(hasDocComment ? ['has a doc comment'] : []),
  ].join(', ');
}

/** The line of an offset, counted from 1. Offsets may be in any order. */
function lineCounter(text: string): (offset: number) => number {
  const starts = [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)];
  return (offset) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  };
}

import { decisionsIn } from '../../code/complexity.ts';
import { declarationsIn } from '../../code/declarations.ts';
import type { DeclaredSymbol, MaskedCode } from '../../code/declarationTypes.ts';
import { mostOutlined } from '../../code/ownOutline.ts';
import { LineNumbers } from './lineNumbers.ts';

/** A function or class of a file that may get a page. */
export interface Unit {
  /** With the names around it: `Inventory.add`. */
  name: string;
  kind: 'function' | 'class';
  /** Counted from 0, both inclusive. */
  lines: { start: number; end: number };
  complexity: number | undefined;
  hasDocComment: boolean;
}

export interface FileOutline {
  lineCount: number;
  complexity: number | undefined;
  units: Unit[];
}

/** A shorter function without branches is explained by its name. */
const fewestLines = 4;
const branching = 3;
/** Levels of nested classes. */
const deepest = 4;

/** The declarations of a file, read without a language server. */
export function outlineOf(text: string, languageId: string): FileOutline {
  const lines = new LineNumbers(text);
  if (text.length > mostOutlined) return { lineCount: lines.count, complexity: undefined, units: [] };
  const { symbols, code } = declarationsIn(text, languageId);
  const decisions = decisionsIn(code.masked, languageId);
  const place: Place = { code, languageId, lines, decisions };
  return {
    lineCount: lines.count,
    complexity: decisions?.between(0, text.length),
    units: symbols.flatMap((symbol) => unitsOf(symbol, '', place, 0)),
  };
}

interface Place {
  code: MaskedCode;
  languageId: string;
  lines: LineNumbers;
  decisions: ReturnType<typeof decisionsIn>;
}

function unitsOf(symbol: DeclaredSymbol, owner: string, place: Place, depth: number): Unit[] {
  const name = owner === '' || symbol.name.startsWith(`${owner}.`) ? symbol.name : `${owner}.${symbol.name}`;
  // The name of a test is a quoted sentence, not a function that other code calls.
  if (/["'`]/.test(symbol.name)) return [];
  const inner =
    symbol.kind === 'function' || depth >= deepest
      ? []
      : symbol.children.flatMap((child) =>
          unitsOf(child, symbol.kind === 'type' ? name : owner, place, depth + 1),
        );
  const own = unitOf(symbol, name, place);
  return own ? [own, ...inner] : inner;
}

function unitOf(
  symbol: DeclaredSymbol,
  name: string,
  { code, languageId, lines, decisions }: Place,
): Unit | undefined {
  if (symbol.kind !== 'function' && symbol.kind !== 'type') return undefined;
  const { docStart, start, headStart, end } = symbol;
  const range = { start: lines.of(start), end: lines.of(Math.max(start, end - 1)) };
  const complexity = decisions?.between(start, end);
  if (range.end - range.start + 1 < fewestLines && (complexity ?? 1) < branching) return undefined;
  return {
    // Copies the name: a slice would keep the whole text in memory.
    name: ` ${name}`.slice(1),
    kind: symbol.kind === 'type' ? 'class' : 'function',
    lines: range,
    complexity,
    hasDocComment: docStart < start || hasDocstring(code, languageId, headStart, end),
  };
}

/** Whether the doc comment is the first statement of the body. */
function hasDocstring({ text, masked }: MaskedCode, languageId: string, start: number, end: number): boolean {
  if (languageId !== 'python' && languageId !== 'gdscript' && languageId !== 'starlark') return false;
  const colon = /:[ \t]*(?:\n|\r)/g;
  colon.lastIndex = start;
  const found = colon.exec(masked.slice(0, end));
  return found !== null && /^\s*[rRuU]?["']/.test(text.slice(colon.lastIndex, end));
}

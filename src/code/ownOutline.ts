import { declarationsIn } from './declarations.ts';
import { isTextual } from './declaration.ts';
import type { DeclarationKind, DeclaredSymbol } from './declarationTypes.ts';
import type { OutlineSymbol, SymbolRange } from './outline.ts';

/** Most characters of a file whose outline is read, so that the editor is not blocked. */
export const mostOutlined = 128 * 1024;

/** VS Code's names of the kinds that can be the subject of a question. */
const kinds: Partial<Record<DeclarationKind, string>> = {
  function: 'Function',
  type: 'Class',
  value: 'Variable',
};

/**
 * The functions, types and values of a text, for a document whose language has no outline in VS Code. Empty for
 * prose and data.
 */
export function ownOutline(text: string, languageId: string): OutlineSymbol[] {
  if (isTextual(languageId) || text.length > mostOutlined) return [];
  const positionAt = positionsIn(text);
  return declarationsIn(text, languageId).symbols.flatMap((symbol) => flat(symbol, false));

  function flat(symbol: DeclaredSymbol, isMember: boolean): OutlineSymbol[] {
    const { name, start, end, children } = symbol;
    const kind = symbol.kind === 'function' && isMember ? 'Method' : kinds[symbol.kind];
    const code = text.slice(start, end).trimEnd();
    const range = { start: positionAt(start), end: positionAt(start + code.length) };
    return [
      ...(kind === undefined ? [] : [{ name, kind, ...range }]),
      ...children.flatMap((child) => flat(child, symbol.kind === 'type')),
    ];
  }
}

/** The positions of offsets, as VS Code counts lines. */
function positionsIn(text: string): (offset: number) => SymbolRange {
  const breaks = text.matchAll(/\r\n|\n|\r/g);
  const starts = [0, ...Array.from(breaks, ({ index, 0: mark }) => index + mark.length)];
  return (offset) => {
    let [line, after] = [0, starts.length];
    while (after - line > 1) {
      const middle = (line + after) >> 1;
      if (starts[middle]! <= offset) line = middle;
      else after = middle;
    }
    return { line, character: offset - starts[line]! };
  };
}

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
 * @param positionAt the position of an offset
 */
export function ownOutline(
  text: string,
  languageId: string,
  positionAt: (offset: number) => SymbolRange,
): OutlineSymbol[] {
  if (isTextual(languageId) || text.length > mostOutlined) return [];
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

import { maskColumns } from './maskCode.ts';
import type { DocStyle } from './docCommentStyles.ts';
import { indentOf, type CommentPosition, type NoCommentPosition, type Source } from './commentPosition.ts';
import type { SymbolRange } from './outline.ts';

/** The docstring of a Python function or class: the first statement of its body. */
export function insideBody(source: Source, nameLine: number): CommentPosition | NoCommentPosition {
  const colon = signatureEnd(source.masked, nameLine);
  if (!colon) return 'inStatement';
  const { lines, masked, unit } = source;
  const outer = indentOf(lines[nameLine] ?? '');
  const rest = (masked[colon.line] ?? '').slice(colon.character);
  if (rest.trim() !== '') return inOneLine(source, colon, outer + unit);
  const body = masked.findIndex((code, line) => line > colon.line && code.trim() !== '');
  const inner = body < 0 ? '' : indentOf(lines[body]!);
  if (inner.length <= outer.length) return freshBody(source, colon.line, outer + unit);
  return docstringAt(source, body, inner) ?? freshBody(source, colon.line, inner);
}

function freshBody({ style, lines }: Source, colonLine: number, indent: string): CommentPosition {
  const end = { line: colonLine, character: lines[colonLine]!.length };
  return { style, start: end, end, replaces: false, before: '\n', after: '', indent };
}

/** Moves the body of `def f(): return 1` to separate lines. */
function inOneLine(
  { style, lines, masked }: Source,
  colon: SymbolRange,
  indent: string,
): CommentPosition | NoCommentPosition {
  const raw = lines[colon.line]!;
  const at = columnOf(raw, masked[colon.line]!.slice(0, colon.character), style);
  if (at === undefined) return 'inStatement';
  const body = raw.slice(at).trimStart();
  const existing = /^[rRuU]?(?:"""(?:(?!""")[^\\])*"""|'''(?:(?!''')[^\\])*'''|"[^"\\]*"|'[^'\\]*')\s*$/.test(
    body,
  );
  return {
    style,
    start: { line: colon.line, character: at },
    end: { line: colon.line, character: existing ? raw.length : raw.length - body.length },
    replaces: existing,
    before: '\n',
    after: existing ? '' : `\n${indent}`,
    indent,
  };
}

/**
 * The column where the code of a line ends, given its code without strings and comments. It ends with a
 * colon.
 */
function columnOf(raw: string, code: string, { lexer }: DocStyle): number | undefined {
  const colons = maskColumns(raw, lexer).matchAll(/:/g);
  const colon = Array.from(colons)[code.split(':').length - 2];
  return colon && colon.index + 1;
}

/** The position after the colon that ends the signature starting in a line. */
function signatureEnd(masked: string[], nameLine: number): SymbolRange | undefined {
  let depth = 0;
  for (let line = nameLine; line < masked.length; line++) {
    const code = masked[line]!;
    for (let at = 0; at < code.length; at++) {
      const character = code.charAt(at);
      depth += '([{'.includes(character) ? 1 : ')]}'.includes(character) ? -1 : 0;
      if (character === ':' && depth === 0) return { line, character: at + 1 };
    }
    if (depth === 0 && !code.trimEnd().endsWith('\\')) return undefined;
  }
  return undefined;
}

/** The string that is the first statement of the body, if it is alone on its lines. */
function docstringAt(
  { style, lines, masked }: Source,
  first: number,
  indent: string,
): CommentPosition | undefined {
  if (!/^\s*[rRuU]?["']/.test(lines[first]!)) return undefined;
  let last = first;
  for (let quotes = quotesIn(masked[first]!); quotes < 2 && last + 1 < masked.length;)
    quotes += quotesIn(masked[++last]!);
  const code = masked.slice(first, last + 1).join('\n');
  const next = masked.slice(last + 1).find((line) => line.trim() !== '');
  if (!/^\s*"\s*"\s*$/.test(code) || /^\s*"/.test(next ?? '')) return undefined;
  return {
    style,
    start: { line: first, character: 0 },
    end: { line: last, character: lines[last]!.length },
    replaces: true,
    before: '',
    after: '',
    indent,
  };
}

function quotesIn(code: string): number {
  return code.match(/"/g)?.length ?? 0;
}

export type DeclarationKind = 'function' | 'type' | 'value' | 'import' | 'export' | 'part';

/** A declaration with a name. Offsets count UTF-16 units. */
export interface DeclaredSymbol {
  name: string;
  kind: DeclarationKind;
  /** Start of its doc comment, or else its own start. */
  docStart: number;
  /** Start of its first decorator or attribute, or else its own start. */
  start: number;
  /** Start of its first modifier or keyword. */
  headStart: number;
  end: number;
  /** The declarations inside it, and the offsets between which they are. */
  children: DeclaredSymbol[];
  body?: { start: number; end: number } | undefined;
  /** Distinguishes versions of one name, such as overloads; undefined when several may coexist. */
  signature?: string | undefined;
}

/** Where a declaration is; decides what counts as one. */
export type Context = 'file' | 'type' | 'body' | 'object' | 'group';

/** A code and the same with blank comments and strings, of equal length. */
export interface MaskedCode {
  text: string;
  masked: string;
  /** The offset of the closing bracket for every opening one. */
  pairs: ReadonlyMap<number, number>;
  /** Whether every bracket has its partner. */
  isBalanced: boolean;
}

export function withPairs(text: string, masked: string): MaskedCode {
  const pairs = new Map<number, number>();
  const open: number[] = [];
  let isBalanced = true;
  for (let at = 0; at < masked.length; at++) {
    const code = masked.charCodeAt(at);
    if (code === 0x28 || code === 0x5b || code === 0x7b) open.push(at);
    else if (code === 0x29 || code === 0x5d || code === 0x7d) {
      const last = open.pop();
      // In ASCII, `)` follows `(`; the other closing brackets are two after theirs.
      const distance = code === 0x29 ? 1 : 2;
      if (last !== undefined && masked.charCodeAt(last) === code - distance) pairs.set(last, at);
      else isBalanced = false;
    }
  }
  return { text, masked, pairs, isBalanced: isBalanced && open.length === 0 };
}

/** The offset of the first character that is not white space. */
export function skipSpace(masked: string, from: number, to = masked.length): number {
  let at = from;
  while (at < to && /\s/.test(masked.charAt(at))) at++;
  return at;
}

/** The start of the line of an offset. */
export function lineStart(text: string, at: number): number {
  return at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
}

/** The end of the line of an offset, before its line break. */
export function lineEnd(text: string, at: number): number {
  const next = text.indexOf('\n', at);
  const end = next < 0 ? text.length : next;
  return text[end - 1] === '\r' && end > at ? end - 1 : end;
}

/**
 * The start of the comment directly above an offset: of the lines with text but without code. A line of code,
 * an empty line, `#!` or `<?php` ends it.
 */
export function docStartOf({ text, masked }: Pick<MaskedCode, 'text' | 'masked'>, start: number): number {
  let first = lineStart(text, start);
  if (text.slice(first, start).trim() !== '') {
    const isComment = masked.slice(first, start).trim() === '';
    return isComment ? first + text.slice(first, start).search(/\S/) : start;
  }
  while (first > 0) {
    const previous = lineStart(text, first - 1);
    const line = text.slice(previous, first);
    if (line.trim() === '' || masked.slice(previous, first).trim() !== '' || /^(?:#!|\s*<\?)/.test(line))
      break;
    first = previous;
  }
  const indentation = /^[ \t]*/.exec(text.slice(first, start))![0].length;
  return Math.min(start, first + indentation);
}

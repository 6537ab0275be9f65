export type DeclarationKind = 'function' | 'type' | 'value' | 'import' | 'export' | 'part';

/** Something that a text declares, with a name of its own. Offsets count UTF-16 units. */
export interface DeclaredSymbol {
  name: string;
  kind: DeclarationKind;
  /** Where its doc comment begins, else where it begins itself. */
  docStart: number;
  /** Where its first decorator or attribute begins, else where it begins itself. */
  start: number;
  /** Where its first modifier or keyword begins. */
  headStart: number;
  end: number;
  /** What stands in it that is declared by itself, between these offsets. */
  children: DeclaredSymbol[];
  body?: { start: number; end: number } | undefined;
  /** Two of one name are two versions of it, told apart by this; undefined where they may stand together. */
  signature?: string | undefined;
}

/** Where a declaration stands: decides what counts as one. */
export type Context = 'file' | 'type' | 'body' | 'object' | 'group';

/** A code and the same with comments and strings blanked, both of one length. */
export interface MaskedCode {
  text: string;
  masked: string;
  /** For every opening bracket, the offset of the one that closes it. */
  pairs: ReadonlyMap<number, number>;
  /** Every bracket has its other one. */
  isBalanced: boolean;
}

const closing: Record<string, string> = { '(': ')', '[': ']', '{': '}' };

export function withPairs(text: string, masked: string): MaskedCode {
  const pairs = new Map<number, number>();
  const open: number[] = [];
  let isBalanced = true;
  for (let at = 0; at < masked.length; at++) {
    const character = masked.charAt(at);
    if (character in closing) open.push(at);
    else if (character === ')' || character === ']' || character === '}') {
      const last = open.pop();
      if (last !== undefined && closing[masked.charAt(last)] === character) pairs.set(last, at);
      else isBalanced = false;
    }
  }
  return { text, masked, pairs, isBalanced: isBalanced && open.length === 0 };
}

/** The first character that is no white space, from an offset on. */
export function skipSpace(masked: string, from: number, to = masked.length): number {
  let at = from;
  while (at < to && /\s/.test(masked.charAt(at))) at++;
  return at;
}

/** The beginning of the line of an offset. */
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
 * Where the comment directly above an offset begins: the lines that have text but no code. A line of code, a blank line,
 * `#!` and `<?php` end it.
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

// Texts that make a badly written function take more time than its share.
import { fragments } from './fragments.ts';

/** Makes a text of about so many characters. */
export type MakeText = (length: number) => string;

/** A text for a measurement. */
export interface NamedText {
  name: string;
  make: MakeText;
}

/** Text before and after the repeated piece, so that a started match must fail. */
const ends: readonly [head: string, tail: string][] = [
  ['', ''],
  ['', '\u0001x'],
  ['a', '\n!'],
];

/** Opening and closing pieces: all openings first, then all closings. */
const nested: readonly [open: string, close: string][] = [
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
  ['<', '>'],
  ['<a>', '</a>'],
  ['${', '}'],
  ['`${', '}`'],
  ['#{"', '"}'],
  ['/*', '*/'],
  ['"', '\\'],
  ['a(', '),'],
  ['![', '](a)'],
  ['<think>', '</think>'],
  ['```a\n', '```\n'],
  ['<<A\n', 'A\n'],
  ['*', '_'],
];

/** Texts in which every line or piece differs from those before. */
const counted: readonly NamedText[] = [
  { name: 'growing backticks', make: (length) => growing(length, (size) => `${'`'.repeat(size)}a`) },
  { name: 'shrinking backticks', make: (length) => shrinking(length, (size) => `${'`'.repeat(size)}a`) },
  { name: 'growing indentation', make: (length) => growing(length, (size) => `${' '.repeat(size)}a\n`) },
  { name: 'shrinking indentation', make: (length) => shrinking(length, (size) => `${' '.repeat(size)}a\n`) },
  { name: 'growing fences', make: (length) => growing(length, (size) => `${'`'.repeat(size + 3)}a\n`) },
  { name: 'different words', make: (length) => numbered(length, (number) => `w${number} `) },
  { name: 'different lines', make: (length) => numbered(length, (number) => `line ${number}\n`) },
  { name: 'different hosts', make: (length) => numbered(length, (number) => `http://h${number}.example `) },
  { name: 'different here-documents', make: (length) => numbered(length, (number) => `a <<W${number}\n`) },
  { name: 'different tags', make: (length) => numbered(length, (number) => `<t${number}>`) },
  {
    name: 'different functions',
    make: (length) => numbered(length, (number) => `function f${number}() {\n`),
  },
  {
    name: 'different files',
    make: (length) => numbered(length, (number) => `diff --git a/f${number} b/f${number}\n`),
  },
];

/** Every degenerate text that tests and benchmark use. */
export const degenerateTexts: readonly NamedText[] = [
  ...fragments.flatMap((unit) => ends.map(([head, tail]) => repeated(unit, head, tail))),
  ...nested.map(([open, close]): NamedText => ({
    name: `${JSON.stringify(open)} then ${JSON.stringify(close)}`,
    make: (length) => {
      const count = Math.ceil(length / (open.length + close.length));
      return open.repeat(count) + close.repeat(count);
    },
  })),
  ...counted,
];

/** A repeated piece between two others. */
export function repeated(unit: string, head = '', tail = ''): NamedText {
  const around = head || tail ? ` between ${JSON.stringify(head)} and ${JSON.stringify(tail)}` : '';
  return {
    name: JSON.stringify(unit) + around,
    make: (length) => head + unit.repeat(Math.ceil(length / unit.length)) + tail,
  };
}

/** Pieces of the sizes 1, 2, 3 ... */
function growing(length: number, piece: (size: number) => string): string {
  const sizes = Array.from({ length: Math.floor(Math.sqrt(2 * length)) }, (_, index) => index + 1);
  return sizes.map(piece).join('');
}

function shrinking(length: number, piece: (size: number) => string): string {
  const most = Math.floor(Math.sqrt(2 * length));
  return Array.from({ length: most }, (_, index) => piece(most - index)).join('');
}

function numbered(length: number, piece: (number: number) => string): string {
  const count = Math.ceil(length / piece(1000).length);
  return Array.from({ length: count }, (_, index) => piece(index)).join('');
}

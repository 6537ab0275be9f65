// Measures how the time of a function grows with its text. Used by tests (growth only, never a time) and by
// the benchmark.

/** Makes a text of about so many characters. */
export type MakeText = (length: number) => string;

/** A text for a measurement. */
export interface NamedText {
  name: string;
  make: MakeText;
}

/** Pieces that, when repeated, make a regular expression or a loop try again at every position. */
export const fragments: readonly string[] = [
  ...[
    ' ',
    '\t',
    '\n',
    ' \n',
    '\r',
    '\r\n',
    '\u2028',
    '\u0000',
    '\u00a0',
    'a',
    'a ',
    'A',
    'aB1',
    '_',
    '0',
    '1.',
  ],
  ...[
    'é',
    '\ud800',
    '😀',
    '\u0301',
    '`',
    '` ',
    '``` ',
    '```\n',
    '```a\n',
    '~~~\n',
    '~',
    '<',
    '<a',
    '<a ',
    '<a>',
    '</a>',
  ],
  ...['<!--', '<![CDATA[', '<?', '<?php ', '?>', '<think>', '</think>', '<think', '<|', '[INST]', '>', '> '],
  ...[
    '(',
    ')',
    '(a',
    'a(',
    '()',
    '[',
    ']',
    '[a',
    '[]',
    '[](',
    '![',
    '[![',
    '![a](',
    '[a]:',
    '](command:',
    '{',
    '}',
    '{}',
  ],
  ...[
    '"',
    "'",
    '"""',
    "'''",
    '\\',
    '\\"',
    '\\\n',
    '"\'',
    '"\n',
    '$',
    '$"',
    '${',
    '`${',
    '#{',
    '$(',
    '\\(',
    '{"',
    'r"',
    'r#',
  ],
  ...[
    'R"(',
    'R"a(',
    '%w[',
    '%w(',
    '#',
    '##',
    '# ',
    '#!',
    '#[',
    '#if ',
    '=',
    '==',
    '=begin\n',
    '/',
    '//',
    '/*',
    '*/',
  ],
  ...[
    '/**',
    '/[',
    '/a',
    '--',
    '--[',
    '[[',
    '-',
    '- ',
    '- - ',
    '+',
    '*',
    '**',
    '**a',
    '*a*',
    '* ',
    '|',
    '||',
    '&',
    '&&',
  ],
  ...[
    '&amp;',
    '&#',
    '?',
    '? ',
    '?(',
    '!',
    ':',
    '::',
    'a:',
    ':\n',
    ';',
    ';;',
    ',',
    '.',
    '...',
    'a.',
    '.a',
    '@',
    '@a',
    'a@',
    '@a(',
  ],
  ...[
    'if ',
    'if(',
    'for ',
    'for a in ',
    'case ',
    'case a',
    '*)',
    'in*)',
    'export ',
    'static ',
    'public static ',
    'await ',
  ],
  ...[
    'def f(',
    'def f():\n',
    'class A ',
    'a<',
    'a, ',
    'a=',
    'a:b ',
    'function ',
    'const a',
    'template<',
    'template<a>\n',
  ],
  ...[
    '<<A',
    '<<A\n',
    '<<EOF\n',
    '<<<A\n',
    '%2f',
    '/home/',
    '/home/a',
    'http://',
    'http://a',
    'a://',
    'a.b',
    '1:',
    'a-',
    'token',
  ],
  ...[
    'token ',
    'token:',
    'bearer ',
    'sk-',
    'eyJ',
    'diff --git a/x b/x\n',
    '@@\n',
    '+++ b/x\n',
    '\u001b[',
    'sure ',
    'here is ',
    'title:',
  ],
  ...[
    '<<<<<<< \n',
    '=======\n',
    '>>>>>>> \n',
    '1) ',
    '1. a\n',
    '## a\n',
    '- a\n',
    '| a |\n',
    '    a\n',
    '\ta\n',
    'a\n',
    '@a\n',
    '@a\na(\n',
  ],
];

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

/**
 * Processor time of one call in milliseconds, which depends less on other processes than the time by the
 * clock.
 */
export function processorMs(run: () => unknown): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** A shorter call, in milliseconds, is too short to measure its growth. */
const resolutionMs = 4;
/** Each text is this many times as long as the one it is compared with. */
const step = 16;
/**
 * More than this many times the time is an error: a linear function takes 16 times as long, a quadratic one
 * 256 times.
 */
const mostGrowth = 56;
const attempts = 5;

/** The growth of a function's time, if it is too fast. */
export interface Growth {
  /** Characters of the longer text. */
  length: number;
  /** Its time, divided by the time of a text with a sixteenth of its length. */
  times: number;
}

/**
 * Whether a function's time grows faster than its text, up to a length. A busy machine makes measurements
 * longer, never shorter, so the minimum of several counts, and only growth in all attempts is an error.
 */
export function superlinearGrowth(
  run: (text: string) => unknown,
  make: MakeText,
  longest: number,
): Growth | undefined {
  // The shortest text first, so that a cubic function is found before it gets the longest.
  for (let length = 256; length <= longest; length *= 4) {
    if (processorMs(() => run(make(length))) < resolutionMs) continue;
    const times = growthBetween(run, make(length / step), make(length));
    if (times !== undefined && !levelsOff(run, make, length)) return { length, times };
  }
  return undefined;
}

/** Bounded work grows fast only up to its bound. */
function levelsOff(run: (text: string) => unknown, make: MakeText, length: number): boolean {
  const isShort = processorMs(() => run(make(length))) < 40;
  return isShort && growthBetween(run, make(length / 4), make(length * 4)) === undefined;
}

function growthBetween(run: (text: string) => unknown, short: string, long: string): number | undefined {
  const least = { short: Number.POSITIVE_INFINITY, long: Number.POSITIVE_INFINITY };
  for (let attempt = 0; attempt < attempts; attempt++) {
    // The short text several times, because a single call is below the clock's resolution.
    const shortMs = processorMs(() => {
      for (let time = 0; time < step; time++) run(short);
    });
    least.short = Math.min(least.short, Math.max(shortMs / step, resolutionMs / mostGrowth));
    least.long = Math.min(
      least.long,
      processorMs(() => run(long)),
    );
    if (least.long / least.short < mostGrowth) return undefined;
  }
  return least.long / least.short;
}

import { preprocessor } from './preprocessor.ts';

/** How to recognize what is not code: comments, strings, and text that only looks like code. */
export interface LexerRules {
  /** Sticky. Matches to the end of the line. */
  lineComment?: RegExp;
  /** `nested`: comments may contain comments (Rust, Swift, Kotlin, Scala). */
  blockComment?: { open: string; close: string; nested?: boolean };
  strings: StringRule[];
  /**
   * Skipped completely, such as word lists, character literals and preprocessor lines. The expressions are
   * sticky.
   */
  others?: (RegExp | DelimitedRule)[];
  /** Whether `/.../` at the start of an expression is a regular expression. */
  regexLiterals?: boolean;
  /** Sticky. The first matching group is the word that ends the text on a separate line. */
  hereDocument?: RegExp;
}

/** A text that ends at the first match of `close`, which may be far away or missing. */
export interface DelimitedRule {
  /** Sticky. */
  open: RegExp;
  /** Global, and not shared between rules. */
  close: RegExp;
}

export interface StringRule {
  /** Sticky. */
  open: RegExp;
  /** Ends the string. By default, it is the text that `open` matched. */
  close?: (opened: string) => string;
  /** Whether a backslash escapes the next character. */
  escapes?: boolean;
  /** Whether a doubled closing quote does not end the string. */
  doubled?: boolean;
  multiline?: boolean;
  /** Starts code inside the string, up to the matching bracket. `{{` does not. */
  interpolation?: '${' | '#{' | '\\(' | '$(' | '{';
}

const slashes = /\/\/.*/y;
const slashStar = { open: '/*', close: '*/' };
const nestedSlashStar = { ...slashStar, nested: true };
const doubleQuoted: StringRule = { open: /"/y, escapes: true };
const singleQuoted: StringRule = { open: /'/y, escapes: true };
const multilineQuotes: StringRule[] = [
  { open: /"/y, escapes: true, multiline: true },
  { open: /'/y, escapes: true, multiline: true },
];
const tripleQuoted: StringRule = { open: /"""/y, multiline: true };
export const c: LexerRules = {
  lineComment: slashes,
  blockComment: slashStar,
  strings: [
    {
      open: /(?:u8|[uUL])?R"[^(\s\\]{0,16}\(/y,
      close: (opened) => `)${opened.slice(opened.indexOf('"') + 1, -1)}"`,
      multiline: true,
    },
    doubleQuoted,
    { open: /(?<![0-9a-fA-F])'/y, escapes: true },
  ],
  others: [preprocessor],
};

export const csharp: LexerRules = {
  lineComment: slashes,
  blockComment: slashStar,
  strings: [
    { open: /\$*"{3,}/y, close: (opened) => opened.replaceAll('$', ''), multiline: true },
    { open: /(?:@\$|\$@)"/y, close: () => '"', doubled: true, multiline: true, interpolation: '{' },
    { open: /@"/y, close: () => '"', doubled: true, multiline: true },
    { open: /\$"/y, close: () => '"', escapes: true, interpolation: '{' },
    doubleQuoted,
    singleQuoted,
  ],
  others: [preprocessor],
};

export const java: LexerRules = {
  lineComment: slashes,
  blockComment: slashStar,
  strings: [{ ...tripleQuoted, escapes: true }, doubleQuoted, singleQuoted],
};

/** After a letter it is an apostrophe in the text of JSX, unless that letter ends a keyword. */
const scriptQuote: StringRule = {
  open: /(?<![\p{L}\p{N}])'|(?<=\b(?:return|case|from|import|typeof|in|of|default|as))'/uy,
  close: () => "'",
  escapes: true,
};

export const javascript: LexerRules = {
  lineComment: slashes,
  blockComment: slashStar,
  strings: [doubleQuoted, scriptQuote, { open: /`/y, escapes: true, multiline: true, interpolation: '${' }],
  regexLiterals: true,
};

export const kotlin: LexerRules = {
  lineComment: slashes,
  blockComment: nestedSlashStar,
  strings: [{ ...tripleQuoted, interpolation: '${' }, { ...doubleQuoted, interpolation: '${' }, singleQuoted],
};

export const scala: LexerRules = { ...kotlin, others: [/'\w+(?!')/y] };

export const dart: LexerRules = {
  lineComment: slashes,
  blockComment: nestedSlashStar,
  strings: [
    { open: /r(?:"""|'''|"|')/y, close: (opened) => opened.slice(1), multiline: true },
    { ...tripleQuoted, escapes: true, interpolation: '${' },
    { open: /'''/y, escapes: true, multiline: true, interpolation: '${' },
    { ...doubleQuoted, interpolation: '${' },
    { ...singleQuoted, interpolation: '${' },
  ],
};

export const go: LexerRules = {
  lineComment: slashes,
  blockComment: slashStar,
  strings: [doubleQuoted, singleQuoted, { open: /`/y, multiline: true }],
};

export const rust: LexerRules = {
  lineComment: slashes,
  blockComment: nestedSlashStar,
  strings: [
    { open: /(?:br|cr|r)#*"/y, close: (opened) => `"${opened.replaceAll(/[^#]/g, '')}`, multiline: true },
    { open: /[bc]?"/y, close: () => '"', escapes: true, multiline: true },
  ],
  others: [/b?'(?:\\[^'\n]+|\\'|[^\\'\n])'/uy],
};

export const swift: LexerRules = {
  lineComment: slashes,
  blockComment: nestedSlashStar,
  strings: [
    { open: /(?<!#)#+"/y, close: (opened) => `"${opened.slice(0, -1)}`, multiline: true },
    { ...tripleQuoted, escapes: true, interpolation: '\\(' },
    { ...doubleQuoted, interpolation: '\\(' },
  ],
  others: [preprocessor],
};

export const php: LexerRules = {
  lineComment: /(?:\/\/|#(?!\[)).*/y,
  blockComment: slashStar,
  strings: multilineQuotes,
  hereDocument: /<<<[ \t]*(?:"(\w+)"|'(\w+)'|(\w+))/y,
};

export const python: LexerRules = {
  lineComment: /#.*/y,
  strings: [
    {
      open: /[rRbBuUfFtT]{0,2}(?:"""|''')/y,
      close: (opened) => opened.slice(-3),
      escapes: true,
      multiline: true,
    },
    { open: /[rRbBuUfFtT]{0,2}["']/y, close: (opened) => opened.slice(-1), escapes: true },
  ],
};

export const ruby: LexerRules = {
  lineComment: /#.*/y,
  strings: [
    { open: /["`]/y, escapes: true, multiline: true, interpolation: '#{' },
    { open: /'/y, escapes: true, multiline: true },
  ],
  others: [
    { open: /(?<=^)=begin\b/my, close: /^=end\b.*/gm },
    { open: /%[wWiIqQr]?\[/y, close: /\]/g },
    { open: /%[wWiIqQr]?\(/y, close: /\)/g },
    { open: /%[wWiIqQr]?\{/y, close: /\}/g },
  ],
  regexLiterals: true,
  hereDocument: /<<[-~]?(?:"(\w+)"|'(\w+)'|([A-Z]\w*))/y,
};

export const shell: LexerRules = {
  lineComment: /(?<![^\s;(&|])#.*/y,
  strings: [
    { open: /\$'/y, close: () => "'", escapes: true, multiline: true },
    { open: /'/y, multiline: true },
    { open: /"/y, escapes: true, multiline: true, interpolation: '$(' },
  ],
  others: [/\\[^]/y, /\$\{[^{}"']*\}/y, /<<</y],
  hereDocument: /<<-?[ \t]*(?:"(\w+)"|'(\w+)'|\\?([A-Za-z_]\w*))/y,
};

export const lua: LexerRules = {
  lineComment: /--.*/y,
  strings: [
    {
      open: /(?:--)?\[=*\[/y,
      close: (opened) => opened.replace('--', '').replaceAll('[', ']'),
      multiline: true,
    },
    doubleQuoted,
    singleQuoted,
  ],
};

import { maskCode } from './maskCode.ts';
import * as lexers from './lexers.ts';
import type { LexerRules } from './lexers.ts';
import { normalizeNewlines } from '../text/markdown.ts';

interface Family {
  lexer: LexerRules;
  /** Every match adds a path through the code. */
  decisions: RegExp[];
  /** Matches of `decisions` that do not count. */
  exceptions?: RegExp[];
}

const logical = /&&|\|\|/g;
const words = /(?<![\w.])(?:and|or)(?!\w)/g;
const nullish = /\?\?/g;
const spacedTernary = /(?<=\s)\?\s/g;
const cCode = keywords('if', 'for', 'while', 'case', 'catch');

const javascript: Family = {
  lexer: lexers.javascript,
  decisions: [
    /(?<![\w$.#@])(?:if|while|for(?:\s+await)?)\s*\(/g,
    keywords('case'),
    /(?<![\w$.#])catch\s*[({]/g,
    logical,
    nullish,
    /(?<!\?)\?(?![?.(<]|\s*[:)\],;=>])/g,
  ],
};

const java: Family = {
  lexer: lexers.java,
  decisions: [cCode, logical, /(?<![<,]\s*)\?(?!\s*(?:extends\b|super\b|[>,]))/g],
};

const c: Family = { lexer: lexers.c, decisions: [cCode, logical, /\?/g] };

/** `T&&` is a type in C++, so only a `&&` between spaces is an operator. */
const cpp: Family = { lexer: lexers.c, decisions: [cCode, /\|\||(?<=\s)&&(?=\s)/g, /\?/g] };

const python: Family = {
  lexer: lexers.python,
  decisions: [
    keywords('if', 'elif', 'for', 'while'),
    /(?<![\w.])except(?!\w)/g,
    /^[ \t]*case\s[^\n]*:/gm,
    words,
  ],
  exceptions: [/^[ \t]*case\s+_\s*:/gm],
};

const ruby: Family = {
  lexer: lexers.ruby,
  decisions: [
    keywords('if', 'elsif', 'unless', 'while', 'until', 'for', 'when'),
    /(?<![\w.:])rescue(?![\w?!]|:(?!:))/g,
    /^[ \t]*in\s/gm,
    words,
    logical,
    spacedTernary,
  ],
};

const shell: Family = {
  lexer: lexers.shell,
  decisions: [
    /(?:^|[;|&({!`]|(?<![\w-])(?:then|do|else)\s)[ \t]*(?:if|elif|for|while|until|select)(?=\s)/gm,
    /;;&?|;&/g,
    logical,
  ],
  exceptions: [/(?:^|;;|\bin)[ \t]*\(?\*\)(?:(?!\besac\b|\*\))[^])*?;;/gm],
};

/** By VS Code's language id. */
const families: Record<string, Family> = {
  c,
  cpp,
  csharp: {
    lexer: lexers.csharp,
    decisions: [cCode, keywords('foreach'), logical, nullish, /(?<=\s)\?(?![?.[:])/g],
  },
  'cuda-cpp': cpp,
  dart: { lexer: lexers.dart, decisions: [cCode, logical, nullish, /(?<=\s)\?(?![?.:])/g] },
  go: { lexer: lexers.go, decisions: [keywords('if', 'for', 'case'), logical] },
  java,
  javascript,
  javascriptreact: javascript,
  kotlin: {
    lexer: lexers.kotlin,
    decisions: [
      keywords('if', 'for', 'while', 'catch'),
      logical,
      /\?:/g,
      /^(?![ \t]*(?:else|typealias)\b)[^{}:\n]*->/gm,
    ],
  },
  lua: { lexer: lexers.lua, decisions: [keywords('if', 'elseif', 'for', 'while', 'until'), words] },
  'objective-c': c,
  'objective-cpp': cpp,
  php: {
    lexer: lexers.php,
    decisions: [cCode, keywords('elseif', 'foreach'), logical, nullish, /(?<=\s)\?\s|\?:/g],
  },
  python,
  ruby,
  rust: {
    lexer: lexers.rust,
    decisions: [
      keywords('if', 'while'),
      /(?<!\w)for\s(?:(?!(?<!\w)for\s)[^;{}])*?\sin\s/g,
      /=>/g,
      /(?<=[\w)\]}"?]\s*)&&/g,
      /(?<=[\w)\]}"?]\s*)(?<!\b(?:move|return|async)\s*)\|\|/g,
    ],
    exceptions: [/(?<!\w)_\s*=>/g],
  },
  scala: {
    lexer: lexers.scala,
    decisions: [keywords('if', 'for', 'while'), /(?<![\w.])case\s+(?!class\b|object\b)/g, logical],
    exceptions: [/(?<!\w)case\s+_\s*=>/g],
  },
  shellscript: shell,
  swift: {
    lexer: lexers.swift,
    decisions: [
      keywords('if', 'guard', 'for', 'while', 'catch'),
      /(?<![\w.])case\b(?:(?!\bcase\b)[^\n():{}]|\((?:(?!\bcase\b)[^\n)])*\))*:/g,
      logical,
      nullish,
      spacedTernary,
    ],
  },
  typescript: javascript,
  typescriptreact: javascript,
};

/**
 * McCabe's cyclomatic complexity: 1, plus 1 for every decision, for the whole code as if it were one
 * function. Words and operators in comments and strings do not count.
 * - Everywhere: each `if` (`elif`, `elsif`, `unless`, `guard`), each loop with a condition or a range, each
 * `catch` (`except`, `rescue`), each `&&` and `||` (`and`, `or`), each `?:` where the language has it.
 * - Branches: each `case` (`when`, arms in Rust and Kotlin, `;;` in shells); not `default`, `else` and `_`.
 * - Defaults for missing values: each `??`, Kotlin's `?:`; not `?.`.
 * - Python: comprehensions count by their `for` and `if`.
 * - Not counted: `else`, `finally`, `loop`, C#'s switch expressions (they look like lambdas), Rust's `?`.
 *
 * Uses patterns instead of a parser, so the result can be slightly wrong for unusual code. Undefined for
 * other languages.
 */
export function cyclomaticComplexity(code: string, languageId: string): number | undefined {
  const family = Object.hasOwn(families, languageId) ? families[languageId] : undefined;
  if (!family) {
    return undefined;
  }
  const masked = maskCode(programPart(normalizeNewlines(code), languageId), family.lexer);
  return 1 + count(masked, family.decisions) - count(masked, family.exceptions ?? []);
}

/** The positions of a code's decisions, so that the complexity of each part costs no more work. */
export interface Decisions {
  /** The complexity of the code between two offsets. */
  between(start: number, end: number): number;
}

/**
 * The same count for masked code, with every character at its position. Undefined for other languages.
 * @param code with spaces instead of comments and strings
 */
export function decisionsIn(code: string, languageId: string): Decisions | undefined {
  const family = Object.hasOwn(families, languageId) ? families[languageId] : undefined;
  if (!family) {
    return undefined;
  }
  const offsets = (patterns: RegExp[]): number[] =>
    patterns.flatMap((pattern) => Array.from(code.matchAll(pattern), ({ index }) => index));
  const [decisions, exceptions] = [offsets(family.decisions), offsets(family.exceptions ?? [])].map((all) =>
    all.toSorted((a, b) => a - b),
  );
  return {
    between: (start, end) =>
      1 + countBetween(decisions ?? [], start, end) - countBetween(exceptions ?? [], start, end),
  };
}

function countBetween(offsets: readonly number[], start: number, end: number): number {
  return firstFrom(offsets, end) - firstFrom(offsets, start);
}

/** The number of positions before an offset; the positions are sorted. */
function firstFrom(offsets: readonly number[], offset: number): number {
  let [low, high] = [0, offsets.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (offsets[middle]! < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Of a PHP file, only the text inside `<?php ... ?>`. */
function programPart(code: string, languageId: string): string {
  return languageId === 'php' && code.includes('<?')
    ? Array.from(code.matchAll(/<\?(?:php|=)?([^]*?)(?:\?>|$)/g), ([, inside]) => inside).join('\n')
    : code;
}

function count(masked: string, patterns: RegExp[]): number {
  return patterns.reduce((total, pattern) => total + Array.from(masked.matchAll(pattern)).length, 0);
}

/** Matches whole words that are not a member's name (`x.if`), a symbol (`:if`) or a key (`if: 1`). */
function keywords(...names: string[]): RegExp {
  return new RegExp(`(?<![\\w$.#@:]|->)(?:${names.join('|')})(?![\\w$?!-]|\\s*[:;,)\\]]|\\s*=(?!=))`, 'g');
}

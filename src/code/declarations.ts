import { declarationsInBraces, type BraceRules } from './declarationsInBraces.ts';
import { declarationsInLines, type LineRules } from './declarationsInLines.ts';
import { docStyleOf } from './docCommentStyles.ts';
import { withPairs, type Context, type DeclaredSymbol, type MaskedCode } from './declarationTypes.ts';
import { keywordRules } from './keywordDeclarations.ts';
import * as lexers from './lexers.ts';
import type { LexerRules } from './lexers.ts';
import { lineRules } from './lineDeclarations.ts';
import { elementsOf, languageOfPart, partsOf } from './markupDeclarations.ts';
import { endsInside, maskOffsets } from './maskCode.ts';
import { script } from './scriptDeclarations.ts';
import { headingsIn, keysInTables, keysInYaml } from './sectionDeclarations.ts';
import { jsonRules, styleRules } from './styleDeclarations.ts';
import { typedRules } from './typedDeclarations.ts';

/** The assumed position of a code for reading it. */
export interface Surroundings {
  context: Context;
  /** The name of the type around it. */
  owner: string;
}

/** The declarations of a text. */
export interface Declarations {
  symbols: DeclaredSymbol[];
  code: MaskedCode;
  /** Whether the result is certain: the language is known, and all brackets match. */
  isReliable: boolean;
  /** Whether the text is incomplete at its end. */
  isOpen: boolean;
}

const quotes = [
  { open: /"/y, escapes: true },
  { open: /'/y, escapes: true },
];
const css: LexerRules = { blockComment: { open: '/*', close: '*/' }, strings: quotes };
const scss: LexerRules = { ...css, lineComment: /(?<!:)\/\/.*/y };
const json: LexerRules = { ...scss, lineComment: /\/\/.*/y, strings: [quotes[0]!] };
const sql: LexerRules = {
  lineComment: /--.*/y,
  blockComment: { open: '/*', close: '*/' },
  strings: [
    { open: /\$\w*\$/y, multiline: true },
    { open: /'/y, doubled: true, multiline: true },
  ],
};
const plain: LexerRules = { strings: [] };

interface Family {
  ids: string;
  lexer?: LexerRules;
  braces?: BraceRules;
  lines?: LineRules;
  find?: (text: string, languageId: string) => DeclaredSymbol[];
}

const families: Family[] = [
  { ids: 'typescript typescriptreact javascript javascriptreact', lexer: lexers.javascript, braces: script },
  { ids: 'java', braces: typedRules['java']! },
  { ids: 'groovy', braces: typedRules['groovy']! },
  { ids: 'csharp', braces: typedRules['csharp']! },
  { ids: 'dart', braces: typedRules['dart']! },
  { ids: 'c cpp cuda-cpp objective-c objective-cpp glsl hlsl', lexer: lexers.c, braces: typedRules['c']! },
  { ids: 'go', braces: keywordRules['go']! },
  { ids: 'rust', braces: keywordRules['rust']! },
  { ids: 'kotlin', braces: keywordRules['kotlin']! },
  { ids: 'scala', braces: keywordRules['scala']! },
  { ids: 'swift', braces: keywordRules['swift']! },
  { ids: 'php', braces: keywordRules['php']! },
  {
    ids: 'solidity proto proto3 graphql zig odin v wgsl terraform perl powershell r awk',
    braces: keywordRules['other']!,
  },
  { ids: 'python starlark bazel gdscript nim', lexer: lexers.python, lines: lineRules['python']! },
  { ids: 'ruby crystal', lexer: lexers.ruby, lines: lineRules['ruby']! },
  { ids: 'lua', lines: lineRules['lua']! },
  { ids: 'shellscript', lines: lineRules['shell']! },
  {
    ids: 'elixir julia vb fsharp haskell elm erlang ada vhdl clojure commonlisp lisp racket scheme coffeescript prolog',
    lines: lineRules['words']!,
  },
  { ids: 'makefile', lines: lineRules['makefile']! },
  { ids: 'dockerfile', lexer: { lineComment: /#.*/y, strings: [] }, lines: lineRules['docker']! },
  { ids: 'sql mysql pgsql plsql tsql', lexer: sql, lines: lineRules['sql']! },
  { ids: 'css', lexer: css, braces: styleRules },
  { ids: 'scss less sass', lexer: scss, braces: styleRules },
  { ids: 'json jsonc json5', lexer: json, braces: jsonRules },
  { ids: 'yaml dockercompose', lexer: plain, find: keysInYaml },
  { ids: 'toml ini properties dotenv', lexer: plain, find: keysInTables },
  { ids: 'markdown mdx', lexer: plain, find: headingsIn },
  { ids: 'html vue svelte astro xhtml handlebars razor', lexer: plain, find: elementsOf },
];

const byId = new Map(families.flatMap((family) => family.ids.split(' ').map((id) => [id, family] as const)));
/** Languages whose outline is guessed by common keywords. */
const guessed = new Set(
  families.flatMap(({ ids, braces, lines }) =>
    braces === keywordRules['other'] || lines === lineRules['words'] ? ids.split(' ') : [],
  ),
);

/** Whether the declarations of a language are known, not guessed. */
export function knowsDeclarations(languageId: string): boolean {
  return byId.has(languageId) && !guessed.has(languageId);
}

/**
 * The declarations of a text, in order. For an unknown language, everything that looks like a declaration.
 */
export function declarationsIn(text: string, languageId: string, around?: Surroundings): Declarations {
  const family = byId.get(languageId);
  const all = scanned(text, languageId, family);
  const { code, symbols } = all;
  const isText = family?.find !== undefined;
  const key = around ? `${around.context} ${around.owner}` : '';
  const found = symbols.get(key) ?? symbolsIn(code, languageId, family, around);
  symbols.set(key, found);
  return {
    symbols: found,
    code,
    isReliable: knowsDeclarations(languageId) && (isText || code.isBalanced),
    get isOpen() {
      return all.isOpen;
    },
  };
}

interface Scanned {
  text: string;
  languageId: string;
  code: MaskedCode;
  isOpen: boolean;
  /** By the surroundings that were assumed. */
  symbols: Map<string, DeclaredSymbol[]>;
}

/** Results for the latest texts: one judgment reads the file, its part and the answer several times. */
const latest: Scanned[] = [];
const mostLatest = 6;

/** The part of the result that does not depend on the surroundings. */
function scanned(text: string, languageId: string, family: Family | undefined): Scanned {
  const known = latest.find((one) => one.languageId === languageId && one.text === text);
  if (known) return known;
  const lexer = family?.lexer ?? docStyleOf(languageId)?.lexer ?? plain;
  const isText = family?.find !== undefined;
  const code = withPairs(text, masked(text, languageId, lexer));
  let isOpen: boolean | undefined;
  const fresh = {
    text,
    languageId,
    code,
    // Computed on first use, because it reads the text once more.
    get isOpen() {
      isOpen ??= !isText && languageId !== 'php' && endsInside(text.replaceAll('\r\n', '\n'), lexer);
      return isOpen;
    },
    symbols: new Map<string, DeclaredSymbol[]>(),
  };
  latest.unshift(fresh);
  latest.length = Math.min(latest.length, mostLatest);
  return fresh;
}

function masked(text: string, languageId: string, lexer: LexerRules): string {
  if (languageId !== 'php' || !/<\?/.test(text)) return maskOffsets(text, lexer);
  const program = text.replaceAll(/(?:^|\?>)[^]*?(?:<\?(?:php\b|=)?|$)/g, (html) =>
    html.replaceAll(/[^\r\n]/g, ' '),
  );
  return maskOffsets(program, lexer);
}

function symbolsIn(
  code: MaskedCode,
  languageId: string,
  family: Family | undefined,
  around?: Surroundings,
): DeclaredSymbol[] {
  if (family?.find === elementsOf) return markupIn(code.text, languageId);
  if (family?.find) return family.find(code.text, languageId);
  if (family?.lines) return declarationsInLines(code, family.lines);
  return declarationsInBraces(code, family?.braces ?? keywordRules['other']!, around?.context, around?.owner);
}

/** Elements, and the declarations in scripts and styles. */
function markupIn(text: string, languageId: string): DeclaredSymbol[] {
  const elements = elementsOf(text, languageId);
  for (const part of partsOf(text, languageId)) {
    const language = languageOfPart(part);
    const element = elements.find(({ start }) => start === part.start);
    if (!element || language === 'html' || language === 'plaintext') continue;
    const inner = declarationsIn(text.slice(part.inner.start, part.inner.end), language).symbols;
    element.children.push(...inner.map((symbol) => shifted(symbol, part.inner.start)));
  }
  return elements;
}

/** The same symbol at another offset. */
function shifted(symbol: DeclaredSymbol, by: number): DeclaredSymbol {
  const { docStart, start, headStart, end, body, children } = symbol;
  return {
    ...symbol,
    docStart: docStart + by,
    start: start + by,
    headStart: headStart + by,
    end: end + by,
    children: children.map((child) => shifted(child, by)),
    ...(body && { body: { start: body.start + by, end: body.end + by } }),
  };
}

import { docStyleOf } from '../../code/docCommentStyles.ts';
import type { LexerRules } from '../../code/lexers.ts';
import { maskColumns } from '../../code/maskCode.ts';
import { preprocessor } from '../../code/preprocessor.ts';

const quotes = [
  { open: /"/y, escapes: true },
  { open: /'/y, escapes: true },
];
const css: LexerRules = { blockComment: { open: '/*', close: '*/' }, strings: quotes };
const scss: LexerRules = { ...css, lineComment: /(?<!:)\/\/.*/y };
/** An apostrophe in the text between tags does not open a string. */
const html: LexerRules = {
  blockComment: { open: '<!--', close: '-->' },
  strings: [{ open: /(?<==)"/y }, { open: /(?<==)'/y }],
};
const json: LexerRules = { strings: [{ open: /"/y, escapes: true }] };
const jsonc: LexerRules = { ...json, lineComment: /\/\/.*/y, blockComment: { open: '/*', close: '*/' } };
const sql: LexerRules = {
  lineComment: /--.*/y,
  blockComment: { open: '/*', close: '*/' },
  strings: [
    { open: /'/y, doubled: true, multiline: true },
    { open: /"/y, doubled: true },
  ],
};
const yaml: LexerRules = {
  lineComment: /(?<!\S)#.*/y,
  strings: [
    { open: /(?<![\w)])"/y, escapes: true },
    { open: /(?<![\w)])'/y, doubled: true },
  ],
};
const dockerfile: LexerRules = { lineComment: /(?<=^[ \t]*)#.*/my, strings: quotes };
/** Strings that end with their line, and no comments, because their form is unknown. */
const unknown: LexerRules = { strings: quotes };

/** Languages that src/code does not know or handles differently, by VS Code's language id. */
const rules: Record<string, LexerRules> = {
  css,
  dockerfile,
  handlebars: html,
  html,
  json,
  jsonc,
  jsonl: json,
  less: scss,
  scss,
  sql,
  vue: html,
  xml: html,
  xsl: html,
  yaml,
};

const proseIds = ['plaintext', 'markdown', 'mdx', 'latex', 'tex', 'restructuredtext', 'git-commit', 'bibtex'];
const prose = new Set([...proseIds, 'asciidoc', 'typst']);
const markup = new Set(['html', 'xml', 'xsl', 'vue', 'svelte', 'astro', 'handlebars', 'razor', 'php']);
const withTags = new Set(['javascript', 'javascriptreact', 'typescriptreact', ...markup, ...prose]);

export function lexerRulesOf(languageId: string): LexerRules {
  const own = Object.hasOwn(rules, languageId) ? rules[languageId] : undefined;
  return own ?? withDirectives(docStyleOf(languageId)?.lexer) ?? unknown;
}

const directives = new WeakMap<LexerRules, LexerRules>();

/** The same rules with preprocessor lines as code, because a suggestion may be one. */
function withDirectives(lexer: LexerRules | undefined): LexerRules | undefined {
  if (!lexer?.others?.includes(preprocessor)) return lexer;
  const known = directives.get(lexer);
  const changed = known ?? { ...lexer, others: lexer.others.filter((rule) => rule !== preprocessor) };
  directives.set(lexer, changed);
  return changed;
}

/** Whether the strings of the language are known. In others, an apostrophe may be part of a name. */
export function hasKnownStrings(languageId: string): boolean {
  return lexerRulesOf(languageId) !== unknown;
}

/** A `case` pattern in a shell ends with a bracket that closes nothing. */
const shellPattern = /^([ \t]*[^\s()]+)\)/gm;

/** Keeps the position of every character, without comments, strings and brackets that do not count. */
export function maskedCode(code: string, languageId: string): string {
  const masked = maskColumns(code, lexerRulesOf(languageId));
  return languageId === 'shellscript' ? masked.replaceAll(shellPattern, '$1 ') : masked;
}

/** Whether brackets need no partner, because it is prose. */
export function isProse(languageId: string): boolean {
  return prose.has(languageId);
}

/** Whether text like `<EOT>` or `</s>` may be a tag of the user's. */
export function hasTags(languageId: string): boolean {
  return withTags.has(languageId);
}

/** The start of a line comment; undefined when there is none or it is unknown. */
export function lineCommentOf(languageId: string): string | undefined {
  const style = docStyleOf(languageId);
  if (style?.form === 'line') return /^[#'"]|^(.)\1/.exec(style.marker)?.[0];
  if (style) return style.form === 'docstring' ? '#' : '//';
  return languageId === 'dockerfile' ? '#' : undefined;
}

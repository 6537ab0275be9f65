import * as lexers from './lexers.ts';
import type { LexerRules } from './lexers.ts';
import type { Subject } from './subject.ts';

/** The form of doc comments in a language. */
export interface DocStyle {
  /** `block` is `/** ... *\/`, `line` a mark before every line, `docstring` a string inside the body. */
  form: 'block' | 'line' | 'docstring';
  /** Text before every line; empty for a docstring. */
  marker: string;
  /** Text before the first line, if it differs. */
  firstMarker?: string;
  /** Whether the text is XML, as for C#'s compiler. */
  xml?: boolean;
  lexer: LexerRules;
  /** Instruction for the model about the text. */
  promptHint: string;
  /** Text in comments with an effect on tools or the compiler, and its replacement. */
  escapes: [RegExp, string][];
}

const omitIfUnused = 'Leave out what does not apply.';
const jsdoc =
  'Begin with one sentence that says what it does. Then, each on a line of its own, `@param name - ' +
  'description` for every parameter, `@returns description` and `@throws Error when ...`. ' +
  omitIfUnused;

const promptHints = {
  typescript: `${jsdoc} Do not write types: the code has them.`,
  javascript: jsdoc.replace('@param name -', '@param {type} name -').replace('@returns', '@returns {type}'),
  javadoc: `Write Javadoc: one sentence that says what it does, then \`@param name description\`, \`@return description\` and \`@throws Exception description\`, each on a line of its own. ${omitIfUnused}`,
  kdoc: `Write KDoc: one sentence that says what it does, then \`@param name description\`, \`@return description\` and \`@throws Exception description\`, each on a line of its own; names in the text in [brackets]. ${omitIfUnused}`,
  scaladoc: `Write Scaladoc: one sentence that says what it does, then \`@param name description\`, \`@return description\` and \`@throws Exception description\`, each on a line of its own. ${omitIfUnused}`,
  phpdoc: `Write PHPDoc: one sentence that says what it does, then \`@param type $name description\`, \`@return type description\` and \`@throws Exception description\`, each on a line of its own. ${omitIfUnused}`,
  doxygen: `Write for Doxygen: one sentence that says what it does, then \`@param name description\`, \`@return description\` and \`@throws exception description\`, each on a line of its own. ${omitIfUnused}`,
  docstring: `Write a docstring in Google's style: one line that says what it does, an empty line, then the sections \`Args:\`, \`Returns:\` and \`Raises:\`, their entries indented by four spaces (\`    name: description\`). ${omitIfUnused}`,
  sentences: 'Write one to three plain sentences.',
  go: 'Write plain sentences, the first of which begins with the name itself, as Go programmers do. No tags and no lists of parameters.',
  rust: `Write Markdown as rustdoc has it: one sentence that says what it does, an empty line, then, only where they apply, more sentences and the sections \`# Errors\` and \`# Panics\`. No examples. Parameters are named in the sentences.`,
  swift: `Write Swift's markup: one sentence that says what it does, an empty line, then \`- Parameter name: description\` for every parameter, \`- Returns: description\` and \`- Throws: description\`, each on a line of its own. ${omitIfUnused}`,
  dart: 'Write as dartdoc has it: one sentence that says what it does, an empty line, then more sentences where they are needed, with names of parameters in [brackets]. No tags.',
  xml: `Write C#'s XML: \`<summary>\`, \`<param name="...">\`, \`<returns>\` and \`<exception cref="...">\`, each element on lines of its own, with no XML around them. ${omitIfUnused}`,
  yard: `Write YARD: one sentence that says what it does, then \`@param name [Type] description\`, \`@return [Type] description\` and \`@raise [Error] description\`, each on a line of its own. ${omitIfUnused}`,
  shell: `Write what it does in one or two sentences, then the sections \`Arguments:\` (\`  $1 - description\`), \`Outputs:\` and \`Returns:\`. ${omitIfUnused}`,
  lua: `Write LuaDoc: one sentence that says what it does, then \`@param name type description\` and \`@return type description\`, each on a line of its own. ${omitIfUnused}`,
  roxygen: `Write roxygen2: a title line, an empty line, then \`@param name description\` and \`@return description\`, each on a line of its own. ${omitIfUnused}`,
};

/** TypeScript and bundlers read directives in comments: ignore errors, remove calls, import a runtime. */
const scriptDirectives: [RegExp, string][] = [
  [/[@#](?=ts-|jsx|flow\b|jest-|vitest-|cc_on\b|__[A-Z]|\s*source(?:Mapping)?URL)/gi, ''],
];
/** These compilers decode `\u002a` before they search for comments, and reject an incomplete escape. */
const unicodeEscapes: [RegExp, string][] = [[/\\(?=u)/g, '\\ ']];
/** The end of a block comment, and the start of one, which counts where comments can be nested. */
const blockEnds: [RegExp, string][] = [[/(?<=\*)(?=\/)|(?<=\/)(?=\*)/g, ' ']];
/**
 * rustdoc compiles and runs code blocks: fenced ones, and those indented by four spaces (three, where lines
 * wrap).
 */
const doctests: [RegExp, string][] = [
  [/^ *(?:`{3,}|~{3,}).*$/gm, ''],
  [/`{3,}|~{3,}/g, "'"],
  [/^ {2,}/gm, ' '],
];
/** roxygen2 runs the code after these tags. */
const roxygenCode: [RegExp, string][] = [
  [/`(?=r\s)/g, "'"],
  [/@(?=eval|examples|includeRmd|rawNamespace)/g, ''],
];
/** doctest runs the code after this prompt. */
const prompts: [RegExp, string][] = [[/>>>/g, '>>']];
const pythonEscapes: [RegExp, string][] = [[/"""/g, "'''"], ...prompts, [/(coding)\s*[:=]/gi, '$1']];
const magicComments: [RegExp, string][] = [
  [/((?:en)?coding|frozen_string_literal|warn_indent|shareable_constant_value)\s*[:=]/gi, '$1'],
];
/** PHP frameworks read tags with capital letters at run time. Also, `?>` ends a `//` comment. */
const phpEscapes: [RegExp, string][] = [
  [/@(?=[A-Z\\])/g, ''],
  [/\?(?=>)/g, '? '],
];

const block = (rules: LexerRules, promptHint: string, escapes: [RegExp, string][] = []): DocStyle => ({
  form: 'block',
  marker: ' *',
  lexer: rules,
  promptHint,
  escapes: [...escapes, ...blockEnds],
});
const line = (
  marker: string,
  rules: LexerRules,
  promptHint: string = promptHints.sentences,
  escapes: [RegExp, string][] = [],
): DocStyle => ({ form: 'line', marker, lexer: rules, promptHint, escapes });

const quotes = [
  { open: /"/y, escapes: true },
  { open: /'/y, escapes: true },
];
const hash: LexerRules = { lineComment: /#.*/y, strings: quotes };
const dashes: LexerRules = { lineComment: /--.*/y, strings: [{ open: /"/y, escapes: true }] };
const semicolons: LexerRules = {
  lineComment: /;.*/y,
  strings: [{ open: /"/y, escapes: true, multiline: true }],
};
const percents: LexerRules = { lineComment: /%.*/y, strings: quotes };
const apostrophes: LexerRules = { lineComment: /'.*/y, strings: [{ open: /"/y, doubled: true }] };

const typescript = block(lexers.javascript, promptHints.typescript, scriptDirectives);
const javascript = block(lexers.javascript, promptHints.javascript, scriptDirectives);
const c = block(lexers.c, promptHints.doxygen);
const groovy = block({ ...lexers.java, strings: lexers.dart.strings }, promptHints.javadoc, unicodeEscapes);
const python: DocStyle = {
  form: 'docstring',
  marker: '',
  lexer: lexers.python,
  promptHint: promptHints.docstring,
  escapes: pythonEscapes,
};
const slashes = line('//', lexers.go);
const hashes = line('#', hash);

/** By VS Code's language id. */
const styles: Record<string, DocStyle> = {
  typescript,
  typescriptreact: typescript,
  javascript,
  javascriptreact: javascript,
  java: block(lexers.java, promptHints.javadoc, unicodeEscapes),
  groovy,
  kotlin: block(lexers.kotlin, promptHints.kdoc),
  scala: block(lexers.scala, promptHints.scaladoc, unicodeEscapes),
  php: block(lexers.php, promptHints.phpdoc, phpEscapes),
  c,
  cpp: c,
  'cuda-cpp': c,
  'objective-c': c,
  'objective-cpp': c,
  glsl: c,
  hlsl: c,
  python,
  starlark: python,
  bazel: python,
  go: line('//', lexers.go, promptHints.go),
  rust: line('///', lexers.rust, promptHints.rust, doctests),
  swift: line('///', lexers.swift, promptHints.swift),
  dart: line('///', lexers.dart, promptHints.dart),
  csharp: { ...line('///', lexers.csharp, promptHints.xml), xml: true },
  fsharp: { ...line('///', lexers.go, promptHints.xml), xml: true },
  vb: { ...line("'''", apostrophes, promptHints.xml), xml: true },
  ruby: line('#', lexers.ruby, promptHints.yard, magicComments),
  shellscript: line('#', lexers.shell, promptHints.shell),
  lua: line('---', lexers.lua, promptHints.lua),
  r: line("#'", hash, promptHints.roxygen, roxygenCode),
  haskell: { ...line('--', dashes, promptHints.sentences, prompts), firstMarker: '-- |' },
  gdscript: line('##', lexers.python),
  zig: line('///', lexers.go),
  solidity: line('///', lexers.go),
  proto: slashes,
  proto3: slashes,
  wgsl: slashes,
  odin: slashes,
  v: slashes,
  coffeescript: hashes,
  crystal: hashes,
  elixir: hashes,
  graphql: hashes,
  julia: hashes,
  makefile: hashes,
  nim: hashes,
  perl: hashes,
  powershell: hashes,
  terraform: hashes,
  toml: hashes,
  yaml: hashes,
  ada: line('--', dashes),
  elm: line('--', dashes),
  sql: line('--', dashes),
  vhdl: line('--', dashes),
  clojure: line(';;', semicolons),
  commonlisp: line(';;', semicolons),
  lisp: line(';;', semicolons),
  racket: line(';;', semicolons),
  scheme: line(';;', semicolons),
  erlang: line('%%', percents),
  prolog: line('%%', percents),
};

/**
 * Only functions and classes have a body for a docstring. Sphinx reads these lines above other declarations.
 */
const pythonValue = line('#:', lexers.python, promptHints.sentences, pythonEscapes);

/** Every language id with a known form of doc comments. */
export const docLanguages: readonly string[] = Object.keys(styles);

/** Undefined for a language whose comments are not known. */
export function docStyleOf(languageId: string): DocStyle | undefined {
  return Object.hasOwn(styles, languageId) ? styles[languageId] : undefined;
}

/** The style for a declaration without a body for a docstring. */
export function withoutBody(style: DocStyle): DocStyle {
  return style.form === 'docstring' ? pythonValue : style;
}

/** The instruction for the model about a declaration. */
export function promptHintOf({ languageId, symbolKind = '' }: Subject): string {
  const style = docStyleOf(languageId);
  const isValue = !/^(?:function|method|constructor|operator|class)$/.test(symbolKind);
  return (style && isValue ? withoutBody(style) : style)?.promptHint ?? promptHints.sentences;
}

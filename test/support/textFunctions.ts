// All functions of the pure folders that read a text of a user, model, program or server, each as a function
// of one text. One that is not in the table is called by the names of its parameters. If that does not work,
// test/unit/growth fails until it is in the table, or among those that read no text.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findCode, fitCode, isElided } from '../../src/answers/codeAnswer.ts';
import { namesOf } from '../../src/answers/chooseBlock.ts';
import { judgeAnswer, judgeCode } from '../../src/answers/judge.ts';
import { declaredTwice } from '../../src/answers/judgeInsertion.ts';
import { docTextOf } from '../../src/answers/docCommentAnswer.ts';
import { closedLine, harmless, plainLines, wrapped } from '../../src/answers/docCommentText.ts';
import { documentationXml } from '../../src/answers/docCommentXml.ts';
import { PageText } from '../../src/answers/pageFormatter.ts';
import {
  commitList,
  pageClosing,
  pageFields,
  pageFileName,
  pageHeader,
} from '../../src/answers/pageHeader.ts';
import { isOnlyComment, renderDocComment } from '../../src/answers/renderDocComment.ts';
import { singleCodeBlock } from '../../src/answers/singleCodeBlock.ts';
import { indentOf } from '../../src/code/commentPosition.ts';
import { cyclomaticComplexity } from '../../src/code/complexity.ts';
import { looksLikeDeclaration } from '../../src/code/declaration.ts';
import { declarationAt } from '../../src/code/declarationAt.ts';
import { codeOf, commentPlace } from '../../src/code/docCommentPosition.ts';
import { docLanguages, docStyleOf } from '../../src/code/docCommentStyles.ts';
import { fitIndentation, styleOf, unitOf, withBlanks, withTabs } from '../../src/code/indentation.ts';
import { gapAt } from '../../src/code/insertion.ts';
import * as lexers from '../../src/code/lexers.ts';
import { anchorOf, findAgain } from '../../src/code/lineAnchor.ts';
import { endsInside, maskCode, maskColumns, maskInPlace, maskLines } from '../../src/code/maskCode.ts';
import { applied, reanchored } from '../../src/code/reanchor.ts';
import { isSameCode } from '../../src/code/sameCode.ts';
import type { Subject } from '../../src/code/subject.ts';
import { trimSuggestion } from '../../src/completion/engine/index.ts';
import { readCustomActions } from '../../src/config/customActions.ts';
import { withoutCredentials } from '../../src/diagnosis/candidates.ts';
import { inert } from '../../src/diagnosis/inert.ts';
import { defaultGateways, nameservers } from '../../src/diagnosis/machine.ts';
import { redact } from '../../src/diagnosis/redact.ts';
import { nameHosts } from '../../src/diagnosis/redactHosts.ts';
import { instructionFor, subjectPhrase } from '../../src/prompts/actions.ts';
import { buildCommitPrompt } from '../../src/prompts/commitMessage.ts';
import { excerptFor, isPartOfLines, renderExcerpt } from '../../src/prompts/excerpt.ts';
import { buildFollowUp } from '../../src/prompts/followUp.ts';
import { omissionOf } from '../../src/prompts/omission.ts';
import { pageHeadings, pageInstruction } from '../../src/prompts/pageKinds.ts';
import { renderProblems } from '../../src/prompts/problems.ts';
import { buildPrompt, buildPromptWith } from '../../src/prompts/prompt.ts';
import { encodedCost, noteCost, tokenCost } from '../../src/prompts/tokens.ts';
import { codeBlocks } from '../../src/text/codeBlocks.ts';
import { escapeControlChars } from '../../src/text/controlChars.ts';
import { fenceTag, languageName } from '../../src/text/languageNames.ts';
import {
  codeSpan,
  escapeMarkdown,
  fencedBlock,
  fenceFor,
  linesOf,
  normalizeNewlines,
} from '../../src/text/markdown.ts';
import { repositoryNameIn } from '../../src/text/repositoryName.ts';
import { closeCommandLinks } from '../../src/text/closeCommandLinks.ts';
import { InertMarkdown, sanitizeMarkdown } from '../../src/text/sanitizeMarkdown.ts';
import { genericCall } from './genericCalls.ts';

/** A function of one text. Its name starts with the exported name. */
export interface TextFunction {
  name: string;
  run: (text: string) => unknown;
}

/** Folders in which lint forbids VS Code and Node, so that all functions depend only on their arguments. */
const pureFolders = new Set(['answers', 'code', 'prompts', 'text']);
const source = join(import.meta.dirname, '..', '..', 'src');

/** All functions and classes that the pure folders export, by folder. */
async function exportedFunctions(folder: string): Promise<[name: string, called: Function][]> {
  const files = readdirSync(join(source, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(source, folder, file));
  const modules = await Promise.all(
    files.map(async (file) => (await import(pathToFileURL(file).href)) as Record<string, unknown>),
  );
  return modules.flatMap((module) =>
    Object.entries(module).flatMap(([name, value]): [string, Function][] =>
      typeof value === 'function' ? [[name, value]] : [],
    ),
  );
}

/** The functions of a folder that are neither in the table nor among those without a text. */
export async function unlistedFunctions(folder: string): Promise<TextFunction[]> {
  const listed = new Set((table[folder] ?? []).map(({ name }) => name.replace(/ \(.*/, '')));
  const exported = await exportedFunctions(folder);
  return exported
    .filter(([name]) => !listed.has(name) && !withoutText.has(name))
    .map(([name, called]) => ({ name, run: genericCall(called) }));
}

/**
 * Exported functions whose arguments are numbers, kinds, names or results of other functions; and classes
 * that only functions of the same folder use, which measure them.
 */
export const withoutText: ReadonlySet<string> = new Set([
  // The parts of a judgment: measured by judgeCode.
  ...[
    'areRelated',
    'chooseBlock',
    'effectOf',
    'hasOnlyParts',
    'importChanges',
    'isBeginning',
    'isIncomplete',
  ],
  ...['isMember', 'isNamed', 'isPatch', 'judgeComponent', 'leavesOf', 'lostLines', 'mapLines', 'matchesOf'],
  ...[
    'namesIn',
    'outlined',
    'placeParts',
    'shapeOf',
    'shareAmong',
    'toLineFeeds',
    'withoutNeighbors',
    'wordyLines',
  ],
  ...[
    'declarationsIn',
    'declarationsInBraces',
    'declarationsInLines',
    'docStartOf',
    'elementsOf',
    'headingsIn',
  ],
  ...[
    'keysInTables',
    'keysInYaml',
    'languageOfPart',
    'lineEnd',
    'lineStart',
    'partsOf',
    'skipSpace',
    'withPairs',
  ],
  'knowsDeclarations',
  // These throw for anything but a diff; gitDiff.test.ts has suitable texts.
  ...['readGitDiff', 'readPlainDiff'],
  ...['FenceReader', 'KnownMarks', 'RegexLiterals', 'SpanReader', 'Splitter', 'UnreadableDiffError'],
  'closingOf',
  'docStyleOf',
  'insideBody',
  'isPageKind',
  'languageSentence',
  'lineRange',
  'mannerOf',
  'match',
  'outerFirst',
  'pageHeadings',
  'pageKindOf',
  'pageType',
  'promptTokens',
  'symbolAt',
  'withoutBody',
]);

/** A language for each way to write comments and strings. */
const languages = [
  ...[
    'typescript',
    'python',
    'c',
    'cpp',
    'csharp',
    'java',
    'kotlin',
    'scala',
    'dart',
    'go',
    'rust',
    'swift',
    'php',
  ],
  ...['ruby', 'shellscript', 'lua'],
];
const budget = { numCtx: 16_384, numPredict: 4096, charsPerToken: 3 };
const cost = tokenCost(3);
const middle = (text: string): number => Math.floor(text.length / 2);
const identity = { home: '/home/ada', user: 'ada', host: 'engine.example.com', secrets: ['s3cr3t-key'] };

function subjectOf(fileText: string, code: string, kind: Subject['kind'] = 'selection'): Subject {
  const [firstLine, lastLine] = [1, linesOf(fileText).length];
  const named = { name: 'shop.ts', path: 'src/shop.ts', languageId: 'typescript' };
  return { kind, ...named, firstLine, lastLine, code, fileText };
}

/** With the text as the file and as the subject, complete and in part. */
const ofSubject = (name: string, run: (subject: Subject) => unknown): TextFunction[] => [
  { name, run: (text) => run(subjectOf(text, text, 'file')) },
  { name: `${name} (selection)`, run: (text) => run(subjectOf(text, text.slice(1, -1))) },
];
const replacedBy = (replaced: string, fileText: string) =>
  ({ languageId: 'typescript', path: 'a.ts', replaced, before: '', fileText, eol: '\n' }) as const;
const judgedBy = (text: string, languageId: string) => ({
  ...replacedBy(text, text),
  languageId,
  start: 0,
  end: text.length,
});
/** One language of every kind of outline. */
const outlinedLanguages =
  'typescript java csharp cpp go rust kotlin swift php python ruby lua shellscript makefile sql css json yaml toml markdown html vue elixir zig unheard'.split(
    ' ',
  );
const fenced = (code: string): string => `Here it is:\n\n\`\`\`ts\n${code}\n\`\`\`\n`;
const pieces = (text: string, size: number): string[] => {
  const all: string[] = [];
  for (let at = 0; at < text.length; at += size) all.push(text.slice(at, at + size));
  return all;
};
const style = (languageId: string) => docStyleOf(languageId)!;
const layout = { indent: '  ', tabSize: 4, width: 100 };

const ofText: TextFunction[] = [
  { name: 'codeBlocks', run: codeBlocks },
  { name: 'escapeControlChars', run: escapeControlChars },
  { name: 'languageName', run: languageName },
  { name: 'fenceTag', run: fenceTag },
  { name: 'fenceFor', run: fenceFor },
  { name: 'fencedBlock', run: (text) => fencedBlock(text, text) },
  { name: 'codeSpan', run: codeSpan },
  { name: 'escapeMarkdown', run: escapeMarkdown },
  { name: 'normalizeNewlines', run: normalizeNewlines },
  { name: 'linesOf', run: linesOf },
  { name: 'repositoryNameIn', run: repositoryNameIn },
  { name: 'sanitizeMarkdown', run: sanitizeMarkdown },
  { name: 'closeCommandLinks', run: (text) => closeCommandLinks(text, 'before') },
  {
    name: 'InertMarkdown (in pieces)',
    run: (text) => {
      const inertMarkdown = new InertMarkdown();
      for (const piece of pieces(text, 4)) inertMarkdown.add(piece);
      return inertMarkdown.end();
    },
  },
];

const ofCode: TextFunction[] = [
  ...Object.entries(lexers).flatMap(([name, rules]): TextFunction[] => [
    { name: `maskCode (${name})`, run: (text) => maskCode(text, rules) },
    { name: `maskColumns (${name})`, run: (text) => maskColumns(text, rules) },
  ]),
  ...languages.flatMap((language): TextFunction[] => [
    { name: `cyclomaticComplexity (${language})`, run: (text) => cyclomaticComplexity(text, language) },
    {
      name: `looksLikeDeclaration (${language})`,
      run: (text) =>
        pieces(text, 500).map((line) => looksLikeDeclaration(line.replaceAll('\n', ' '), language)),
    },
    {
      name: `declarationAt (${language})`,
      run: (text) => {
        const line = Math.floor(text.split('\n').length / 2);
        return declarationAt([], text, language, { line, character: 0 });
      },
    },
    {
      name: `commentPlace (${language})`,
      run: (text) => {
        const lines = text.split('\n');
        const line = lines.length - 1;
        return commentPlace(text, language, { line, character: lines[line]!.length }, '  ');
      },
    },
    {
      name: `commentPlace (${language}, first line)`,
      run: (text) => commentPlace(`def f${text}`, language, { line: 0, character: 4 }, '  '),
    },
  ]),
  {
    name: 'declarationAt (outline)',
    run: (text) => {
      const end = { line: text.split('\n').length - 1, character: 0 };
      const start = { line: 0, character: 0 };
      return declarationAt([{ name: 'nothing', kind: 'Function', start, end }], text, 'typescript', start);
    },
  },
  { name: 'maskLines', run: (text) => maskLines(text, lexers.javascript) },
  { name: 'isSameCode', run: (text) => isSameCode(text, `${text} `, 'typescript') },
  { name: 'maskInPlace', run: (text) => maskInPlace(text, lexers.javascript) },
  { name: 'endsInside', run: (text) => endsInside(text, lexers.javascript) },
  { name: 'codeOf', run: (text) => codeOf(text.split('\n'), 'php', style('php')) },
  { name: 'indentOf', run: indentOf },
  {
    name: 'fitIndentation',
    run: (text) => fitIndentation(text, { replaced: `  a\n    b\n`, before: '', fileText: text }),
  },
  {
    name: 'fitIndentation (replaced)',
    run: (text) => fitIndentation('a\n\tb', { replaced: text, before: ' ', fileText: text }),
  },
  { name: 'styleOf', run: (text) => styleOf(text.split('\n')) },
  { name: 'unitOf', run: (text) => unitOf(text.split('\n')) },
  { name: 'withTabs', run: (text) => withTabs(text.split('\n'), 2) },
  { name: 'withBlanks', run: (text) => withBlanks(text.split('\n'), 2) },
  { name: 'gapAt', run: (text) => gapAt({ fileText: text, offset: middle(text), eol: '\n' }).change(text) },
  { name: 'anchorOf', run: (text) => anchorOf(text.split('\n'), 0) },
  { name: 'findAgain', run: (text) => findAgain(text.split('\n'), { text: 'a', count: 1, before: 0 }) },
  {
    name: 'reanchored',
    run: (text) =>
      reanchored(`x${text}y`, `z${text}${text.slice(0, 7)}w`, [
        { start: middle(text), end: middle(text) + 3, text: 'n' },
      ]),
  },
  {
    name: 'applied',
    run: (text) =>
      applied(
        text,
        pieces(text, 8).map((piece, index) => ({ start: index * 8, end: index * 8 + 1, text: piece })),
      ),
  },
];

const ofPrompts: TextFunction[] = [
  ...ofSubject('buildPrompt', (subject) => buildPrompt('ask', subject, budget, `Why? ${subject.code}`)),
  ...ofSubject('buildPromptWith', (subject) => buildPromptWith(subject.code, subject, budget)),
  ...ofSubject('excerptFor', (subject) => excerptFor(subject, 2000, cost)),
  ...ofSubject('renderExcerpt', (subject) => renderExcerpt(subject, excerptFor(subject, 2000, cost))),
  ...ofSubject('omissionOf', (subject) => omissionOf(subject, excerptFor(subject, 2000, cost), 4096)),
  ...ofSubject('isPartOfLines', isPartOfLines),
  { name: 'instructionFor', run: (text) => instructionFor('ask', subjectOf('a', 'a'), text) },
  { name: 'subjectPhrase', run: (text) => subjectPhrase({ ...subjectOf('a', 'a', 'symbol'), name: text }) },
  {
    name: 'pageInstruction',
    run: (text) =>
      pageInstruction('evolution', text, { path: text, commits: [{ hash: 'a', date: 'b', subject: text }] }),
  },
  {
    name: 'renderProblems',
    run: (text) =>
      renderProblems([{ severity: 'error', message: text, source: text, firstLine: 1, lastLine: 1 }]),
  },
  {
    name: 'buildCommitPrompt',
    run: (text) =>
      buildCommitPrompt(
        {
          files: [],
          subjects: text.split('\n'),
          prepared: { text, kind: 'squash' },
          branch: text,
          instructions: text,
        },
        budget,
      ),
  },
  {
    name: 'buildFollowUp',
    run: (text) => buildFollowUp([{ prompt: text, answer: text }], text, { ...budget, numCtx: 1_000_000 }),
  },
  { name: 'tokenCost', run: cost },
  { name: 'noteCost', run: (text) => noteCost(text, cost) },
  { name: 'encodedCost', run: (text) => encodedCost(3)(text) },
];

const headings = pageHeadings('function');
const ofAnswers: TextFunction[] = [
  { name: 'judgeAnswer', run: (text) => judgeAnswer({ text, isCut: false }, judgedBy('a', 'typescript')) },
  ...outlinedLanguages.map((language): TextFunction => ({
    name: `judgeCode (${language})`,
    run: (text) => judgeCode({ code: `${text.slice(0, -1)}b`, tag: '' }, judgedBy(text, language)),
  })),
  { name: 'declaredTwice', run: (text) => declaredTwice(text, middle(text), text, 'typescript') },
  { name: 'isElided', run: (text) => isElided(text, text, 'typescript') },
  { name: 'namesOf', run: (text) => namesOf(text, text) },
  {
    name: 'judgeAnswer (fenced)',
    run: (text) => judgeAnswer({ text: fenced(text), isCut: false }, judgedBy(text, 'typescript')),
  },
  { name: 'findCode', run: (text) => findCode({ text, isCut: false }, { languageId: text, path: text }) },
  { name: 'fitCode', run: (text) => fitCode(text, replacedBy(text, text)) },
  { name: 'singleCodeBlock', run: singleCodeBlock },
  ...docLanguages.map((language): TextFunction => ({
    name: `harmless (${language})`,
    run: (text) => harmless(text, style(language)),
  })),
  ...languages.flatMap((language): TextFunction[] => [
    { name: `docTextOf (${language})`, run: (text) => docTextOf(text, style(language), text) },
    {
      name: `docTextOf (${language}, fenced)`,
      run: (text) => docTextOf(fenced(text), style(language), 'code'),
    },
    {
      name: `renderDocComment (${language})`,
      run: (text) => renderDocComment(text, style(language), layout),
    },
    { name: `isOnlyComment (${language})`, run: (text) => isOnlyComment(text.split('\n'), style(language)) },
  ]),
  { name: 'plainLines', run: plainLines },
  { name: 'closedLine', run: closedLine },
  { name: 'wrapped', run: (text) => wrapped(text, 80) },
  { name: 'documentationXml', run: documentationXml },
  { name: 'pageFields', run: (text) => pageFields(subjectOf(text, text, 'file'), text) },
  {
    name: 'pageHeader',
    run: (text) => pageHeader(pageFields({ ...subjectOf(text, text, 'symbol'), name: text }, text)),
  },
  { name: 'pageFileName', run: (text) => pageFileName('function', text) },
  { name: 'pageClosing', run: (text) => pageClosing({ program: text, date: new Date(0) }) },
  { name: 'commitList', run: (text) => commitList([{ hash: 'a', date: 'b', subject: text }]) },
  {
    name: 'PageText',
    run: (text) => {
      const page = new PageText(headings);
      return page.add(text) + page.end(true);
    },
  },
  {
    name: 'PageText (in pieces)',
    run: (text) => {
      const page = new PageText(headings);
      for (const piece of pieces(`## ${headings[0]}\n\n${text}`, 4)) page.add(piece);
      return page.end(true);
    },
  },
];

const suggestion = (languageId: string) => (text: string) =>
  trimSuggestion(text, { prefix: `function f() {\n  `, suffix: `\n}\n`, languageId, multiline: true });

const others: TextFunction[] = [
  { name: 'redact', run: (text) => redact(text, identity) },
  { name: 'redact (secret)', run: (text) => redact(text, { ...identity, secrets: [text.slice(0, 100)] }) },
  { name: 'nameHosts', run: (text) => nameHosts()(text) },
  { name: 'inert', run: (text) => inert((value) => value)(text) },
  { name: 'defaultGateways', run: defaultGateways },
  { name: 'nameservers', run: nameservers },
  { name: 'withoutCredentials', run: withoutCredentials },
  { name: 'readCustomActions', run: (text) => readCustomActions([{ title: text, instruction: text }]) },
  { name: 'trimSuggestion (typescript)', run: suggestion('typescript') },
  { name: 'trimSuggestion (python)', run: suggestion('python') },
];

const table: Record<string, readonly TextFunction[]> = {
  text: ofText,
  code: ofCode,
  prompts: ofPrompts,
  answers: ofAnswers,
  others,
};

/**
 * For a folder: the table's functions, and all other exported functions, called by the names of their
 * parameters.
 */
export async function textFunctions(folder: string): Promise<readonly TextFunction[]> {
  const unlisted = pureFolders.has(folder) ? await unlistedFunctions(folder) : [];
  return [...(table[folder] ?? []), ...unlisted];
}

export const folders: readonly string[] = Object.keys(table);

/**
 * Each function with texts. Variants of one function, such as its languages, share the texts among
 * themselves.
 */
export function spread<T>(
  functions: readonly TextFunction[],
  texts: readonly T[],
): [textFunction: TextFunction, texts: T[]][] {
  const families = Object.values(Object.groupBy(functions, ({ name }) => name.replace(/ \(.*/, '')));
  return families.flatMap((variants = []) =>
    variants.map((variant, number): [TextFunction, T[]] => [
      variant,
      texts.filter((_, index) => index % variants.length === number),
    ]),
  );
}

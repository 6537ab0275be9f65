// All functions of the pure folders that read a text of a user, model, program or server, each as a function
// of one text. One that is not in the table is called by the names of its parameters. If that does not work,
// test/unit/growth fails until it is in the table, or among those that read no text.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { genericCall } from './genericCalls.ts';
import { ofText, ofCode } from './textFunctionsOfCode.ts';
import { ofPrompts, ofAnswers, others } from './textFunctionsOfAnswers.ts';
import { ofPages } from './textFunctionsOfPages.ts';

/** A function of one text. Its name starts with the exported name. */
export interface TextFunction {
  name: string;
  run: (text: string) => unknown;
}

/** Folders in which lint forbids VS Code and Node, so that all functions depend only on their arguments. */
const pureFolders = new Set(['answers', 'code', 'prompts', 'text']);
export const source = join(import.meta.dirname, '..', '..', 'src');

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
  ...[
    'CertainCode',
    'FenceTracker',
    'KnownMarks',
    'RegexLiterals',
    'SpanReader',
    'Splitter',
    'UnreadableDiffError',
  ],
  'anyOf',
  'closesFence',
  'closingOf',
  'docStyleOf',
  'insideBody',
  'isBareFence',
  'isPageKind',
  'isSummaryKind',
  'isTextual',
  'summaryHeadings',
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

const table: Record<string, readonly TextFunction[]> = {
  text: ofText,
  code: ofCode,
  prompts: ofPrompts,
  answers: ofAnswers,
  others: [...others, ...ofPages],
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

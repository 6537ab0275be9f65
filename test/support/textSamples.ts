/** Subjects and other arguments made from a text. */
import { docStyleOf } from '../../src/code/docCommentStyles.ts';
import type { Subject } from '../../src/code/subject.ts';
import { tokenCost } from '../../src/prompts/tokens.ts';
import { linesOf } from '../../src/text/markdown.ts';
import type { TextFunction } from './textFunctions.ts';

/** A language for each way to write comments and strings. */
export const languages = [
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
export const budget = { numCtx: 16_384, numPredict: 4096, charsPerToken: 3 };
export const cost = tokenCost(3);
export const middle = (text: string): number => Math.floor(text.length / 2);
export const identity = {
  home: '/home/ada',
  user: 'ada',
  host: 'engine.example.com',
  secrets: ['s3cr3t-key'],
};

export function subjectOf(fileText: string, code: string, kind: Subject['kind'] = 'selection'): Subject {
  const [firstLine, lastLine] = [1, linesOf(fileText).length];
  const named = { name: 'shop.ts', path: 'src/shop.ts', languageId: 'typescript' };
  return { kind, ...named, firstLine, lastLine, code, fileText };
}

/** With the text as the file and as the subject, complete and in part. */
export const ofSubject = (name: string, run: (subject: Subject) => unknown): TextFunction[] => [
  { name, run: (text) => run(subjectOf(text, text, 'file')) },
  { name: `${name} (selection)`, run: (text) => run(subjectOf(text, text.slice(1, -1))) },
];
export const replacedBy = (replaced: string, fileText: string) =>
  ({ languageId: 'typescript', path: 'a.ts', replaced, before: '', fileText, eol: '\n' }) as const;
export const judgedBy = (text: string, languageId: string) => ({
  ...replacedBy(text, text),
  languageId,
  start: 0,
  end: text.length,
});
/** One language of every kind of outline. */
export const outlinedLanguages =
  'typescript java csharp cpp go rust kotlin swift php python ruby lua shellscript makefile sql css json yaml toml markdown html vue elixir zig unheard'.split(
    ' ',
  );
export const fenced = (code: string): string => `Here it is:\n\n\`\`\`ts\n${code}\n\`\`\`\n`;
export const pieces = (text: string, size: number): string[] => {
  const all: string[] = [];
  for (let at = 0; at < text.length; at += size) all.push(text.slice(at, at + size));
  return all;
};
export const style = (languageId: string) => docStyleOf(languageId)!;
export const layout = { indent: '  ', tabSize: 4, width: 100 };

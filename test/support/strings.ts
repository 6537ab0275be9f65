// All texts of the extension for users, for translators.
//   node test/support/strings.ts          prints them as JSON, English to English, to start a new translation
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/**
 * The calls whose first argument is such a text: those with VS Code, those in folders without VS Code, and
 * omissions.
 */
const call =
  /\b(?:l10n\.t|localizable|omission)\(\s*(?:\/\*[^]*?\*\/\s*)?('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")/g;

/** In the order of the files, without duplicates. Comments are ignored. */
export function textsInSources(pattern = 'src/**/*.ts'): string[] {
  const texts = globSync(pattern, { cwd: root })
    .toSorted()
    .flatMap((path) => textsIn(readFileSync(join(root, path), 'utf8')));
  return [...new Set(texts)];
}

/** The literals in one source. */
export function textsIn(source: string): string[] {
  return [...withoutComments(source).matchAll(call)].map(([, literal = '']) => valueOf(literal));
}

export function withoutComments(source: string): string {
  return source.replaceAll(/^\s*\/\*[\s\S]*?\*\//gm, '').replaceAll(/^\s*\/\/.*$/gm, '');
}

/** JSON has the same escapes, but only one kind of quotation mark. */
function valueOf(literal: string): string {
  if (literal.startsWith('"')) return JSON.parse(literal) as string;
  const inner = literal
    .slice(1, -1)
    .replaceAll(String.raw`\'`, "'")
    .replaceAll('"', String.raw`\"`);
  return JSON.parse(`"${inner}"`) as string;
}

/** The placeholders `{0}`, `{1}` ... of a text, in order, without duplicates. */
export function placeholdersIn(text: string): string[] {
  return [...new Set([...text.matchAll(/\{\d+\}/g)].map(([placeholder]) => placeholder))].toSorted();
}

if (import.meta.main)
  console.log(JSON.stringify(Object.fromEntries(textsInSources().map((text) => [text, text])), undefined, 2));

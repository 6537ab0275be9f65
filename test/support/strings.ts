// Every text of the extension for its users, as translators get them.
//   node test/support/strings.ts          prints them as JSON, English to English: what a new translation begins with
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** The calls whose first argument is such a text: in VS Code's own rooms, in those that know no VS Code, and of `LeftOut`. */
const call =
  /\b(?:l10n\.t|localizable|omission)\(\s*(?:\/\*[^]*?\*\/\s*)?('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")/g;

/** In the order of the files; each once. Comments are no code. */
export function textsInSources(pattern = 'src/**/*.ts'): string[] {
  const texts = globSync(pattern, { cwd: root })
    .toSorted()
    .flatMap((path) => textsIn(readFileSync(join(root, path), 'utf8')));
  return [...new Set(texts)];
}

/** The literals that stand in one source. */
export function textsIn(source: string): string[] {
  return [...withoutComments(source).matchAll(call)].map(([, literal = '']) => valueOf(literal));
}

export function withoutComments(source: string): string {
  return source.replaceAll(/^\s*\/\*[\s\S]*?\*\//gm, '').replaceAll(/^\s*\/\/.*$/gm, '');
}

/** JSON knows the same escapes, but only one kind of quote. */
function valueOf(literal: string): string {
  if (literal.startsWith('"')) return JSON.parse(literal) as string;
  const inner = literal
    .slice(1, -1)
    .replaceAll(String.raw`\'`, "'")
    .replaceAll('"', String.raw`\"`);
  return JSON.parse(`"${inner}"`) as string;
}

/** `{0}`, `{1}` ... of a text, in order, each once. */
export function placeholdersIn(text: string): string[] {
  return [...new Set([...text.matchAll(/\{\d+\}/g)].map(([placeholder]) => placeholder))].toSorted();
}

if (import.meta.main)
  console.log(JSON.stringify(Object.fromEntries(textsInSources().map((text) => [text, text])), undefined, 2));

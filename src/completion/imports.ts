/** A name that a file imports, and its position; lines and characters from 0. */
export interface ImportedName {
  name: string;
  line: number;
  character: number;
}

/** Imports are at the beginning of a file. */
const linesRead = 150;
const importLine =
  /^\s*(?:import\b|from\s+\S+\s+import\b|use\s|using\s|(?:const|let|var)\s.*\brequire\s*\(|export\s.*\bfrom\b)/;
/** The rest of a multi-line list of names in brackets. */
const listEnd = /[)}]/;
const keywords = new Set(
  'import from use using const let var require type as export default static crate super self pub'.split(' '),
);
const mostNames = 16;

/** The names that a file imports, as far as they are recognized without a parser for its language. */
export function importedNames(text: string): ImportedName[] {
  const names: ImportedName[] = [];
  let isInList = false;
  for (const [line, code] of text.split(/\r?\n/, linesRead).entries()) {
    const begins = importLine.test(code);
    if (!begins && !isInList) continue;
    names.push(...namesIn(code, line));
    const opening = Math.max(code.lastIndexOf('{'), code.lastIndexOf('('));
    isInList = begins ? opening >= 0 && !listEnd.test(code.slice(opening)) : !listEnd.test(code);
  }
  const first = names.filter((one, at) => names.findIndex(({ name }) => name === one.name) === at);
  return first.slice(0, mostNames);
}

/** Module names in quotes, and paths before the last part, are not names. */
function namesIn(code: string, line: number): ImportedName[] {
  const bare = code.replaceAll(/(["'`]).*?\1/g, (quoted) => ' '.repeat(quoted.length));
  const from = /^\s*from\s+\S+\s+import\b/.exec(bare)?.[0].length ?? 0;
  const found = bare
    .slice(from)
    .matchAll(/[\p{L}_$][\p{L}\p{N}_$]*(?![\p{L}\p{N}_$]|\s*(?:\.|::)\s*[\p{L}_{*])/gu);
  return [...found]
    .filter(([name]) => !keywords.has(name))
    .map(({ 0: name, index }) => ({ name, line, character: from + index }));
}

/** Most lines and characters of one declaration. */
const most = { lines: 14, chars: 900 };

/** The beginning of a declaration: its head, and for a type its members, up to the end of the block. */
export function declarationText(text: string, line: number): string {
  const lines = text.split(/\r?\n/);
  const head = lines[line] ?? '';
  const depth = indentationOf(head);
  const taken = [head];
  for (const next of lines.slice(line + 1, line + most.lines)) {
    if (next.trim() !== '' && indentationOf(next) <= depth) {
      if (/^\s*[)\]}]/.test(next)) taken.push(next);
      break;
    }
    taken.push(next);
  }
  return taken.join('\n').trimEnd().slice(0, most.chars);
}

function indentationOf(line: string): number {
  return /^\s*/.exec(line)![0].length;
}

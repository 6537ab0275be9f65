import { FenceTracker } from '../text/fences.ts';
import { lineEnd, type DeclaredSymbol } from './declarationTypes.ts';

interface Section {
  name: string;
  level: number;
  start: number;
}

/** Sections, each up to the next one of the same or a higher level, with deeper ones inside. */
function nested(sections: readonly Section[], text: string, signature?: string): DeclaredSymbol[] {
  const root: DeclaredSymbol[] = [];
  const open: { symbol: DeclaredSymbol; level: number }[] = [];
  const close = (end: number): void => {
    const { symbol } = open.pop()!;
    symbol.end = symbol.start + text.slice(symbol.start, end).trimEnd().length;
    symbol.body!.end = symbol.end;
  };
  for (const { name, level, start } of sections) {
    while (open.length > 0 && open.at(-1)!.level >= level) close(start);
    const body = { start: Math.min(lineEnd(text, start) + 1, text.length), end: start };
    const symbol: DeclaredSymbol = {
      name,
      kind: 'part',
      docStart: start,
      start,
      headStart: start,
      end: start,
      children: [],
      body,
      ...(signature !== undefined && { signature }),
    };
    (open.at(-1)?.symbol.children ?? root).push(symbol);
    open.push({ symbol, level });
  }
  while (open.length > 0) close(text.length);
  return root;
}

interface TextLine {
  start: number;
  text: string;
}

/** Characters read per line: names are at the start. */
const longestLine = 500;

function linesIn(text: string): TextLine[] {
  const lines: TextLine[] = [];
  for (let start = 0; start <= text.length; start = lineEnd(text, start) + 1) {
    if (text[start] === '\n' && text[start - 1] === '\r') continue;
    lines.push({ start, text: text.slice(start, lineEnd(text, start)).slice(0, longestLine) });
    if (text.indexOf('\n', start) < 0) break;
  }
  return lines;
}

/** Headings outside of code blocks, and the front matter as a section. */
export function headingsIn(text: string): DeclaredSymbol[] {
  const sections: Section[] = [];
  const lines = linesIn(text);
  const fences = new FenceTracker();
  const isFront = /^(?:---|\+\+\+)\s*$/.test(lines[0]?.text ?? '');
  const frontEnd = isFront
    ? lines.findIndex((line, at) => at > 0 && line.text.trim() === lines[0]!.text.trim())
    : -1;
  if (frontEnd > 0) sections.push({ name: lines[0]!.text.trim(), level: 7, start: 0 });
  for (const [at, line] of lines.entries()) {
    if (at <= frontEnd) continue;
    if (fences.read(line.text) !== 'text') continue;
    const [, hashes, title = ''] = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/.exec(line.text) ?? [];
    const under = /^ {0,3}(=+|-+)\s*$/.exec(lines[at + 1]?.text ?? '')?.[1];
    const isParagraph =
      /^\s*[^\s#>|*+-]/.test(line.text) &&
      under !== undefined &&
      /^\s*(?:[#`~].*)?$/.test(lines[at - 1]?.text ?? '');
    if (hashes) sections.push({ name: title, level: hashes.length, start: line.start });
    else if (isParagraph)
      sections.push({ name: line.text.trim(), level: under.startsWith('=') ? 1 : 2, start: line.start });
  }
  return nested(sections, text);
}

/** Keys of YAML, three levels deep. */
export function keysInYaml(text: string): DeclaredSymbol[] {
  const sections: Section[] = [];
  const levels: number[] = [];
  let literal: number | undefined;
  for (const { start, text: line } of linesIn(text)) {
    const indentation = line.search(/\S/);
    if (indentation < 0 || (literal !== undefined && indentation > literal)) continue;
    literal = undefined;
    if (/^(?:#|- |-$|---|\.\.\.|[{[])/.test(line.trimStart())) {
      if (/[|>][+-]?\d*\s*$/.test(line)) literal = indentation;
      continue;
    }
    const [, key] = /^\s*("[^"]*"|'[^']*'|[^\s#:][^#:]*?)\s*:(?:\s|$)/.exec(line) ?? [];
    if (key === undefined) continue;
    while (levels.length > 0 && levels.at(-1)! >= indentation) levels.pop();
    levels.push(indentation);
    if (/:\s*[|>][+-]?\d*\s*(?:#.*)?$/.test(line)) literal = indentation;
    if (levels.length <= 3) sections.push({ name: key, level: indentation, start });
  }
  return nested(sections, text, 'key');
}

/** Tables and keys of TOML, INI and properties files. */
export function keysInTables(text: string): DeclaredSymbol[] {
  const sections: Section[] = [];
  let quotes: string | undefined;
  let depth = 0;
  for (const { start, text: line } of linesIn(text)) {
    const isInside = quotes !== undefined || depth > 0;
    const marks = line.match(/"""|'''/g) ?? [];
    if (marks.length % 2 === 1) quotes = quotes === undefined ? marks[0] : undefined;
    const [, table] = /^\s*\[+([^\]]+)\]+/.exec(line) ?? [];
    const [, key] = /^\s*([\w.\-"']+(?: +[\w.\-"']+)*)\s*[=:]/.exec(line) ?? [];
    if (!isInside && table !== undefined) sections.push({ name: `[${table.trim()}]`, level: 0, start });
    else if (!isInside && key !== undefined) sections.push({ name: key, level: 1, start });
    const value = line.replaceAll(/"[^"]*"|'[^']*'|#.*$/g, '').replace(/^[^=]*=/, '');
    if (table === undefined || isInside)
      depth = Math.max(0, depth + (value.match(/[[{]/g)?.length ?? 0) - (value.match(/[\]}]/g)?.length ?? 0));
  }
  return nested(sections, text);
}

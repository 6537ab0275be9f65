import { docStyleOf } from './docCommentStyles.ts';
import { codeOf } from './docCommentPosition.ts';
import { callables, containers, outerFirst, symbolAt } from './outline.ts';
import { ownOutline } from './ownOutline.ts';
import type { OutlineSymbol, SymbolRange } from './outline.ts';

/** A declaration that can have a comment, and the position of its name. */
export type Declaration = OutlineSymbol & { nameAt: SymbolRange };

/**
 * The declaration at a position: one whose name is in the line, even a small one such as a field, else the
 * function or class around it. In a comment, the declaration below it.
 * @param outline from the language server; if it is empty, the text itself is searched, then our own outline
 */
export function declarationAt(
  outline: readonly OutlineSymbol[],
  text: string,
  languageId: string,
  position: SymbolRange,
): Declaration | undefined {
  const style = docStyleOf(languageId);
  if (!style) return undefined;
  const lines = text.split(/\r\n|\n|\r/);
  const code = codeOf(lines, languageId, style);
  const below = belowComment(lines, code, position);
  if (outline.length === 0) {
    const found = byText(code, named(code, position.line, true) ? position : below);
    return found ?? innermost(ownTypesAndFunctions(text, languageId, lines, code), position);
  }
  const symbols = outline
    .filter(({ name }) => !isCallback(name))
    .map((symbol) => withName(symbol, lines, code));
  return inLine(symbols, position) ?? inLine(symbols, below) ?? innermost(symbols, position);
}

/** Those of our own outline, which knows heads of several lines, too. Macros have no comment inside. */
function ownTypesAndFunctions(
  text: string,
  languageId: string,
  lines: string[],
  code: string[],
): Declaration[] {
  return ownOutline(text, languageId)
    .filter(({ kind, start }) => kind !== 'Variable' && !/^\s*#\s*define\b/.test(code[start.line] ?? ''))
    .map((symbol) => withName(symbol, lines, code));
}

/** TypeScript's outline names an anonymous function after the call that it is an argument of. */
function isCallback(name: string): boolean {
  return /(?: callback|^<\w+>)$/.test(name);
}

function innermost(symbols: Declaration[], position: SymbolRange): Declaration | undefined {
  return symbolAt(symbols, position) as Declaration | undefined;
}

/** The outermost declaration whose name is in the line, without those inside a function. */
function inLine(symbols: Declaration[], { line }: SymbolRange): Declaration | undefined {
  const [first] = symbols.filter(({ nameAt }) => nameAt.line === line).toSorted(outerFirst);
  const isStep =
    first !== undefined &&
    !callables.has(first.kind) &&
    !containers.has(first.kind) &&
    symbols.some(({ kind, start, end }) => callables.has(kind) && start.line < line && line <= end.line);
  return isStep ? undefined : first;
}

/** For an outline without positions of names: its ranges may begin with a comment. */
function withName(symbol: OutlineSymbol, lines: string[], code: string[]): Declaration {
  const { name, nameAt, start, end } = symbol;
  if (nameAt) return { ...symbol, nameAt };
  const word =
    name
      .replace(/\(.*\)$/, '')
      .match(/[\p{L}\p{N}_$]+/gu)
      ?.at(-1) ?? name;
  for (let line = start.line; line <= end.line; line++) {
    const character = wordAt(code[line], word) < 0 ? -1 : wordAt(lines[line], word);
    if (character >= 0) return { ...symbol, nameAt: { line, character } };
  }
  return { ...symbol, nameAt: start };
}

/** The column of a whole word in a line; -1 if there is none. */
function wordAt(line: string | undefined, word: string): number {
  const words = line?.matchAll(/[\p{L}\p{N}_$]+/gu) ?? [];
  return Array.from(words).find(([found]) => found === word)?.index ?? -1;
}

/** The first code below a comment or decorator; the position itself if it is in code. */
function belowComment(lines: string[], code: string[], { line, character }: SymbolRange): SymbolRange {
  const isAbove = (at: number): boolean =>
    (code[at]?.trim() === '' && lines[at]?.trim() !== '') || /^\s*(?:@|#?\[)/.test(code[at] ?? '');
  let now = line;
  while (now < lines.length - 1 && isAbove(now)) now++;
  return { line: now, character: now === line ? character : (lines[now]?.length ?? 0) };
}

// Search without an outline.

const kinds =
  'function|func|fn|fun|def|defp|defmodule|class|interface|struct|enum|trait|impl|type|module|namespace|record|' +
  'object|protocol|extension|actor|mixin|union|sub|proc|macro|contract|message|service|rpc';
const byKeyword = new RegExp(
  `^\\s*(?!return\\b|new\\b)(?:[\\w()@"]+\\s+)*?(${kinds})\\b[ \\t*]*(?:<[^>]*>\\s*)?(?:\\([^)]*\\)\\s*)?([\\p{L}_$][\\p{L}\\p{N}_$]*(?:(?:\\.|::|:(?=\\w+\\())[\\p{L}_$][\\p{L}\\p{N}_$]*)*)`,
  'u',
);
const assigned = /^\s*(?:local\s+)?([\w.:]+)\s*(?:=|<-)\s*(function)\b/;
const byParameters = /^\s*(?:[\w:<>,*&~[\].?@]+\s+[*&]*)*?([\w:~-]+)\s*\([^;]*$/;
const inLisp = /^\s*\((?:def\w*)\s+([^\s()]+)/;
const inSql =
  /^\s*create\s+(?:or\s+replace\s+)?(function|procedure|table|view|trigger|type)\s+(?:if\s+not\s+exists\s+)?([\w."]+)/i;
const value =
  /^(?:(?:export|pub|public|private|static)\s+)*(?:const|static|var|let|val)\s+([\p{L}_$][\p{L}\p{N}_$]*)/u;
const noName =
  /^(?:if|else|elif|elseif|for|foreach|while|until|switch|case|catch|return|do|new|throw|sizeof|assert|await|yield|using|lock|when|match|super|this|and|or|not|in)$/;
/** Number of lines after a name in which the body of a function must start. */
const openingLines = 6;

/** The declaration at or around a position, found by keywords and indentation. */
function byText(code: string[], { line }: SymbolRange): Declaration | undefined {
  let depth = Number.MAX_SAFE_INTEGER;
  for (let at = line; at >= 0; at--) {
    const text = code[at] ?? '';
    if (text.trim() === '') continue;
    const indent = text.search(/\S/);
    const found = indent < depth ? named(code, at, at === line) : undefined;
    if (found) return { ...found, start: { line: at, character: indent }, end: blockEnd(code, at, indent) };
    // The closing bracket of a block is indented like its first line; that of parameters, like their
    // function.
    if (at === line && /^\s*(?:[})\]]|end\b|fi\b|done\b)/.test(text)) continue;
    depth = Math.min(depth, /^\s*[)\]]/.test(text) ? indent + 1 : indent);
  }
  return undefined;
}

type Named = Pick<Declaration, 'name' | 'kind' | 'nameAt'>;

function named(code: string[], line: number, isHere: boolean): Named | undefined {
  const text = code[line] ?? '';
  const [, word, afterWord] = byKeyword.exec(text) ?? inSql.exec(text) ?? [];
  const other =
    assigned.exec(text)?.[1] ??
    inLisp.exec(text)?.[1] ??
    (opensBody(code, line) ? byParameters.exec(text)?.[1] : undefined) ??
    (isHere ? value.exec(text)?.[1] : undefined);
  const name = afterWord ?? other;
  if (name === undefined || noName.test(name)) return undefined;
  const kind = kindOf(word?.toLowerCase());
  return { name, kind, nameAt: { line, character: text.indexOf(name) } };
}

function kindOf(word = 'function'): string {
  return /^(?:func|fn|fun|def|defp|sub|proc|procedure|rpc)$/.test(word)
    ? 'Function'
    : word.charAt(0).toUpperCase() + word.slice(1);
}

/** After its parameters, a function has a body; a call has none. */
function opensBody(code: string[], line: number): boolean {
  const text = code.slice(line, line + openingLines).join('\n');
  return /^[^;{}]*\)[^;{}()]*(?:\{|=>)/.test(text);
}

/** The last line that is indented more, including the block's closing bracket. */
function blockEnd(code: string[], line: number, indent: number): SymbolRange {
  let last = line;
  for (let at = line + 1; at < code.length; at++) {
    const text = code[at]!;
    if (text.trim() === '') continue;
    const depth = text.search(/\S/);
    const isEnd = depth === indent && /^\s*(?:[})\]]|end\b)/.test(text);
    if (depth <= indent && !isEnd && !(at === line + 1 && text.trim() === '{')) break;
    last = at;
    if (isEnd) break;
  }
  return { line: last, character: code[last]!.length };
}

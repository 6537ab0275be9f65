import { lineEnd, lineStart, type DeclaredSymbol } from '../code/declarationTypes.ts';
import type { TextChange } from '../code/reanchor.ts';
import { isMember, type Entry, type Outlined } from './judgeEntries.ts';
import type { Matches } from './judgeMatches.ts';
import { wordyLines } from './judgeText.ts';

interface Part {
  answer: Outlined;
  file: Outlined;
  matches: Matches;
  /** Gives code the indentation and line endings of what it replaces. */
  fit(code: string, start: number, end: number): string;
}

/**
 * The changes that replace the old version of every declaration in an answer and keep everything else.
 * Undefined when that is not certain.
 */
export function placeParts(part: Part, wanted: (entry: Entry) => boolean): TextChange[] | undefined {
  const roots = part.answer.entries.filter(({ parent }) => parent === undefined);
  const changes: TextChange[] = [];
  const isDone = placeAll(part, roots, wanted, changes);
  const sorted = changes.toSorted((a, b) => a.start - b.start);
  const apart = sorted.every(({ end }, at) => end <= (sorted[at + 1]?.start ?? part.file.text.length));
  return isDone && apart && changes.length > 0 ? sorted : undefined;
}

function placeAll(
  part: Part,
  entries: readonly Entry[],
  wanted: (entry: Entry) => boolean,
  changes: TextChange[],
): boolean {
  let fresh: Entry[] = [];
  let last: Entry | undefined;
  for (const entry of entries) {
    if (entry.symbol.kind === 'import' || entry.symbol.kind === 'export') continue;
    const old = part.matches.get(entry);
    if (!old) fresh.push(entry);
    else if (entry.symbol.docStart !== last?.symbol.docStart || entry.children.length > 0) {
      if (!placeOne(part, entry, old, wanted, changes, fresh)) return false;
      [fresh, last] = [[], entry];
    }
  }
  return fresh.length === 0 || (last !== undefined && placeBehind(part, fresh, last, wanted, changes));
}

function placeOne(
  part: Part,
  entry: Entry,
  old: Entry,
  wanted: (entry: Entry) => boolean,
  changes: TextChange[],
  fresh: Entry[],
): boolean {
  const [given, kept] = [entry.children.filter(isMember), old.children.filter(isMember)];
  const found = new Set(given.map((child) => part.matches.get(child)));
  const isWhole = kept.every((child) => found.has(child)) && isComplete(part, given);
  if (wanted(old) && isWhole) {
    if (fresh.length > 0 && !placeBefore(part, fresh, old, changes)) return false;
    changes.push(...replacing(part, entry.symbol, old));
    return true;
  }
  if (fresh.length > 0) return false;
  if (given.length > 0) return placeAll(part, given, wanted, changes);
  const [first] = kept;
  if (!wanted(old) || entry.symbol.kind !== 'part' || !first) return !wanted(old);
  changes.push(ownText(part, entry.symbol, old.symbol, first.symbol.docStart));
  return true;
}

/** Whether the answer contains all declarations inside the old versions, at every depth. */
function isComplete({ matches }: Part, entries: readonly Entry[]): boolean {
  return entries.every((entry) => {
    const found = new Set(entry.children.map((child) => matches.get(child)));
    const kept = matches.get(entry)?.children.filter(isMember) ?? [];
    return (
      kept.every((child) => found.has(child)) &&
      isComplete({ matches } as Part, entry.children.filter(isMember))
    );
  });
}

/** The text of a declaration without the declarations inside it. */
function ownText(part: Part, symbol: DeclaredSymbol, old: DeclaredSymbol, end: number): TextChange {
  const text = part.answer.text.slice(symbol.start, symbol.end).trimEnd();
  const gap = /\s*$/.exec(part.file.text.slice(old.start, end))![0];
  return { start: old.start, end, text: part.fit(text, old.start, end - gap.length) + gap };
}

/** Replaces the old version, with the comment and decorators of the answer, or else the old ones. */
function replacing(part: Part, symbol: DeclaredSymbol, { symbol: old, parent }: Entry): TextChange[] {
  const text = parent?.symbol.kind === 'type' ? asMember(part, symbol, old) : withExport(part, symbol, old);
  const added = text.length - part.answer.text.length;
  const end = withComment(part.answer, symbol.end) + added;
  const oldEnd = end > symbol.end + added ? withComment(part.file, old.end) : old.end;
  const [hasDoc, hasPrefix] = [symbol.docStart < symbol.start, symbol.start < symbol.headStart];
  const keepsPrefix = !hasPrefix && old.start < old.headStart;
  const change = (from: number, to: number, start: number, stop: number): TextChange => ({
    start,
    end: stop,
    text: part.fit(text.slice(lineStart(text, from), to), start, stop),
  });
  if (!keepsPrefix) {
    const from = hasDoc ? symbol.docStart : symbol.start;
    return [change(from, end, hasDoc ? old.docStart : hasPrefix ? old.start : old.headStart, oldEnd)];
  }
  const head = change(symbol.headStart, end, old.headStart, oldEnd);
  if (!hasDoc) return [head];
  const doc = change(symbol.docStart, symbol.start - 1, old.docStart, old.start);
  const indentation = part.file.text.slice(lineStart(part.file.text, old.start), old.start);
  return [{ ...doc, text: `${doc.text.trimEnd()}\n${indentation}` }, head];
}

/** Removes `function` from a method that was answered as a function. */
function asMember({ answer, file }: Part, { headStart }: DeclaredSymbol, old: DeclaredSymbol): string {
  const { text } = answer;
  const head = /^(?:export\s+)?((?:async\s+)?)function\s+(?=[\w$]+\s*[(<])/.exec(text.slice(headStart));
  const isFunction = /^[^({]*\bfunction\b/.test(file.text.slice(old.headStart, old.end));
  if (!head || isFunction) return text;
  return text.slice(0, headStart) + head[1]! + text.slice(headStart + head[0].length);
}

/** Keeps the `export` of the file if the answer has only left out that word. */
function withExport({ answer, file }: Part, { headStart }: DeclaredSymbol, old: DeclaredSymbol): string {
  const word = /^export\s+(?:default\s+)?(?=[\w@])/.exec(
    file.text.slice(old.headStart, old.headStart + 20),
  )?.[0];
  const { text } = answer;
  return word === undefined || text.startsWith('export', headStart)
    ? text
    : text.slice(0, headStart) + word + text.slice(headStart);
}

/** The end, including a comment on the same line. */
function withComment({ text, code }: Outlined, end: number): number {
  const last = lineEnd(text, end);
  return code.masked.slice(end, last).trim() === '' ? end + text.slice(end, last).trimEnd().length : end;
}

function textOf({ answer }: Part, entries: readonly Entry[]): string {
  const pieces = entries.filter(({ symbol }, at) => symbol.docStart !== entries[at - 1]?.symbol.docStart);
  return pieces
    .map(({ symbol }) =>
      answer.text.slice(lineStart(answer.text, symbol.docStart), withComment(answer, symbol.end)),
    )
    .join('\n\n');
}

function placeBefore(part: Part, fresh: Entry[], { symbol }: Entry, changes: TextChange[]): boolean {
  const at = symbol.docStart;
  const indentation = part.file.text.slice(lineStart(part.file.text, at), at);
  if (indentation.trim() !== '' || isListed(part, symbol)) return false;
  const text = part.fit(textOf(part, fresh), at, symbol.end);
  changes.push({ start: at, end: at, text: `${text.trim()}\n\n${indentation}` });
  return true;
}

function placeBehind(
  part: Part,
  fresh: Entry[],
  last: Entry,
  wanted: (entry: Entry) => boolean,
  changes: TextChange[],
): boolean {
  const symbol = part.matches.get(last)!.symbol;
  if (!wanted(part.matches.get(last)!) || isListed(part, symbol)) return false;
  const end = lineEnd(part.file.text, symbol.end);
  const isAlone = part.file.code.masked.slice(symbol.end, end).trim() === '';
  const indentation = part.file.text.slice(lineStart(part.file.text, symbol.docStart), symbol.docStart);
  if (!isAlone || indentation.trim() !== '') return false;
  const text = part.fit(textOf(part, fresh), symbol.docStart, symbol.end);
  changes.push({ start: end, end, text: `\n\n${indentation}${text.trim()}` });
  return true;
}

/** Whether it is an element of a list with commas. */
function isListed({ file }: Part, { end }: DeclaredSymbol): boolean {
  return /^\s*,/.test(file.code.masked.slice(end)) || /^\s*"/.test(file.code.masked.slice(end - 1));
}

/** Whether everything in an answer that is not a declaration is a comment or already in the file. */
export function hasOnlyParts({ answer, file }: Pick<Part, 'answer' | 'file'>): boolean {
  const { masked } = answer.code;
  const characters = masked.split('');
  const roots = answer.entries.filter(({ parent }) => parent === undefined);
  let last = -1;
  for (const { symbol } of roots) {
    if (symbol.docStart !== last) characters.fill(' ', symbol.docStart, symbol.end);
    last = symbol.docStart;
  }
  const known = new Set(wordyLines(file.text));
  const left = characters.join('').split('\n');
  const lines = answer.text.split('\n');
  return left.every((line, at) => !/[\p{L}\p{N}]/u.test(line) || known.has(lines[at]!.trim()));
}

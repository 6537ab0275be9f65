import { lineEnd, lineStart } from '../code/declarationTypes.ts';
import { applied } from '../code/reanchor.ts';
import { fitCode } from './codeAnswer.ts';
import type { Case, Placement } from './judgeTypes.ts';
import { leavesOf, outlined, type Entry } from './judgeEntries.ts';
import { importChanges } from './judgeImports.ts';
import { mapLines, withoutNeighbors } from './judgeLines.ts';
import { isNamed, matchesOf, type Matches } from './judgeMatches.ts';
import { hasOnlyParts, placeParts } from './judgePart.ts';
import { areRelated, shareAmong, wordyLines } from './judgeText.ts';

/**
 * Whether an answer is the whole subject, a part of it, more than it, or something else, and the resulting
 * change.
 */
export function shapeOf(subject: Case): Placement {
  const { inside, around, answer } = subject;
  const isInFunction = around.at(-1)?.symbol.kind === 'function';
  const given = answer.entries.filter(
    (entry) => isNamed(entry) && (!isInFunction || entry.symbol.kind !== 'value'),
  );
  const matches = matchesOf(subject, given);
  if (lacksBody(subject, matches)) return { unusable: 'incomplete' };
  const old = new Set(matches.values());
  const named = inside.filter(isNamed);
  const covered = named.filter((entry) => old.has(entry));
  const own = new Set(named);
  const outside = [...old].filter((entry) => !own.has(entry));
  const isForeign = hasForeignImports(subject);
  if (named.length === 0) {
    if (isForeign && outside.length === 0) return mapped(subject) ?? { unusable: 'more' };
    return outside.length > 0 ? aroundStatements(subject, matches, outside) : asStatements(subject);
  }
  if (covered.length === 0) return withoutOldNames(subject, given, outside, named);
  if (outside.length > 0) return fromWhole(subject, matches, named);
  if (!isForeign && isWhole(subject, named, covered)) return asItIs(subject);
  const part = asPart(subject, matches);
  return isRemoval(subject, part, named, covered) ? asItIs(subject) : part;
}

/** Whether the last declaration of the answer ends before its body. */
function lacksBody({ answer }: Case, matches: Matches): boolean {
  const end = answer.code.masked.trimEnd().length;
  return [...matches].some(([{ symbol }, old]) => {
    const isLast = symbol.end >= end && !symbol.body && old.symbol.body !== undefined;
    return isLast && !/[=;]/.test(answer.code.masked.slice(symbol.headStart, end));
  });
}

/** Whether a text contains lines that the changed file does not. */
function hasMore(text: string, file: string): boolean {
  return shareAmong(wordyLines(text), wordyLines(file)) < 1;
}

/** The declarations that are not inside another one of them. */
function rootsOf(named: readonly Entry[]): Entry[] {
  const all = new Set(named);
  return named.filter(({ parent }) => !parent || !all.has(parent));
}

/** Whether the answer starts with imports although only a part of the file was asked about. */
function hasForeignImports({ answer, inside, place }: Case): boolean {
  const own = new Set(inside.map(({ key }) => key));
  return (
    !isFile(place) && answer.entries.some(({ key, symbol }) => symbol.kind === 'import' && !own.has(key))
  );
}

function isFile({ fileText, replaced }: Case['place']): boolean {
  return fileText.trim() === replaced.trim();
}

/**
 * When nothing is new and the code around the declarations was repeated, the missing ones were removed on
 * purpose.
 */
function isRemoval(
  { place, answer }: Case,
  part: Placement,
  named: readonly Entry[],
  covered: readonly Entry[],
): boolean {
  const isSame =
    'changes' in part &&
    part.changes.every(({ start, end, text }) => place.fileText.slice(start, end) === text);
  const roots = rootsOf(named);
  const [first, last] = [wordyLines(place.replaced), wordyLines(answer.text)].map((lines) =>
    [lines[0], lines.at(-1)].join('\n'),
  );
  return isSame && (roots.every((root) => new Set(covered).has(root)) || first === last);
}

function fitIn({ place }: Case): (code: string, start: number, end: number) => string {
  const { fileText } = place;
  return (code, start, end) => {
    const replaced = fileText.slice(start, end);
    const first = code.search(/\S/) < 0 ? 0 : lineStart(code, code.search(/\S/));
    return fitCode(code.slice(first), {
      ...place,
      replaced: replaced === '' ? 'x' : replaced,
      before: fileText.slice(lineStart(fileText, start), start),
    });
  };
}

function asItIs({ code, place }: Case): Placement {
  return { changes: [{ start: place.start, end: place.end, text: fitCode(code, place) }] };
}

function ownLines({ code, place: { fileText, start, end, replaced } }: Case): string {
  return withoutNeighbors(code, { before: fileText.slice(0, start), replaced, after: fileText.slice(end) });
}

/** The code around the statements was repeated, so their new version is cut out of the answer. */
function aroundStatements(subject: Case, matches: Matches, outside: readonly Entry[]): Placement {
  const placed = linesOfWhole(subject, matches);
  if ('changes' in placed) return placed;
  const own = ownLines(subject);
  const answer = outlined(own, subject.place.languageId);
  const isOwn = !answer.entries.some(({ symbol }) => outside.some((one) => one.symbol.name === symbol.name));
  return own !== subject.code && isOwn && answer.code.isBalanced ? asStatements(subject) : placed;
}

/** The subject consists of statements without declarations. */
function asStatements(subject: Case): Placement {
  const { place } = subject;
  const { replaced } = place;
  const own = ownLines(subject);
  if (!areRelated(own, replaced)) return { unusable: 'other' };
  const [lines, old] = [wordyLines(own), wordyLines(replaced)];
  if (isFile(place) && old.length >= 4 && lines.length < old.length * 0.5 && shareAmong(old, lines) < 0.5)
    return { unusable: 'part' };
  return asItIs({ ...subject, code: own });
}

/** None of the old names was repeated: a declaration may have been renamed, and a value removed. */
function withoutOldNames(
  subject: Case,
  given: readonly Entry[],
  outside: readonly Entry[],
  named: readonly Entry[],
): Placement {
  if (outside.length > 0) return { unusable: 'other' };
  const { code, place, answer } = subject;
  const roots = rootsOf(named);
  const kinds = new Set(given.map(({ symbol }) => symbol.kind));
  const isRename =
    roots.length === 1 &&
    (kinds.has(roots[0]!.symbol.kind) || (kinds.size > 0 && roots[0]!.symbol.kind !== 'type'));
  const areValues = roots.every(({ symbol }) => symbol.kind === 'value') && answer.entries.length === 0;
  if (!areRelated(code, place.replaced)) return { unusable: 'other' };
  const isSmall = wordyLines(place.replaced).length <= 3 || isRename;
  return isRename || (areValues && isSmall && given.length > 0) ? asItIs(subject) : { unusable: 'other' };
}

/** The answer contains the subject's declarations and others of the file. Only the subject's are used. */
function fromWhole(subject: Case, matches: Matches, named: readonly Entry[]): Placement {
  const old = new Set(matches.values());
  const own = new Set(named);
  const isWrapped = [...old].every((entry) => own.has(entry) || subject.around.includes(entry));
  if (named.some((entry) => !old.has(entry)) && !isWrapped) return mapped(subject) ?? { unusable: 'more' };
  const wanted = (entry: Entry): boolean => own.has(entry);
  const { answer, file } = subject;
  const changes = placeParts({ answer, file, matches, fit: fitIn(subject) }, wanted);
  if (!changes) return mapped(subject) ?? { unusable: 'more' };
  return {
    changes,
    isPart: true,
    isRestricted: !isWrapped && hasMore(answer.text, applied(file.text, changes)),
  };
}

function isWhole({ place, file, answer }: Case, named: readonly Entry[], covered: readonly Entry[]): boolean {
  const leaves = leavesOf(named);
  const [own, isCovered] = [new Set(named), new Set(covered)];
  const kept = leaves.filter((leaf) => isCovered.has(leaf));
  const rest = frame(place.replaced, file, place.start, named);
  const isFramed = rest.length === 0 || shareAmong(rest, wordyLines(answer.text)) >= 0.5;
  const roots = rootsOf(named);
  const found = roots.filter((root) => isCovered.has(root));
  const isFew = kept.length * 2 <= leaves.length || found.length <= 1;
  const isBare = covered.some(({ parent }) => parent && own.has(parent) && !isCovered.has(parent));
  return isFramed && !isBare && !(isFew && (kept.length < leaves.length || found.length < roots.length));
}

/** The lines of a code that are neither declarations nor comments, such as imports and statements. */
function frame(replaced: string, file: Case['file'], start: number, named: readonly Entry[]): string[] {
  const characters = file.code.masked.slice(start, start + replaced.length).split('');
  let last = -1;
  for (const { symbol } of rootsOf(named)) {
    if (symbol.docStart !== last) characters.fill(' ', symbol.docStart - start, symbol.end - start);
    last = symbol.docStart;
  }
  const lines = replaced.split('\n');
  return characters
    .join('')
    .split('\n')
    .flatMap((line, at) => (/[\p{L}\p{N}"]/u.test(line) ? [lines[at]!.trim()] : []));
}

function asPart(subject: Case, matches: Matches): Placement {
  const { answer, file, place } = subject;
  const asked = new Set(subject.inside);
  if (!hasOnlyParts({ answer, file })) return { unusable: 'part' };
  const isText = place.languageId === 'markdown' || place.languageId === 'mdx';
  if (isText && answer.text.search(/\S/) < (answer.entries[0]?.symbol.start ?? 0))
    return { unusable: 'part' };
  const changes = placeParts({ answer, file, matches, fit: fitIn(subject) }, (entry) => asked.has(entry));
  const fresh = importChanges(answer, file);
  if (!isFile(place))
    return changes ? { changes, isPart: true, isRestricted: fresh?.length !== 0 } : { unusable: 'part' };
  return changes && fresh
    ? { isPart: true, changes: [...fresh, ...changes].toSorted((a, b) => a.start - b.start) }
    : { unusable: 'part' };
}

/** The subject consists of statements, and the code around it was repeated. */
function linesOfWhole(subject: Case, matches: Matches): Placement {
  const { around, answer, file } = subject;
  const [entry, old] = [...matches].findLast(([, one]) => around.includes(one)) ?? [];
  if (!entry || !old) return mapped(subject) ?? { unusable: 'other' };
  const region = {
    start: lineStart(file.text, old.symbol.headStart),
    end: lineEnd(file.text, old.symbol.end),
  };
  const text = answer.text.slice(lineStart(answer.text, entry.symbol.headStart), entry.symbol.end);
  return mapped(subject, region, text) ?? { unusable: 'more' };
}

/** Share of lines around the subject that may be changed. With more, the answer is not trusted. */
const mostChangedShare = 0.3;

/** The lines of the answer that correspond to the subject, found by the lines around them. */
function mapped(
  { place, file, answer }: Case,
  region = { start: 0, end: file.text.length },
  text = answer.text,
): Placement | undefined {
  const { start, end } = region;
  const old = file.text.slice(start, end);
  const now = fitCode(text, { ...place, replaced: old, before: '' }).split('\n');
  const from = lineStart(file.text, place.start + (/^\s*\n/.exec(place.replaced)?.[0].length ?? 0));
  const to = lineEnd(file.text, place.start + place.replaced.trimEnd().length);
  const line = (at: number): number => file.text.slice(start, at).split('\n').length - 1;
  const lines = old.split('\n');
  const found = mapLines(lines, now, line(from), line(to) + 1);
  if (!found) return undefined;
  const outside = lines.filter((one) => one.trim() !== '').length - (line(to) - line(from) + 1);
  if (found.changedOutside > Math.max(2, outside * mostChangedShare)) return undefined;
  const code = now
    .slice(found.from, found.to)
    .join('\n')
    .replace(/^(?:[ \t]*\n)+/, '')
    .trimEnd();
  const change =
    code === ''
      ? { start: from, end: Math.max(to, Math.min(to + 1, place.end)), text: '' }
      : { start: from, end: to, text: code };
  return { changes: [change], isRestricted: found.changedOutside > 0 };
}

import { languageName } from '../text/languageNames.ts';
import { codeSpan, fencedBlock, fenceFor, lineRange, linesOf } from '../text/markdown.ts';
import type { Subject } from '../code/subject.ts';
import type { TokenCost } from './tokens.ts';

/**
 * Tokens of a file that is sent completely, and of the code sent around a subject. A laptop's CPU reads about
 * 150 tokens per second, so 2,000 tokens delay the first word by some 13 s, once per file.
 */
const contextTokens = 2_000;

/** The part of a file that is sent. Lines are counted from 1, the last one included. */
export interface Excerpt {
  text: string;
  firstLine: number;
  lastLine: number;
  /** Whether it begins or ends inside its first or last line. */
  cutsFirstLine: boolean;
  cutsLastLine: boolean;
  /** Whether it contains the whole subject. */
  complete: boolean;
}

interface Source {
  subject: Subject;
  lines: string[];
  first: number;
  last: number;
  costs: number[];
}

/**
 * The part of a subject's file that fits into `room` tokens, including header and marks:
 * 1. the whole file, when it is small or the subject itself;
 * 2. else the subject's lines, with as many lines around them, evenly, as `contextTokens` allows;
 * 3. for a selection inside lines that are too long for that, exactly the selected text;
 * 4. else the beginning of the subject, which has signatures and declarations, as far as it fits.
 */
export function excerptFor(subject: Subject, room: number, cost: TokenCost): Excerpt {
  const source = readSource(subject, cost);
  const space = room - frameCost(source, cost);
  const wholeCost = sum(source.costs);
  if (wholeCost <= space && (subject.kind === 'file' || wholeCost <= contextTokens)) {
    return wholeLines(source, 1, source.lines.length);
  }
  const subjectCost = sum(source.costs.slice(source.first - 1, source.last));
  if (subjectCost > Math.min(space, contextTokens) && isPartOfLines(subject)) {
    return exactText(source, space, cost);
  }
  return subjectCost <= space
    ? withSurroundings(source, Math.min(space, contextTokens) - subjectCost)
    : beginning(source.lines.slice(source.first - 1, source.last), source.first, space, cost);
}

/** The file's header, the code in a fence, and marks where something was left out. */
export function renderExcerpt(subject: Subject, excerpt: Excerpt): string {
  const count = linesOf(subject.fileText).length;
  const block = excerpt.text === '' ? '' : fencedBlock(excerpt.text, subject.languageId);
  return [
    header(subject, excerpt, count),
    marker(before(excerpt)),
    block,
    marker(after(excerpt, count)),
  ].join('');
}

/**
 * Whether a selection, or a symbol on a shared line, covers only a part of its lines, white space ignored.
 */
export function isPartOfLines(subject: Subject): boolean {
  const lines = linesOf(subject.fileText).slice(subject.firstLine - 1, subject.lastLine);
  return linesOf(subject.code).join('\n').trim() !== lines.join('\n').trim();
}

function readSource(subject: Subject, cost: TokenCost): Source {
  const lines = linesOf(subject.fileText);
  const first = Math.min(Math.max(1, subject.firstLine), lines.length);
  const last = Math.min(Math.max(first, subject.lastLine), lines.length);
  return { subject, lines, first, last, costs: lines.map((line) => cost(`${line}\n`)) };
}

/** Most tokens around the code: the header, two marks and the fences. */
function frameCost({ subject, lines }: Source, cost: TokenCost): number {
  const count = lines.length;
  const widest = {
    text: '-',
    firstLine: count,
    lastLine: count * 10,
    cutsFirstLine: true,
    cutsLastLine: true,
    complete: true,
  };
  const mark = marker([`lines ${count}-${count}`, `the beginning of line ${count}`]);
  const fences = fencedBlock('', subject.languageId, fenceFor(subject.fileText));
  return cost(header(subject, widest, count) + mark + mark + fences);
}

function wholeLines({ lines }: Source, firstLine: number, lastLine: number): Excerpt {
  const text = lines.slice(firstLine - 1, lastLine).join('\n');
  const ended = text === '' ? '' : `${text}\n`;
  return { text: ended, firstLine, lastLine, cutsFirstLine: false, cutsLastLine: false, complete: true };
}

/** Adds lines above and below in turn. A side is finished when its next line does not fit. */
function withSurroundings(source: Source, spare: number): Excerpt {
  let { first, last } = source;
  let left = spare;
  const take = (line: number): boolean => {
    const price = source.costs[line - 1];
    const fits = price !== undefined && price <= left;
    left -= fits ? price : 0;
    return fits;
  };
  for (let up = true, down = true; up || down;) {
    up &&= take(first - 1);
    first -= up ? 1 : 0;
    down &&= take(last + 1);
    last += down ? 1 : 0;
  }
  return wholeLines(source, first, last);
}

/** The selected text itself, or its beginning. The marks show where it begins and ends inside a line. */
function exactText(source: Source, space: number, cost: TokenCost): Excerpt {
  const selected = linesOf(source.subject.code);
  const shown = beginning(selected, source.first, space, cost);
  const shownLast = linesOf(shown.text).at(-1) ?? '';
  const cutsFirstLine = !(source.lines[shown.firstLine - 1] ?? '').startsWith(selected[0] ?? '');
  const line = source.lines[shown.lastLine - 1] ?? '';
  const isWholeLine =
    line === shownLast || (line.endsWith(shownLast) && cutsFirstLine && shown.firstLine === shown.lastLine);
  return shown.text === ''
    ? shown
    : { ...shown, cutsFirstLine, cutsLastLine: shown.cutsLastLine || !isWholeLine };
}

/** As many lines as fit, from the first on. If not even that one fits, its beginning. */
function beginning(lines: string[], firstLine: number, space: number, cost: TokenCost): Excerpt {
  const taken = leadingLines(lines, space, cost);
  if (taken.length > 0) {
    const lastLine = firstLine + taken.length - 1;
    const text = taken.join('');
    return {
      text,
      firstLine,
      lastLine,
      cutsFirstLine: false,
      cutsLastLine: false,
      complete: taken.length === lines.length,
    };
  }
  const text = fitting(lines[0] ?? '', space, cost);
  const nothing = {
    text,
    firstLine: 1,
    lastLine: 0,
    cutsFirstLine: false,
    cutsLastLine: false,
    complete: false,
  };
  return text === '' ? nothing : { ...nothing, firstLine, lastLine: firstLine, cutsLastLine: true };
}

function leadingLines(lines: string[], space: number, cost: TokenCost): string[] {
  const taken: string[] = [];
  let left = space;
  for (const line of lines) {
    left -= cost(`${line}\n`);
    if (left < 0) {
      break;
    }
    taken.push(`${line}\n`);
  }
  return taken;
}

/** As much of the line's beginning as fits, without half a surrogate pair. */
function fitting(line: string, space: number, cost: TokenCost): string {
  let left = space - cost('\n');
  let length = 0;
  for (const character of line) {
    left -= cost(character);
    if (left < 0) {
      break;
    }
    length += character.length;
  }
  return line.slice(0, length);
}

function header(subject: Subject, excerpt: Excerpt, count: number): string {
  const partial =
    excerpt.firstLine > 1 || excerpt.lastLine < count || excerpt.cutsLastLine || excerpt.cutsFirstLine;
  const total = `${count} ${count === 1 ? 'line' : 'lines'}`;
  const extent =
    excerpt.text === '' || !partial ? total : `${lineRange(excerpt.firstLine, excerpt.lastLine)} of ${count}`;
  const empty = subject.fileText === '' ? ', empty' : '';
  return `File: ${codeSpan(subject.path)} (${languageName(subject.languageId)}, ${extent}${empty})\n\n`;
}

function before({ firstLine, cutsFirstLine }: Excerpt): string[] {
  return [
    ...(firstLine > 1 ? [lineRange(1, firstLine - 1)] : []),
    ...(cutsFirstLine ? [`the beginning of line ${firstLine}`] : []),
  ];
}

function after({ lastLine, cutsLastLine }: Excerpt, count: number): string[] {
  return [
    ...(cutsLastLine ? [`the rest of line ${lastLine}`] : []),
    ...(lastLine < count ? [lineRange(lastLine + 1, count)] : []),
  ];
}

function marker(parts: string[]): string {
  return parts.length === 0 ? '' : `[... ${parts.join(' and ')} left out ...]\n`;
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

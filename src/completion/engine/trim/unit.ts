import { closersIn, openIn } from './brackets.ts';
import { blocksByColon, opensBlock, usualStyle } from './layout.ts';
import { closesBlock, depthOf, isBlank, tabWidth } from './lines.ts';
import { inOtherIndentation } from './reindent.ts';
import { headWithoutBraces } from './structure.ts';
import { maskOf, placeBehind, type Surroundings } from './surroundings.ts';

/** Columns that programs use for one level. */
const usualUnits: ReadonlySet<number | undefined> = new Set([2, 3, 4, 8]);
/** How a statement starts that may follow another one. Operators continue the one above. */
const statement = /^(?:[\p{L}_$@"'`#]|\/[/*])/u;
const label = /^(?:case\b|default\b|\w+:\s*$)/;
/** A deeper line after another one may be the only statement of an `if`, where blocks need no colon. */
const ended = /[;,}]$/;
const unfinished = /[+*/=&|?.<([\\-]$/;
const firstOfStatement = /^(?:return|throw|yield|const|let|var|if|else|for|while)\b|^\}/;
/** Share of a file's lines that show its unit. */
const mostAligned = 0.9;
/** Continuation lines of a block comment have one extra space. */
const commentLine = /^\s*\*/;

/** How an answer is indented. Columns. */
interface Layout {
  /** Its first line, with what is before the cursor. */
  base: number;
  /** Its next line. */
  next: number;
  /** Whether that line is in a block that the first one opens, or continues it. */
  isDeeper: boolean;
  continues: boolean;
  /** One level of the answer and of the file; undefined when it is unknown. */
  own: number | undefined;
  wanted: number | undefined;
}

/** Indents the lines after the first like the file, if the answer has other levels or another margin. */
export function inFileUnit(text: string, around: Surroundings): string {
  const [first = '', second] = text.split('\n', 2);
  if (second === undefined || around.prose) return text;
  if (around.place !== 'code' && placeBehind(around, `${first}\n`) !== 'code') return text;
  const shown = inUnit(text, around);
  const { above, below, linePrefix } = around;
  const style = usualStyle([...above, linePrefix, ...below]);
  const tabs = style === 'tabs' || (style === undefined && /^\t+$/.test(linePrefix));
  const unit = tabs ? tabWidth : unitIfSpaces(around);
  return unit === undefined ? shown : inOtherIndentation(shown, around, unit, tabs);
}

function unitIfSpaces(around: Surroundings): number | undefined {
  const { above, below, linePrefix } = around;
  if ([linePrefix, ...above, ...below].some((line) => /^ *\t/.test(line))) return undefined;
  const [unit, step] = [unitOfFile(around), stepAfter(above[0], depthOf(linePrefix))];
  // In a file with several units, the answer may have another one.
  return unit !== undefined && step !== undefined && step < unit ? undefined : (unit ?? step);
}

/** For levels of another width, or too far to the left. Only for spaces: tabs have been replaced before. */
function inUnit(text: string, around: Surroundings): string {
  const lines = text.split('\n');
  const layout = layoutOf(lines, around);
  const change = layout && (changeOfUnit(lines, layout, around) ?? changeOfMargin(layout, around, lines[0]!));
  if (!change) return text;
  const [first, ...rest] = lines;
  return [first, ...rest.map((line) => (isBlank(line) ? line : moved(line, change)))].join('\n');
}

function moved(line: string, change: (depth: number) => number): string {
  const depth = depthOf(line);
  return ' '.repeat(Math.max(0, Math.round(change(depth)))) + line.trimStart();
}

/** Undefined when the answer's indentation says nothing, or must stay as in a string. */
function layoutOf(lines: string[], around: Surroundings): Layout | undefined {
  const { linePrefix, place, above, below, prose } = around;
  const [first = '', ...rest] = lines;
  const next = rest.find((line) => !isBlank(line));
  const endsAsCode = place === 'code' || placeBehind(around, `${first}\n`) === 'code';
  if (next === undefined || prose || place === 'comment' || !endsAsCode) return undefined;
  if ([linePrefix, ...above, ...below, ...lines].some((line) => /^ *\t/.test(line))) return undefined;
  const head = linePrefix + first;
  const isComment = isBlank(around.maskedLine + maskOf(first, around));
  const opens = !isComment && opensBlock(head);
  const continues = !opens && !isComment && !followsLine(head.trim(), next.trim(), around);
  if (closesBlock(next) || label.test(next.trimStart())) return undefined;
  // Brackets at the start of a line show its level; others may close one of a line above.
  const masked = (around.maskedLine + maskOf(first, around)).replace(/^[\s)\]}]+/, '');
  if (closersIn(masked) > 0) return undefined;
  if ((!opens && openIn(masked) > 0) || startsInString(lines, around)) return undefined;
  return {
    base: depthOf(linePrefix),
    next: depthOf(next),
    isDeeper: opens || continues,
    continues,
    own: unitIn(rest),
    wanted: unitOfFile(around) ?? stepAfter(above[0], depthOf(linePrefix)),
  };
}

/** Whether a line is a statement or an item after another one, not the rest of it. */
function followsLine(head: string, next: string, { linePrefix, above }: Surroundings): boolean {
  if (next === '{') return true;
  if (unfinished.test(head) || headWithoutBraces.test(head)) return false;
  // Items of a list, each of which starts a line.
  const isInList = /[,([{]\s*$/.test(above[0] ?? '') && !firstOfStatement.test(head);
  if (head.endsWith(',')) return isBlank(linePrefix) || isInList;
  const isSibling = next[0] === head[0] || (head.startsWith('?') && next.startsWith(':'));
  return statement.test(next) || (isSibling && isBlank(linePrefix));
}

function startsInString(lines: string[], around: Surroundings): boolean {
  const masked = maskOf(lines.join('\n'), around).split('\n');
  return lines.some(
    (line, at) => at > 0 && masked[at]![line.search(/\S/)] === '"' && !/^\s*["'`]/.test(line),
  );
}

/** The smallest indentation, if all others are multiples of it. */
function unitIn(lines: string[]): number | undefined {
  const depths = lines.filter((line) => !isBlank(line) && !commentLine.test(line)).map(depthOf);
  const unit = Math.min(...depths.filter((depth) => depth > 0));
  return usualUnits.has(unit) && depths.every((depth) => depth % unit === 0) ? unit : undefined;
}

const units = new WeakMap<Surroundings, number | undefined>();

/** The same for the file: the usual step of its blocks, else of its lines, of which a few may be aligned. */
function unitOfFile(around: Surroundings): number | undefined {
  if (!units.has(around))
    units.set(around, usualStep(around) ?? alignedUnit([...around.above, ...around.below]));
  return units.get(around);
}

/** In brackets, many programs indent by two levels, so blocks count first. */
function usualStep(around: Surroundings): number | undefined {
  return mostFrequentStep(around, (line) => !/[([]\s*$/.test(line)) ?? mostFrequentStep(around, () => true);
}

function mostFrequentStep(
  { above, below }: Surroundings,
  counts: (line: string) => boolean,
): number | undefined {
  const found = new Map<number, number>();
  for (const lines of [above.toReversed(), below])
    for (const [at, line] of lines.entries()) {
      const before = lines[at - 1];
      const step = before === undefined ? 0 : depthOf(line) - depthOf(before);
      if (usualUnits.has(step) && opensBlock(before!) && counts(before!))
        found.set(step, (found.get(step) ?? 0) + 1);
    }
  return [...found].toSorted(([, one], [, other]) => other - one)[0]?.[0];
}

function alignedUnit(lines: string[]): number | undefined {
  const depths = lines.filter((line) => !isBlank(line) && !commentLine.test(line)).map(depthOf);
  const indented = depths.filter((depth) => depth > 0);
  const isUnit = (unit: number) =>
    indented.filter((depth) => depth % unit === 0).length >= indented.length * mostAligned;
  return indented.length === 0 ? undefined : [8, 4, 3, 2].find(isUnit);
}

/** In a file whose other lines show nothing, the cursor's line may. */
function stepAfter(above: string | undefined, depth: number): number | undefined {
  const step = above !== undefined && opensBlock(above) ? depth - depthOf(above) : undefined;
  return usualUnits.has(step) ? step : undefined;
}

type Change = ((depth: number) => number) | undefined;

/** For levels counted from the margin or from the cursor's line. */
function changeOfUnit(lines: string[], layout: Layout, around: Surroundings): Change {
  const { base, next, isDeeper, continues, wanted } = layout;
  if (wanted === undefined || base % wanted !== 0) return undefined;
  const mayBeInIf =
    !blocksByColon.has(around.languageId) && !ended.test((around.linePrefix + lines[0]).trim());
  if (next === base + wanted && (isDeeper || mayBeInIf)) return undefined;
  const level = base / wanted + (isDeeper ? 1 : 0);
  // An item of a list may follow another one at the same level.
  const isList = continues && /,\s*$/.test(lines[0]!);
  const unit = unitAt(level, layout, lines) ?? (isList ? unitAt(level - 1, layout, lines) : undefined);
  if (unit !== undefined && unit !== wanted) return (depth) => (depth / unit) * wanted;
  const inner = continues ? undefined : stepIn(lines, base, around);
  if (inner === undefined || inner === wanted || (!isDeeper && next !== base)) return undefined;
  return (depth) => base + ((depth - base) / inner) * wanted;
}

/** One level of an answer whose next line is at a known level. */
function unitAt(level: number, { base, next, own }: Layout, lines: string[]): number | undefined {
  const unit = next / level;
  if (unit === own) return own;
  // All lines may be in the same block. A unit of three is rare, a continuation by three levels is not.
  const isUnit = next !== base && usualUnits.has(unit) && unit !== 3;
  return isUnit && lines.slice(1).every((line) => isBlank(line) || depthOf(line) % unit === 0)
    ? unit
    : undefined;
}

/** One level from the base on, if all depths are multiples and the first deeper line is in a block. */
function stepIn(lines: string[], base: number, { linePrefix }: Surroundings): number | undefined {
  const written = lines
    .map((line, at) => (at === 0 ? linePrefix + line : line))
    .filter((line) => !isBlank(line));
  const steps = written.slice(1).map((line) => depthOf(line) - base);
  const at = steps.findIndex((step) => step > 0);
  const step = steps[at];
  const before = written[at];
  if (step === undefined || before === undefined || !usualUnits.has(step)) return undefined;
  const isBlock = opensBlock(before) && !/[([]\s*$/.test(before);
  return isBlock && steps.every((one) => one % step === 0) ? step : undefined;
}

/**
 * For lines left of the block that the cursor is in, although nothing has closed it, or not deeper than the line
 * whose block they are in.
 */
function changeOfMargin(
  layout: Layout,
  { open, linePrefix, languageId }: Surroundings,
  first: string,
): Change {
  const { base, next, isDeeper, continues } = layout;
  const head = (linePrefix + first).trim();
  // The next line may have the same indentation after a label, as in a `switch`, and in a list or expression.
  const isSure = continues
    ? firstOfStatement.test(head) && !head.endsWith(',')
    : /(?:[{([]|[=-]>)$/.test(head) || (head.endsWith(':') && blocksByColon.has(languageId));
  if (isDeeper && (next < base || (next === base && base > 0 && isSure))) return (depth) => depth + base;
  const margin = open.at(-1)?.depth;
  const isTooFarLeft = margin !== undefined && next <= margin && base > margin;
  return isTooFarLeft && !isDeeper && isBlank(linePrefix) ? (depth) => depth + base - next : undefined;
}

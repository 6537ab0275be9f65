import { blocksByColon } from './layout.ts';
import { closersIn } from './brackets.ts';
import { closesBlock, depthOf, isBlank, tabWidth } from './lines.ts';
import { structureOf, type AnswerLine } from './structure.ts';
import { contentColumn, isConsistentYaml, isItem, isYaml } from './yamlLevels.ts';
import { maskOf, type Surroundings } from './surroundings.ts';

/** Columns that programs use for one level. */
const usualUnits = [4, 2, 8, 3];
/** The start of a line that continues the one above. */
const continuation =
  /^(?:[.?:+*/%&|=<>^,-]|(?:and|or|elif|else|elsif|catch|finally|rescue|ensure|except|then|do|where|is|in|when|unless)\b|(?:private )?(?:get|set)\b)/;
/** Where the cursor is inside a statement, whose level is unknown. */
const restOfStatement = /^(?:[:.?,]|&&|\|\|)/;
const label = /^(?:case\b.*:|default\s*:|(?:public|private|protected|signals)\b[^(]*:|\w+:$)/;
/** Its content may have the same indentation. */
const flat =
  /^(?:namespace\b|extern\b|switch\b|\w+:$|case\b|default\b|module\b|<(?:script|style|template|html|head|body)\b)/;
/** The next part of a statement with several blocks. */
const nextBlock = /^(?:(?:elif|else|elsif|elseif|catch|finally|rescue|ensure|except|when)\b|\{:(?=[a-z]))/;

interface Levels {
  /** Columns of the first line. */
  base: number;
  /** Columns of one level. */
  unit: number;
  languageId: string;
}

/**
 * Another indentation of an answer whose own one contradicts its structure, if that one does not: with levels of
 * another width, or from another margin.
 */
export function inOtherIndentation(text: string, around: Surroundings, unit: number, tabs: boolean): string {
  const lines = structureOf(text, around);
  const levels = { base: depthOf(lines[0]!.text), unit, languageId: around.languageId };
  const own = lines.map(({ depth }) => depth);
  if (restOfStatement.test(lines[0]!.text.trim())) return text;
  // The lines of a macro are one. After the end of a bracket, the indentation is that of its line.
  const masked = around.maskedLine + maskOf(text.split('\n', 1)[0]!, around);
  if (closersIn(masked.replace(/^[\s)\]}]+/, '')) > 0) return text;
  if (text.includes('\\\n') || isConsistent(lines, own, levels)) return text;
  for (const change of changesOf(lines, levels)) {
    const depths = moved(lines, change);
    if (depths && isConsistent(lines, depths, levels)) return rendered(text, depths, tabs);
  }
  return text;
}

type Change = (depth: number) => number;

/** The most likely first. */
function changesOf(lines: readonly AnswerLine[], { base, unit, languageId }: Levels): Change[] {
  const factors = [1, ...usualUnits.filter((one) => one !== unit).map((one) => unit / one)];
  const next = lines.findIndex((line, at) => at > 0 && (line.kind === 'code' || isInBlockComment(line)));
  const [first, second] = [lines[0]!, lines[next]];
  const isSibling = second && isItem(first) && isItem(second) && !first.opens;
  const inner = isYaml(languageId) && !isSibling ? contentColumn(first, base) : base;
  const inComment = second?.kind === 'comment';
  const expected = second?.partner === 0 ? base : inComment ? base + 1 : first.opens ? inner + unit : inner;
  const isKnown = second !== undefined && (first.opens || first.ends || second.partner === 0 || inComment);
  const start = second?.depth ?? 0;
  return [
    ...factors.slice(1).map((factor) => (depth: number) => depth * factor),
    ...(isKnown ? factors.map((factor) => (depth: number) => expected + (depth - start) * factor) : []),
    (depth) => depth - base,
    ...factors.map((factor) => (depth: number) => base + depth * factor),
    ...factors.slice(1).map((factor) => (depth: number) => base + (depth - base) * factor),
  ];
}

/** Its mark is one column right of the start of the comment. */
function isInBlockComment({ kind, text }: Pick<AnswerLine, 'kind' | 'text'>): boolean {
  return kind === 'comment' && /^\s*\*/.test(text);
}

/** The new indentation; undefined when the levels have no whole number of columns. */
function moved(lines: readonly AnswerLine[], change: Change): number[] | undefined {
  const depths: number[] = [lines[0]!.depth];
  let isStatement = false;
  for (const [at, { kind, depth, partner, text }] of lines.entries()) {
    if (kind === 'code') isStatement = /^\s*(?:[a-zA-Z]{0,2}["'`])/.test(text);
    if (at === 0) continue;
    const to = Math.max(0, change(depth));
    if (kind === 'code' && !Number.isInteger(to)) return undefined;
    if (to < lines[0]!.depth && depth >= lines[0]!.depth && kind !== 'blank') return undefined;
    const inComment = isInBlockComment({ kind, text }) && depth > 0;
    if (kind === 'aligned' && partner !== undefined)
      depths.push(Math.max(0, depths[partner]! + depth - lines[partner]!.depth));
    // A documentation string moves with the code, another one must not change.
    else if (kind === 'string' && !isStatement) depths.push(depth);
    else depths.push(inComment ? Math.max(0, Math.round(change(depth - 1))) + 1 : Math.round(to));
  }
  return depths;
}

function rendered(text: string, depths: readonly number[], tabs: boolean): string {
  const [first, ...rest] = text.split('\n');
  return [first, ...rest.map((line, at) => (isBlank(line) ? line : indented(line, depths[at + 1]!)))].join(
    '\n',
  );

  function indented(line: string, depth: number): string {
    if (depth === depthOf(line)) return line;
    const count = tabs ? Math.floor(depth / tabWidth) : 0;
    return '\t'.repeat(count) + ' '.repeat(depth - count * tabWidth) + line.trimStart();
  }
}

/** Whether every line of code is where its structure wants it. */
function isConsistent(lines: readonly AnswerLine[], depths: readonly number[], levels: Levels): boolean {
  if (isYaml(levels.languageId)) return isConsistentYaml(lines, depths, levels);
  const known = [levels.base];
  /** Columns of the statements that the lines belong to. */
  const heads = [levels.base];
  let comment: number | undefined;
  let before = { ...lines[0]!, depth: levels.base, head: levels.base };
  for (const [at, line] of lines.entries()) {
    heads[at] = before.head;
    if (line.kind === 'comment') {
      if (/^\s*\/\*/.test(line.text)) comment = depths[at];
      else if (isInBlockComment(line) && comment !== undefined && depths[at] !== comment + 1) return false;
      continue;
    }
    if (at === 0 || line.kind === 'blank') continue;
    if (line.kind !== 'code') {
      const depth = line.partner === undefined ? before.depth : depths[line.partner]!;
      if (line.kind === 'attribute' && depths[at] !== depth + levels.unit) return false;
      before = { ...line, depth, head: before.head };
      continue;
    }
    const depth = depths[at]!;
    // The answer has left the block.
    if (depth < levels.base && before.ends) return true;
    const text = line.text.trim();
    const isRest = !before.opens && !nextBlock.test(text) && (!before.ends || continuation.test(text));
    const { partner } = line;
    const closing = partner === undefined ? undefined : [depths[partner]!, heads[partner]!];
    if (!fits(line, depth, before, { known, closing, isRest, levels })) return false;
    while (known.length > 0 && known.at(-1)! > depth) known.pop();
    if (known.at(-1) !== depth && !isRest) known.push(depth);
    before = { ...line, depth, head: isRest ? before.head : depth };
    heads[at] = before.head;
  }
  return true;
}

interface Position {
  /** Columns of the blocks around. */
  known: readonly number[];
  /** Columns of the line that opened the bracket which the line closes, and of its statement. */
  closing: readonly number[] | undefined;
  isRest: boolean;
  levels: Levels;
}

function fits(
  line: AnswerLine,
  depth: number,
  before: AnswerLine & { head: number },
  { known, closing, isRest, levels: { unit, languageId } }: Position,
): boolean {
  const text = line.text.trim();
  if (closing !== undefined) return closing.includes(depth);
  if (closesBlock(text)) return depth <= before.depth && known.includes(depth);
  const isLabel = !blocksByColon.has(languageId) && label.test(text);
  if (nextBlock.test(text) && !before.opens) return depth <= before.depth && known.includes(depth);
  if (text === '{') return depth === before.head || depth === before.depth || known.includes(depth);
  if (text.startsWith('.') && isRest)
    return [0, 1, unit === 2 ? 2 : 1].includes((depth - before.head) / unit);
  if (before.opens) {
    const start = before.text.trim();
    const isFlat = (isLabel || flat.test(start)) && !blocksByColon.has(languageId);
    if (isFlat && depth === before.depth) return true;
    if (/[([]$/.test(start) && depth === before.depth + 2 * unit) return true;
    return depth === before.depth + unit || depth === before.head + unit;
  }
  return isRest ? depth >= (known.at(-1) ?? 0) : known.includes(depth);
}

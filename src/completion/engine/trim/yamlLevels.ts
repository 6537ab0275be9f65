import type { AnswerLine } from './structure.ts';

const yaml = new Set(['yaml', 'dockercompose', 'github-actions-workflow', 'ansible', 'home-assistant']);
const item = /^-(?=\s|$)/;
const scalarMark = /[:\s][|>][-+\d]*$/;
/** Columns of `- `. */
const itemWidth = 2;

export function isYaml(languageId: string): boolean {
  return yaml.has(languageId);
}

/** The column of a line's key or value, after the mark of an item. */
export function contentColumn({ text }: Pick<AnswerLine, 'text'>, depth: number): number {
  return depth + (item.test(text.trim()) ? itemWidth : 0);
}

/** Whether every line is where the key or item above it wants it. The text of a block may be indented more. */
export function isConsistentYaml(
  lines: readonly AnswerLine[],
  depths: readonly number[],
  { base, unit }: { base: number; unit: number },
): boolean {
  const known = [base, contentColumn(lines[0]!, base)];
  let before = { ...lines[0]!, depth: base };
  let scalar: number | undefined;
  for (const [at, line] of lines.entries()) {
    if (at === 0 || line.kind !== 'code') continue;
    const depth = depths[at]!;
    const column = contentColumn(before, before.depth);
    if (scalar !== undefined && depth > scalar) continue;
    if (depth < base) return true;
    const isInner = depth === column + unit || (item.test(line.text.trim()) && depth === column);
    const opensScalar = scalarMark.test(before.text.trim());
    const mayBeInner = before.opens || opensScalar;
    if (!(mayBeInner && isInner) && !known.includes(depth)) return false;
    scalar = opensScalar && isInner ? column : undefined;
    if (scalar !== undefined) continue;
    while (known.at(-1)! > depth) known.pop();
    known.push(depth, contentColumn(line, depth));
    before = { ...line, depth };
  }
  return true;
}

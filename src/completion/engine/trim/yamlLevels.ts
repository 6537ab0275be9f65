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
export function contentColumn(line: Pick<AnswerLine, 'text'>, depth: number): number {
  return depth + (isItem(line) ? itemWidth : 0);
}

/** Whether every line is where the key or item above it wants it. The text of a block may be indented more. */
export function isConsistentYaml(
  lines: readonly AnswerLine[],
  depths: readonly number[],
  { base, unit }: { base: number; unit: number },
): boolean {
  const columns: Columns = { items: [], keys: [] };
  let before = { ...lines[0]!, depth: base };
  let scalar: number | undefined;
  note(columns, before);
  for (const [at, own] of lines.entries()) {
    if (at === 0 || own.kind !== 'code') continue;
    const line = { ...own, depth: depths[at]! };
    const column = contentColumn(before, before.depth);
    if (scalar !== undefined && line.depth > scalar) continue;
    if (line.depth < base) return true;
    const isInner = line.depth === column + unit || (isItem(line) && line.depth === column);
    const opensScalar = scalarMark.test(before.text.trim());
    const known = isItem(line) ? columns.items : columns.keys;
    if (!((before.opens || opensScalar) && isInner) && !known.includes(line.depth)) return false;
    scalar = opensScalar && isInner ? column : undefined;
    if (scalar !== undefined) continue;
    note(columns, line);
    before = line;
  }
  return true;
}

/** Columns where an item or a key may follow. */
interface Columns {
  items: number[];
  keys: number[];
}

function note(columns: Columns, line: AnswerLine): void {
  for (const known of [columns.items, columns.keys])
    while (known.length > 0 && known.at(-1)! > line.depth) known.pop();
  if (isItem(line)) columns.items.push(line.depth);
  columns.keys.push(contentColumn(line, line.depth));
}

export function isItem({ text }: Pick<AnswerLine, 'text'>): boolean {
  return item.test(text.trim());
}

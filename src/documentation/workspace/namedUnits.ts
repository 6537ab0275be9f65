import type { Unit } from './fileOutline.ts';
import type { PlanItem } from './planItem.ts';

/**
 * All declarations of one name in a file: overloads, definitions for several conditions, methods of two
 * classes of one name. They share a page, so that its name stays when one of them is added or removed.
 */
export interface NamedUnit {
  name: string;
  /** Never empty; in the order of the file. */
  ranges: readonly PlanItem['lines'][];
  lineCount: number;
  /** Of all declarations together. */
  complexity: number | undefined;
  /** Whether each has one. */
  hasDocComment: boolean;
}

/** Groups units of one kind by their names. */
export function namedUnits(units: readonly Unit[]): NamedUnit[] {
  const byName = Map.groupBy(units, ({ name }) => name);
  return Array.from(byName, ([name, all]) => ({
    name,
    ranges: all.map(({ lines }) => lines).toSorted((one, other) => one.start - other.start),
    lineCount: all.reduce((sum, { lines }) => sum + lines.end - lines.start + 1, 0),
    complexity: all.reduce<number | undefined>(together, undefined),
    hasDocComment: all.every((unit) => unit.hasDocComment),
  }));
}

/** The place of a page about them. */
export function placeOf({ ranges }: NamedUnit): Pick<PlanItem, 'lines' | 'also'> {
  const [lines, ...also] = ranges;
  return { lines: lines!, ...(also.length > 0 && { also }) };
}

/** The paths through several functions: each adds its decisions. */
function together(sum: number | undefined, { complexity }: Unit): number | undefined {
  return complexity === undefined ? sum : sum === undefined ? complexity : sum + complexity - 1;
}

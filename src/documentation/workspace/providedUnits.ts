import { firstChars } from '../../text/clip.ts';
import type { Unit } from './fileOutline.ts';
import { simpleName } from './sourceRange.ts';

/** Most characters of a name; some providers return half of the code. */
const mostChars = 200;

/**
 * The units of a file from a symbol provider and our own outline. A provider may be wrong or incomplete, so
 * units outside the file or without their name in the code are dropped, and our own units that it does not
 * have are added. A unit of both is our own, so that `npm run document` names the page alike.
 * @param provided units of the provider
 * @param own units of our outline
 * @param isSure whether our outline is not only a guess
 */
export function mergedUnits(
  provided: readonly Unit[],
  own: readonly Unit[],
  lines: readonly string[],
  isSure: boolean,
): Unit[] {
  const byName = Map.groupBy(own, ({ kind, name }) => `${kind} ${simpleName(name)}`);
  const merged = new Set<Unit>(isSure ? own : []);
  for (const unit of provided) {
    const name = firstChars(unit.name.replaceAll(/\s+/g, ' ').trim(), mostChars);
    const cleaned = { ...unit, name };
    if (!isIn(cleaned, lines)) continue;
    const same = byName.get(`${unit.kind} ${simpleName(cleaned.name)}`) ?? [];
    merged.add(same.find((one) => overlap(one, unit)) ?? cleaned);
  }
  return [...merged].toSorted((one, other) => one.lines.start - other.lines.start);
}

function isIn({ name, lines: { start, end } }: Unit, lines: readonly string[]): boolean {
  if (name === '' || start < 0 || end < start || end >= lines.length) return false;
  const simple = simpleName(name);
  return lines.slice(start, end + 1).some((line) => line.includes(simple));
}

function overlap({ lines: one }: Unit, { lines: other }: Unit): boolean {
  return one.start <= other.end && other.start <= one.end;
}

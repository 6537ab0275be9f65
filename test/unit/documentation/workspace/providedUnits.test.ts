import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { outlineOf, type Unit } from '../../../../src/documentation/workspace/fileOutline.ts';
import { mergedUnits } from '../../../../src/documentation/workspace/providedUnits.ts';

const text = `export class Stock {
  add(item) {
    if (!item) return 0;
    if (item > 9) return 9;
    return item;
  }
  get size() {
    if (this.all) return this.all.length;
    return 0;
  }
}
`;
const lines = text.split('\n');
const own = outlineOf(text, 'javascript').units;
const unit = (name: string, start: number, end: number, kind: Unit['kind'] = 'function'): Unit => ({
  name,
  kind,
  lines: { start, end },
  complexity: 1,
  hasDocComment: false,
});
const namesOf = (units: readonly Unit[]): string[] => units.map(({ name }) => name);

describe('the units of a symbol provider', () => {
  it('get our names when we know them too, and ours are added when the provider has fewer', () => {
    const provided = [unit('Stock.add(item) : number', 1, 5)];
    assert.deepEqual(namesOf(mergedUnits(provided, own, lines, true)), namesOf(own));
    assert.deepEqual(namesOf(mergedUnits(provided, own, lines, false)), ['Stock.add']);
  });

  it('are kept when only the provider knows them', () => {
    const merged = mergedUnits([unit('Stock.all', 6, 9)], own, lines, true);
    assert.deepEqual(new Set(namesOf(merged)), new Set([...namesOf(own), 'Stock.all']));
  });

  it('are dropped when they are nonsense, whatever it is, and ours stay', () =>
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            name: fc.oneof(fc.constantFrom('add', 'Stock', '', ' ', 'x\ny'), fc.string()),
            start: fc.integer({ min: -5, max: 50 }),
            end: fc.integer({ min: -5, max: 50 }),
            kind: fc.constantFrom('function' as const, 'class' as const),
          }),
        ),
        (provided) => {
          const all = provided.map(({ name, start, end, kind }) => unit(name, start, end, kind));
          const merged = mergedUnits(all, own, lines, true);
          assert.ok(own.every((one) => merged.includes(one)));
          for (const { name, lines: range } of merged) {
            assert.ok(range.start >= 0 && range.start <= range.end && range.end < lines.length);
            assert.ok(name !== '' && !/[\n\r]/.test(name));
          }
        },
      ),
    ));
});

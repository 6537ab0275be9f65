import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { degenerateTexts, repeated, type NamedText } from './degenerateTexts.ts';
import { fragments } from './fragments.ts';
import { superlinearGrowth } from './growth.ts';
import { spread, textFunctions, type TextFunction } from './textFunctions.ts';

/**
 * Characters. Long enough to detect a quadratic function, short enough for thousands of calls; the benchmark
 * uses more.
 */
const longest = 4096;

/** Tests that the time of no function of a folder grows faster than its text. */
export async function testGrowth(folder: string): Promise<void> {
  const functions = await textFunctions(folder);
  describe(`the time of ${folder} grows no faster than the text`, () => {
    for (const [textFunction, texts] of spread(functions, degenerateTexts))
      it(textFunction.name, () => {
        const grown = texts.flatMap((text) => growth(textFunction, text));
        assert.deepEqual(grown, []);
      });

    it('for any repeated piece', () => {
      const piece = fc.array(fc.constantFrom(...fragments), { minLength: 1, maxLength: 4 });
      const end = fc.constantFrom('', '\n', ...fragments);
      fc.assert(
        fc.property(fc.constantFrom(...functions), piece, end, end, (textFunction, unit, head, tail) => {
          assert.deepEqual(growth(textFunction, repeated(unit.join(''), head, tail)), []);
        }),
        { numRuns: 150 },
      );
    });
  });
}

/** The problem in words; empty when there is none. */
function growth({ name, run }: TextFunction, text: NamedText): string[] {
  try {
    const found = superlinearGrowth(run, text.make, longest);
    if (!found) return [];
    return [
      `${name}: ${text.name}, ${found.length} characters take ${Math.round(found.times)} times as long as a sixteenth`,
    ];
  } catch (error) {
    return [
      `${name}: ${text.name}: ${String(error)} (a function that cannot be called so belongs into test/support/textFunctions.ts)`,
    ];
  }
}

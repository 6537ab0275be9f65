import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inEnglish } from '../../../src/http/message.ts';
import * as fc from 'fast-check';
import type { Omission } from '../../../src/prompts/omission.ts';
import { linesOf } from '../../../src/text/markdown.ts';
import { buildPrompt } from '../../../src/prompts/prompt.ts';
import { budget, fileOf, symbolIn, numbered } from './subjects.ts';

/** Rebuilds the file from what was sent and the lines that the marks name. */
function sentLines(prompt: string, fileText: string): string[] {
  const block = /\n(?:\[\.\.\. .*\n)?(`{3,})\w*\n([^]*?)\1\n/.exec(prompt)?.[2] ?? '';
  const marks = Array.from(prompt.matchAll(/^\[\.\.\. lines? (\d+)(?:-(\d+))? left out \.\.\.\]$/gm));
  const sent = linesOf(block);
  const lines = linesOf(fileText);
  let at = 0;
  const rebuilt: string[] = [];
  for (const [, first = '', last = first] of marks) {
    rebuilt.push(...sent.splice(0, Number(first) - 1 - at));
    rebuilt.push(...lines.slice(Number(first) - 1, Number(last)));
    at = Number(last);
  }
  return [...rebuilt, ...sent];
}

function sentLength({ args: [first, last] }: Omission): number {
  return Number(last) - Number(first);
}

describe('what is left out', () => {
  test('is nothing for a small file', () => {
    const { omitted, prompt } = buildPrompt('explain', symbolIn(numbered(50), 10, 12), budget);
    assert.equal(omitted, undefined);
    assert.ok(!prompt.includes('left out'));
  });

  test('is nothing for a long file that was asked about as a whole and fits', () => {
    const fileText = numbered(400);
    const { omitted, prompt } = buildPrompt('findBugs', fileOf(fileText), budget);
    assert.equal(omitted, undefined);
    assert.ok(prompt.includes(fileText));
  });

  test('is code far around a symbol of a long file, evenly', () => {
    const fileText = numbered(2_000);
    const { omitted, prompt } = buildPrompt('explain', symbolIn(fileText, 1_000, 1_009), budget);
    const [, first, last] =
      /^Only lines (\d+)-(\d+) of src\/a\.ts were sent\.$/.exec(omitted ? inEnglish(omitted) : '') ?? [];
    assert.equal(omitted?.insideSubject, false);
    assert.ok(Math.abs(1_000 - Number(first) - (Number(last) - 1_009)) <= 1, `${first}-${last}`);
    assert.ok(prompt.includes(`[... lines 1-${Number(first) - 1} left out ...]\n`));
    assert.ok(prompt.includes(`[... lines ${Number(last) + 1}-2000 left out ...]\n`));
    assert.ok(prompt.includes(`(TypeScript, lines ${first}-${last} of 2000)`));
    assert.deepEqual(sentLines(prompt, fileText), linesOf(fileText));
  });

  test('at an end of the file leaves the space to the other side', () => {
    const fileText = 'compute(first, second);\n'.repeat(2_000);
    const top = buildPrompt('explain', symbolIn(fileText, 1, 5), budget).omitted;
    const middle = buildPrompt('explain', symbolIn(fileText, 1_001, 1_005), budget).omitted;
    assert.ok(top && middle && Math.abs(sentLength(top) - sentLength(middle)) <= 1);
  });

  test('inside a subject that is longer than the window is its end', () => {
    const fileText = numbered(3_000);
    const { omitted, prompt } = buildPrompt('explain', symbolIn(fileText, 101, 2_900), {
      ...budget,
      numCtx: 4_096,
    });
    assert.equal(omitted?.insideSubject, true);
    const pattern =
      /^Lines (\d+)-2900 of src\/a\.ts were left out: the code is longer than the context window of 4096 tokens\.$/;
    const [, missing] = pattern.exec(inEnglish(omitted)) ?? [];
    assert.ok(Number(missing) > 102, inEnglish(omitted));
    assert.ok(prompt.includes('[... lines 1-100 left out ...]\n```typescript\nconst line101 ='));
    assert.ok(prompt.includes(`const line${Number(missing) - 1} =`));
    assert.ok(!prompt.includes(`const line${missing} =`));
    assert.ok(prompt.includes(`[... lines ${missing}-3000 left out ...]\n`));
  });

  test('separates the message and its values for translation', () => {
    const { omitted } = buildPrompt('explain', symbolIn(numbered(2_000), 1_000, 1_009), budget);
    assert.equal(omitted?.template, 'Only lines {0}-{1} of {2} were sent.');
    assert.equal(omitted.args[2], 'src/a.ts');
  });

  test('always names the right lines', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.string({ unit: fc.constantFrom('x', ' ', '(', '\u00e9'), minLength: 1, maxLength: 200 }),
          { minLength: 1, maxLength: 400 },
        ),
        fc.nat(),
        fc.nat(),
        fc.integer({ min: 1_024, max: 6_000 }),
        (lines, from, to, numCtx) => {
          const fileText = `${lines.join('\n')}\n`;
          const [first = 1, last = 1] = [(from % lines.length) + 1, (to % lines.length) + 1].toSorted(
            (a, b) => a - b,
          );
          const { prompt, omitted } = buildPrompt('explain', symbolIn(fileText, first, last), {
            ...budget,
            numCtx,
          });
          assert.deepEqual(sentLines(prompt, fileText), lines);
          assert.equal(omitted === undefined, !prompt.includes('left out ...]'));
        },
      ),
      { numRuns: 300 },
    );
  });
});

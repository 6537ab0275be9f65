import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { lineDiff } from '../../../src/text/lineDiff.ts';

/** Applies hunks as `patch` does. */
function applied(old: readonly string[], hunks: readonly string[]): string[] {
  const result: string[] = [];
  let at = 0;
  for (const line of hunks) {
    const [head, first, count] = /^@@ -(\d+),(\d+) \+\d+,\d+ @@$/.exec(line) ?? [];
    if (head !== undefined) {
      const from = Number(count) === 0 ? Number(first) : Number(first) - 1;
      result.push(...old.slice(at, from));
      at = from;
    } else if (line[0] === '+') result.push(line.slice(1));
    else {
      assert.equal(old[at++], line.slice(1));
      if (line[0] === ' ') result.push(line.slice(1));
    }
  }
  return [...result, ...old.slice(at)];
}

test('the hunks turn the old text into the new one', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd', ''), { maxLength: 40 });
  fc.assert(
    fc.property(text, text, (old, fresh) => assert.deepEqual(applied(old, lineDiff(old, fresh)), fresh)),
  );
});

test('a small change is a small hunk, and no change is none', () => {
  const old = Array.from({ length: 100 }, (_, index) => `line ${index}`);
  const fresh = old.with(50, 'new');
  assert.deepEqual(lineDiff(old, fresh), [
    '@@ -48,7 +48,7 @@',
    ...[' line 47', ' line 48', ' line 49', '-line 50', '+new', ' line 51', ' line 52', ' line 53'],
  ]);
  assert.deepEqual(lineDiff(old, old), []);
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { agrees, pauseMs, suffixBudget, SuggestionCache } from '../../../../src/completion/engine/index.ts';

const place = { prefix: 'const a = ', suffix: ';\n', languageId: 'typescript', multiline: false };
const typedOn = (typed: string) => ({ ...place, prefix: place.prefix + typed });

describe('the cache of suggestions', () => {
  test('gives the rest while its text is typed', () => {
    const cache = new SuggestionCache();
    cache.add(place, 'first(second)');
    assert.equal(cache.find(place), 'first(second)');
    assert.equal(cache.find(typedOn('first')), '(second)');
    assert.equal(cache.find(typedOn('first(second')), ')');
  });

  test('gives nothing for another text, another place or one that is all typed', () => {
    const cache = new SuggestionCache();
    cache.add(place, 'first');
    assert.equal(cache.find(typedOn('fx')), undefined);
    assert.equal(cache.find(typedOn('first')), undefined);
    assert.equal(cache.find({ ...place, prefix: 'const b = ' }), undefined);
    assert.equal(cache.find({ ...place, suffix: ' + 1;\n' }), undefined);
    assert.equal(cache.find({ ...place, prefix: 'const a =' }), undefined);
    assert.equal(cache.find({ ...place, languageId: 'python' }), undefined);
  });

  test('gives it again after what was typed is deleted', () => {
    const cache = new SuggestionCache();
    cache.add(place, 'first');
    assert.equal(cache.find(typedOn('fx')), undefined);
    assert.equal(cache.find(typedOn('f')), 'irst');
  });

  test('prefers the suggestion that knows most of the text, then the latest', () => {
    const cache = new SuggestionCache();
    cache.add(typedOn('fi'), 'rst()');
    cache.add(place, 'first');
    assert.equal(cache.find(typedOn('fir')), 'st()');
    cache.add(typedOn('fi'), 'rst(1)');
    assert.equal(cache.find(typedOn('fir')), 'st(1)');
  });

  test('keeps the suggestion for the position after an acceptance', () => {
    const cache = new SuggestionCache();
    cache.add(place, 'first');
    cache.add(typedOn('first'), '.name');
    assert.equal(cache.find(typedOn('first')), '.name');
  });

  test('continues after a bracket that the editor closes', () => {
    const cache = new SuggestionCache();
    const open = { ...place, prefix: 'log', suffix: '\n' };
    cache.add(open, "(['a'], b)");
    assert.equal(cache.find({ ...open, prefix: 'log(', suffix: ')\n' }), "['a'], b");
    assert.equal(cache.find({ ...open, prefix: "log(['", suffix: "'])\n" }), 'a');
    assert.equal(cache.find({ ...open, prefix: 'log(', suffix: ']\n' }), undefined);
  });

  test('a single line is not used when several were requested', () => {
    const cache = new SuggestionCache();
    cache.add(place, 'first');
    assert.equal(cache.find({ ...place, multiline: true }), undefined);
  });

  test('forgets the oldest, and all when it is cleared', () => {
    const cache = new SuggestionCache(2);
    for (const name of ['a', 'b', 'c']) cache.add({ ...place, prefix: name }, 'x');
    assert.equal(cache.find({ ...place, prefix: 'a' }), undefined);
    assert.equal(cache.find({ ...place, prefix: 'c' }), 'x');
    cache.clear();
    assert.equal(cache.find({ ...place, prefix: 'c' }), undefined);
  });

  test('for any typed text, the result completes one of the suggestions', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', '(', ' '), maxLength: 6 });
    fc.assert(
      fc.property(fc.array(fc.tuple(word, word), { maxLength: 5 }), word, (entries, typed) => {
        const cache = new SuggestionCache();
        for (const [before, text] of entries) cache.add({ ...place, prefix: before }, text);
        const found = cache.find({ ...place, prefix: typed });
        const all = entries.map(([before, text]) => before + text);
        assert.ok(found === undefined || all.includes(typed + found));
        const possible = entries.some(
          ([before, text]) =>
            typed.startsWith(before) && (before + text).startsWith(typed) && before + text !== typed,
        );
        assert.equal(found !== undefined, possible);
      }),
    );
  });
});

describe('the pause after a key', () => {
  test('is the shortest at first, and when everything is fast', () => {
    assert.equal(pauseMs([]), 120);
    assert.equal(pauseMs([20, 30]), 120);
  });
  test('is the mean of the waits', () => assert.equal(pauseMs([200, 300, 400]), 300));
  test('is that of the last ten', () =>
    assert.equal(pauseMs([...Array<number>(50).fill(5000), ...Array<number>(10).fill(200)]), 200));
  test('has a maximum', () => assert.equal(pauseMs([10_000]), 800));
  test('ignores invalid times', () => assert.equal(pauseMs([Number.NaN, Infinity, -5, 300]), 300));
});

describe('tokens of the suffix', () => {
  test('are those of almost 0.15 s, without the few that are read besides it', () =>
    assert.equal(suffixBudget(2000), 286));
  test('are a few at least', () => {
    assert.equal(suffixBudget(10), 16);
    assert.equal(suffixBudget(undefined), 16);
    assert.equal(suffixBudget(Number.NaN), 16);
  });
  test('are those of 64 lines at most', () => {
    assert.equal(suffixBudget(100_000), 768);
    assert.equal(suffixBudget(Infinity), 768);
  });
  test('do not cost more than that on a slow machine', () => assert.ok(suffixBudget(150) + 4 <= 150 * 0.15));
});

describe('a running answer and the typed text', () => {
  for (const [running, typed, same] of [
    ['first', 'fi', true],
    ['fi', 'first', true],
    ['', 'x', true],
    ['first', '', true],
    ['first', 'fo', false],
    ['a\n  b', 'a\r\n  ', true],
  ] as const) {
    test(`${JSON.stringify(running)} and ${JSON.stringify(typed)}`, () =>
      assert.equal(agrees(running, typed), same));
  }
});

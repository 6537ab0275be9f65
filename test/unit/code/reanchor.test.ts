import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { applied, reanchored, type TextChange } from '../../../src/code/reanchor.ts';
import { gapAt } from '../../../src/code/insertion.ts';

const file = 'one\ntwo\nthree\nfour\nfive\n';

/** Replaces a word of the file by `NEW`. */
function change(word: string, text = file): TextChange {
  const start = text.indexOf(word);
  return { start, end: start + word.length, text: 'NEW' };
}

function after(now: string, ...changes: TextChange[]): string | undefined {
  const moved = reanchored(file, now, changes);
  return moved && applied(now, moved);
}

describe('a change finds its position', () => {
  test('when nothing has changed', () => {
    assert.equal(after(file, change('three')), 'one\ntwo\nNEW\nfour\nfive\n');
  });

  test('when the text has changed only after it, or only before it', () => {
    assert.equal(after('one\ntwo\nthree\nFOUR\n', change('two')), 'one\nNEW\nthree\nFOUR\n');
    assert.equal(
      after('0\n1\none\ntwo\nthree\nfour\nfive\n', change('two')),
      '0\n1\none\nNEW\nthree\nfour\nfive\n',
    );
  });

  test('when its lines are elsewhere, but only once', () => {
    assert.equal(after('three\none\ntwo\nfour\nfive\n!', change('three')), 'NEW\none\ntwo\nfour\nfive\n!');
    assert.equal(after('!three\none\ntwo\nfour\nfive', change('three')), undefined);
    assert.equal(after('!\nthree\none\nthree\n!', change('three')), undefined);
  });

  test('not at a line that only looks like the one that has changed', () => {
    const twins = 'a\nreturn;\nb\nreturn;\nc\n';
    const first: TextChange = { start: 2, end: 9, text: 'NEW' };
    assert.equal(reanchored(twins, '!a\nreturn 1;\nb\nreturn;\nc!\n', [first]), undefined);
  });

  test('not when its own text has changed', () => {
    assert.equal(after('one\ntwo\nTHREE\nfour\nfive\n', change('three')), undefined);
    assert.equal(after('', change('three')), undefined);
  });

  test('all or nothing', () => {
    const both = [change('two'), change('four')];
    assert.equal(after('!one\ntwo\nthree\nfour\nfive!\n', ...both), '!one\nNEW\nthree\nNEW\nfive!\n');
    assert.equal(after('!one\ntwo\nthree\n4\nfive!\n', ...both), undefined);
  });

  test('an insertion goes with its line', () => {
    const insertion = { start: 8, end: 8, text: 'NEW\n' };
    assert.equal(after('!one\ntwo\nfour\nthree\nfive!\n', insertion), '!one\ntwo\nfour\nNEW\nthree\nfive!\n');
    assert.equal(after('!one\ntwo\nfour\n3\nfive!\n', insertion), undefined);
  });

  const anyText = fc
    .array(fc.constantFrom('a', 'b', 'cd', '\n', '\r\n', '}', ' '), { maxLength: 30 })
    .map((parts) => parts.join(''));

  test('and always replaces exactly what it was made to replace', () => {
    fc.assert(
      fc.property(anyText, anyText, fc.nat(), fc.nat(), (original, now, from, to) => {
        const [start, end] = [from % (original.length + 1), to % (original.length + 1)].toSorted(
          (a, b) => a - b,
        ) as [number, number];
        const [moved] = reanchored(original, now, [{ start, end, text: 'NEW' }]) ?? [];
        if (moved) assert.equal(now.slice(moved.start, moved.end), original.slice(start, end));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a text inserted at the cursor', () => {
  const insert = (text: string, offset: number, inserted: string, eol: '\n' | '\r\n' = '\n'): string => {
    const gap = gapAt({ fileText: text, offset, eol });
    return applied(text, [gap.change(inserted)]);
  };

  test('goes below the line of the cursor', () => {
    assert.equal(insert('a\nbc\nd\n', 3, 'x\ny'), 'a\nbc\nx\ny\nd\n');
    assert.equal(insert('a', 1, 'x'), 'a\nx');
    assert.equal(insert('a\r\nb', 0, 'x\ny', '\r\n'), 'a\r\nx\r\ny\r\nb');
  });

  test('replaces an empty line', () => {
    assert.equal(insert('a\n  \nb', 4, '  x'), 'a\n  x\nb');
    assert.equal(insert('', 0, 'x'), 'x');
    assert.equal(insert('a\r\n\r\nb', 3, 'x', '\r\n'), 'a\r\nx\r\nb');
  });

  test('gets the indentation there', () => {
    assert.equal(gapAt({ fileText: 'a\n\t\tb', offset: 5, eol: '\n' }).indentation, '\t\t');
  });
});

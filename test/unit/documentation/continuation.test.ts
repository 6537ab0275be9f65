import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { continuationIn } from '../../../src/documentation/continuation.ts';

/** The page after its text was continued in the other document. */
function joined(text: string, end: number, other: string): string {
  const found = continuationIn({ text, end }, other);
  assert.ok(found);
  return other.slice(0, found.offset) + found.missing + other.slice(found.offset);
}

const inkOf = (text: string): string => text.replaceAll(/\s+/g, '');

describe('where a page continues in a document made from an earlier state of it', () => {
  test('in the same text, at its end', () => {
    assert.deepEqual(continuationIn({ text: 'One two', end: 7 }, 'One two'), { offset: 7, missing: '' });
  });

  test('before the text that the user has written after it', () => {
    assert.equal(joined('One two three\nmine', 13, 'One\nmine'), 'One two three\nmine');
    assert.equal(joined('One two three\nmine', 13, 'One two\nmi'), 'One two three\nmi');
  });

  test('in an empty file: all of it', () => {
    assert.equal(joined('One two\nmine', 7, ''), 'One two');
  });

  test('when lines were trimmed or broken differently', () => {
    assert.equal(joined('a  \nb, c', 8, 'a\r\nb\n'), 'a\r\nb, c\n');
  });

  test('when a formatter has changed marks and tables', () => {
    const text = '- **Type:** x\n\n| a | b |\n| - | - |\n\nThese are some words. And more';
    const other = '*   __Type:__ x\n\n| a   | b   |\n| --- | --- |\n\nThese are some words.\n';
    assert.equal(joined(text, text.length, other), `${other.trimEnd()} And more\n`);
  });

  test('when a formatter has changed words: by the last words', () => {
    const text = '# Title\n\nThese are some words at the end. And more';
    const other = '# TITLE (draft)\n\nThese are some words at the end.\n';
    assert.equal(joined(text, text.length, other), `${other.trimEnd()} And more\n`);
  });

  test('nowhere in a document without any of it', () => {
    assert.equal(continuationIn({ text: 'One two', end: 7 }, 'something else'), undefined);
  });

  const text = fc
    .array(
      fc.constantFrom('a', 'b', 'word', '.', '- ', '**', '|', ' ', '  ', '\n', '\n\n', '🐛', 'é', '語'),
      {
        maxLength: 60,
      },
    )
    .map((all) => all.join(''));

  /** The effect of saving on white space. */
  const saved = (one: string): string =>
    `${one
      .replaceAll(/[ \t]+$/gm, '')
      .trimEnd()
      .replaceAll('\n', '\r\n')}\r\n`;

  test('nothing is lost or repeated, whenever it was saved and however white space was changed', () => {
    fc.assert(
      fc.property(text, fc.nat(), fc.boolean(), (page, cut, formatted) => {
        const early = page.slice(0, cut % (page.length + 1));
        fc.pre(!/[\uD800-\uDBFF]$/.test(early));
        const other = formatted ? saved(early) : early;
        assert.equal(inkOf(joined(page, page.length, other)), inkOf(page));
      }),
      { numRuns: 2000 },
    );
  });

  test("the user's text after it stays after it, and the page's text is complete", () => {
    fc.assert(
      fc.property(text, fc.nat(), (page, cut) => {
        const early = page.slice(0, cut % (page.length + 1));
        fc.pre(!/[\uD800-\uDBFF]$/.test(early));
        const now = `${page}\nMINE`;
        assert.equal(inkOf(joined(now, page.length, `${early}\nMINE`)), inkOf(now));
      }),
      { numRuns: 2000 },
    );
  });

  test('takes time in proportion to the text', () => {
    const long = 'same words again and again. '.repeat(20_000);
    const found = continuationIn({ text: long, end: long.length }, `${long.slice(0, 300_000)}\n`);
    assert.equal(long.length - (found?.missing.length ?? 0), 300_000);
  });
});

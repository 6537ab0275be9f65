import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { PageProgress, type ChangeReason, type TextChange } from '../../../src/documentation/pageProgress.ts';

/** A document as VS Code keeps it, with the operations of a page. */
class Sheet {
  text = '';
  readonly progress = new PageProgress('');

  change(rangeOffset: number, rangeLength: number, text: string, reason: ChangeReason = 'edit'): TextChange {
    const change = { rangeOffset, rangeLength, text };
    this.text = this.text.slice(0, rangeOffset) + text + this.text.slice(rangeOffset + rangeLength);
    this.progress.follow([change], this.text, reason);
    return change;
  }

  write(text = '', last = false): void {
    this.progress.add(text);
    const next = this.progress.next(last);
    if (!next) return;
    const isSeen = this.progress.expect(next);
    this.change(this.progress.end, 0, next);
    assert.ok(isSeen());
  }
}

describe("a page's text in its document", () => {
  test('keeps white space back until something follows', () => {
    const sheet = new Sheet();
    sheet.write('One \n');
    assert.equal(sheet.text, 'One');
    sheet.write('two');
    assert.equal(sheet.text, 'One \ntwo');
    sheet.write(' \n', true);
    assert.equal(sheet.text, 'One \ntwo \n');
  });

  test('continues before text typed or inserted at its end', () => {
    const sheet = new Sheet();
    sheet.write('One');
    sheet.change(3, 0, '\n');
    sheet.change(4, 0, 'mine');
    sheet.write(' two');
    assert.equal(sheet.text, 'One two\nmine');
  });

  test('omits text that the user has deleted, and writes undone text again', () => {
    const sheet = new Sheet();
    sheet.write('One two');
    sheet.change(3, 4, '');
    sheet.write(' three');
    assert.equal(sheet.text, 'One three');
    sheet.change(3, 6, '', 'undo');
    sheet.write(' four');
    assert.equal(sheet.text, 'One three four');
  });

  test('does not repeat text that was undone and redone', () => {
    const sheet = new Sheet();
    sheet.write('One');
    sheet.write(' two');
    sheet.change(3, 4, '', 'undo');
    sheet.change(3, 0, ' two', 'redo');
    sheet.write(' three');
    assert.equal(sheet.text, 'One two three');
  });

  test('writes missing text again after the file was reloaded', () => {
    const sheet = new Sheet();
    sheet.write('One two three');
    sheet.change(4, 9, '', 'reload');
    sheet.write(' four');
    assert.equal(sheet.text.trim(), 'One two three four');
  });

  test('does not count text inserted elsewhere as its own', () => {
    const sheet = new Sheet();
    sheet.progress.add('One');
    const isSeen = sheet.progress.expect('One');
    sheet.change(0, 0, 'Mine');
    assert.equal(isSeen(), false);
    assert.equal(sheet.progress.next(true), 'One');
  });

  /** Text of the user's, at a position in hundredths of the text. */
  const edits = fc.record({
    place: fc.nat(100),
    length: fc.nat(3),
    text: fc.constantFrom('', 'X', '\n', 'YY '),
  });

  test('a page with edits at its end and elsewhere is complete, and so is the typed text', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ piece: fc.stringMatching(/^[a-c \n]{0,6}$/), edit: edits })),
        (steps) => {
          const sheet = new Sheet();
          let expected = '';
          for (const { piece, edit } of steps) {
            sheet.write(piece);
            expected += piece;
            // Insertions only, because deleted text is gone on purpose.
            const place = Math.floor((edit.place / 100) * sheet.text.length);
            sheet.change(place, 0, edit.text.trim());
          }
          sheet.write('.', true);
          const own = sheet.text.replaceAll(/[XY]/g, '');
          assert.equal(own, `${expected}.`);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('continued in a document from any earlier moment, nothing is missing or repeated', () => {
    const pieces = fc.array(fc.stringMatching(/^[a-c \n]{0,6}$/), { maxLength: 20 });
    fc.assert(
      fc.property(pieces, pieces, fc.nat(), (before, after, moment) => {
        const sheet = new Sheet();
        const states = [''];
        for (const piece of before) {
          sheet.write(piece);
          states.push(sheet.text);
        }
        sheet.progress.add(after.join(''));
        // As in VS Code for an untitled document that has been saved.
        if (sheet.text !== '') sheet.change(0, sheet.text.length, '');
        const saved = `${states[moment % states.length]!.replaceAll(/[ \t]+$/gm, '')}\n`;
        sheet.text = saved;
        sheet.progress.adopt(saved);
        sheet.write('.', true);
        const ink = (text: string): string => text.replaceAll(/\s+/g, '');
        assert.equal(ink(sheet.text), ink(`${before.join('')}${after.join('')}.`));
      }),
      { numRuns: 1000 },
    );
  });
});

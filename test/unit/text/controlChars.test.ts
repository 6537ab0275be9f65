/** No text of a model controls a terminal, and none of it is lost. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { escapeControlChars } from '../../../src/text/controlChars.ts';

test('escape sequences of terminals are shown', () => {
  assert.equal(
    escapeControlChars('\u001b[31mred\u001b[0m \u001b]8;;https://evil.example\u0007link\b\u007f\u009b'),
    '␛[31mred␛[0m ␛]8;;https://evil.example␇link␈␡\ufffd',
  );
});

test('text, code and all languages stay as they are', () => {
  const text = 'if (a) {\r\n\treturn "é 日本 🙂";\n}\f\n';
  assert.equal(escapeControlChars(text), text);
});

test('every character stays one, and none controls a terminal', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat(), (text, cut) => {
      const shown = escapeControlChars(text);
      assert.equal(shown.length, text.length);
      assert.doesNotMatch(shown, /(?![\t\n\f\r])\p{Cc}/u);
      const at = cut % (text.length + 1);
      assert.equal(escapeControlChars(text.slice(0, at)) + escapeControlChars(text.slice(at)), shown);
    }),
  );
});

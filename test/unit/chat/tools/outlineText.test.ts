import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outlineText } from '../../../../src/chat/tools/outlineText.ts';

test('an outline names what is declared, with lines, complexity and doc comment', () => {
  const code = `/** A basket. */
export class Basket {
  add(item) {
    if (item && item.ok) this.items.push(item);
  }
}

function empty() {
  return new Basket();
}
`;
  assert.equal(
    outlineText('src/a.js', code, 'javascript'),
    [
      'src/a.js: 10 lines',
      'class Basket: lines 2-6, complexity 3, has a doc comment',
      'function Basket.add: lines 3-5, complexity 3',
      'function empty: lines 8-10, complexity 1',
    ].join('\n'),
  );
});

test('a file without declarations and an unknown language have no declarations', () => {
  assert.match(outlineText('a.txt', 'Hello', 'plaintext'), /^a\.txt: 1 line, no functions/);
  assert.match(outlineText('a.js', '', 'javascript'), /no functions/);
});

test('a long outline is cut, with a note', () => {
  const code = Array.from({ length: 300 }, (_, index) => `function f${index}() {}\n`).join('');
  const lines = outlineText('a.js', code, 'javascript').split('\n');
  assert.equal(lines.length, 122);
  assert.equal(lines.at(-1), '(180 more)');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeIn } from '../../src/answers/singleCodeBlock.ts';

test('the code of an answer is that of its only code block', () => {
  assert.equal(codeIn('Use this:\n\n```ts\nlet a = 1;\n\nlet b;\n```\n\nDone.'), 'let a = 1;\n\nlet b;');
  assert.equal(codeIn('````md\n```js\nx\n```\n````'), '```js\nx\n```');
  assert.equal(codeIn('1. So:\n   ```js\n   a\n     b\n   ```'), 'a\n  b');
  assert.equal(codeIn('~~~\r\na\r\n~~~'), 'a');
});

test('none, several or a broken block are no code', () => {
  assert.equal(codeIn('Nothing here.'), undefined);
  assert.equal(codeIn('```\na\n```\n```\nb\n```'), undefined);
  assert.equal(codeIn('```\na'), undefined);
  assert.equal(codeIn('Use ```a``` so.'), undefined);
});

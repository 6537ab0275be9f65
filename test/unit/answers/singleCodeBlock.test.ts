import assert from 'node:assert/strict';
import { test } from 'node:test';
import { singleCodeBlock } from '../../../src/answers/singleCodeBlock.ts';

test('the code of an answer is that of its only code block', () => {
  assert.equal(
    singleCodeBlock('Use this:\n\n```ts\nlet a = 1;\n\nlet b;\n```\n\nDone.'),
    'let a = 1;\n\nlet b;',
  );
  assert.equal(singleCodeBlock('````md\n```js\nx\n```\n````'), '```js\nx\n```');
  assert.equal(singleCodeBlock('1. So:\n   ```js\n   a\n     b\n   ```'), 'a\n  b');
  assert.equal(singleCodeBlock('~~~\r\na\r\n~~~'), 'a');
});

test('no block, several blocks or an incomplete block give no code', () => {
  assert.equal(singleCodeBlock('Nothing here.'), undefined);
  assert.equal(singleCodeBlock('```\na\n```\n```\nb\n```'), undefined);
  assert.equal(singleCodeBlock('```\na'), undefined);
  assert.equal(singleCodeBlock('Use ```a``` so.'), undefined);
});

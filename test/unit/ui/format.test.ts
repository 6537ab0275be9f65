/** Numbers as users know them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

await import('../../support/chatVscode.ts');
const { memoryText, sizeText } = await import('../../../src/ui/format.ts');

test('the memory of a machine is what its owner bought, although the system keeps a little', () => {
  const shown = [0.5, 2, 7.6, 15.5, 31.2, 64].map((size) => memoryText(size * 2 ** 30));
  assert.deepEqual(shown, ['0.5 GB', '2 GB', '8 GB', '16 GB', '32 GB', '64 GB']);
});

test('sizes of files are decimal, as Ollama and disks have them', () => {
  assert.deepEqual([986_061_892, 4.7e9, 12e9].map(sizeText), ['986 MB', '4.7 GB', '12 GB']);
});

/** The index of pages in a README that belongs to the user. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { PageStore, UnsavedError } from '../../../../src/documentation/workspace/pageStore.ts';
import { MemoryFiles } from './memoryFiles.ts';
import { withIndex, type IndexedPage } from '../../../../src/documentation/workspace/pagesReadme.ts';

const pages: IndexedPage[] = [
  {
    page: 'docs/codeworm/src/shop/order.ts/function-priceOf.md',
    path: 'src/shop/order.ts',
    symbol: 'priceOf',
    kind: 'function',
  },
  { page: 'docs/codeworm/src/shop/order.ts/file.md', path: 'src/shop/order.ts', kind: 'file' },
  { page: 'notes/moved (1).md', path: 'a.ts', symbol: 'Inventory.add', kind: 'function' },
  { page: 'docs/codeworm/week-2026-W05.md', path: '', symbol: '2026-W05', kind: 'week' },
];
const folder = 'docs/codeworm';
const [begin, end] = ['<!-- codeworm:index -->', '<!-- /codeworm:index -->'];

describe('the README of the pages', () => {
  test('is created if missing, by folder, with links to the pages', () => {
    assert.equal(
      withIndex(undefined, pages, folder),
      `# Documentation\n\n${begin}\n
## Summaries\n\n- [2026-W05 (week)](week-2026-W05.md)\n
## Top folder\n\n- a.ts\n  - [Inventory.add (function)](../../notes/moved%20%281%29.md)\n
## src/shop\n\n- order.ts\n  - [file](src/shop/order.ts/file.md)\n  - [priceOf (function)](src/shop/order.ts/function-priceOf.md)\n\n${end}\n`,
    );
  });

  test('keeps every character outside of the marked part', () => {
    const line = fc.oneof(
      fc.string({ maxLength: 20 }),
      fc.constantFrom('\r\n', '\n', '# Title', begin, end, 'words'),
    );
    const any = fc.array(line, { maxLength: 8 }).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(any, any, (before, after) => {
        fc.pre(!before.includes(end) && !after.includes(end) && !after.includes(begin));
        const first = withIndex(`${before}\n${begin}\nold\n${end}\n${after}`, pages, folder);
        assert.ok(
          first.startsWith(`${before}\n${begin}`) && first.endsWith(`${end}\n${after}`),
          JSON.stringify(first),
        );
        assert.ok(!first.slice(before.length).includes('\nold\n'));
        assert.equal(withIndex(first, pages, folder), first);
      }),
      { numRuns: 60 },
    );
  });

  test('is added at the end of a text without it, once', () => {
    fc.assert(
      fc.property(
        fc
          .array(fc.constantFrom('\r', '\n', '\r\n', '#', 'é', '<!--', 'text', '$&'))
          .map((all) => all.join('')),
        (any) => {
          fc.pre(!any.includes('codeworm:index'));
          const first = withIndex(any, pages, folder);
          assert.ok(first.startsWith(any));
          assert.equal(first.split(begin).length, 2);
          assert.equal(withIndex(first, pages, folder), first);
          const other = withIndex(first, pages.slice(0, 1), folder);
          assert.ok(other.startsWith(any) && !other.includes('2026-W05'));
        },
      ),
    );
  });

  test('a beginning without an end is text of the user', () => {
    const text = `Own words.\n${begin}\nmore of them\n`;
    const first = withIndex(text, pages, folder);
    assert.ok(first.startsWith(text));
    assert.ok(withIndex(first, [], folder).startsWith(text));
  });

  test('marks in fenced code are an example, unless the fence never ends', () => {
    const example = `Write this:\n\n\`\`\`markdown\n${begin}\nindex\n${end}\n\`\`\`\n`;
    const first = withIndex(example, pages, folder);
    assert.ok(first.startsWith(example));
    assert.ok(first.includes('order.ts'));
    const open = `~~~\n${begin}\nindex\n${end}\n`;
    assert.ok(!withIndex(open, pages, folder).includes('index\n'));
    for (const text of [example, open, '```\nopen'])
      assert.equal(withIndex(withIndex(text, pages, folder), pages, folder), withIndex(text, pages, folder));
  });

  test('a byte-order mark stays, before words and before the index', () => {
    for (const text of [`\uFEFF# Mine\n`, `\uFEFF${begin}\nold\n${end}\n`]) {
      const first = withIndex(text, pages, folder);
      assert.equal(first.lastIndexOf('\uFEFF'), 0);
      assert.equal(first.split(begin).length, 2);
      assert.equal(withIndex(first, pages, folder), first);
    }
  });

  test('of another encoding is left alone, and a byte-order mark is kept', async () => {
    const latin = new Uint8Array([0x23, 0x20, 0xe9, 0x0a]);
    const files = new MemoryFiles();
    const store = await PageStore.open(files, folder);
    files.read = async () => latin;
    await assert.rejects(
      store.changeFile('README.md', (text) => `${text}index`),
      TypeError,
    );
    assert.equal(files.content.size, 0);
    files.read = async () => new TextEncoder().encode('\uFEFF# é\n');
    await store.changeFile('README.md', (text) => `${text}index`);
    assert.equal(files.content.get('README.md'), '\uFEFF# é\nindex');
  });

  test('with unsaved changes in an editor is not written', async () => {
    const files = new MemoryFiles({ 'README.md': '# Mine\n' });
    const store = await PageStore.open(files, folder);
    files.unsaved.add('README.md');
    await assert.rejects(
      store.changeFile('README.md', (text) => `${text}index`),
      UnsavedError,
    );
    assert.equal(files.content.get('README.md'), '# Mine\n');
  });

  test('keeps the line ends of the file', () => {
    assert.doesNotMatch(withIndex('# A\r\n', pages, folder), /[^\r]\n/);
  });

  test('names cannot become markup', () => {
    const page = {
      page: 'docs/x](javascript:a)\n.md',
      path: 'a`](b)\n## c.ts',
      symbol: '](x)<b>',
      kind: 'function',
    };
    const text = withIndex('', [page], 'docs');
    assert.equal(text.split('\n').filter((line) => line.startsWith('## ')).length, 1);
    assert.doesNotMatch(text, /(?<!\\)\]\((?:javascript|x\))|<b>/);
  });
});

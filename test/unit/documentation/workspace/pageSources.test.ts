import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PageMaterial } from '../../../../src/documentation/workspace/pageMaterial.ts';
import { PageSources } from '../../../../src/documentation/workspace/pageSources.ts';
import type { PlanItem } from '../../../../src/documentation/workspace/planItem.ts';
import { say } from './runWorld.ts';

const stock = `export class Stock {
  add(item) {
    check(item);
    return this.items.push(item);
  }
}
`;
const check = `/** Refuses what has no price. */
export function check(item) {
  if (!item.price) throw new Error('price');
}
`;
const shop = `import { Stock } from './stock.js';
const stock = new Stock();
export function buy(thing) {
  stock.add(thing);
}
`;

function item(path: string, symbol: string | undefined, start: number, end: number): PlanItem {
  return {
    path,
    ...(symbol === undefined ? {} : { symbol }),
    lines: { start, end },
    languageId: 'javascript',
    kind: symbol === undefined ? 'file' : 'function',
    score: 1,
    reasons: [],
    state: 'missing',
  };
}
const add = item('stock.js', 'Stock.add', 1, 4);
const items = [add, item('check.js', 'check', 1, 3), item('shop.js', 'buy', 2, 4)];
const room = { numCtx: 8192, numPredict: 1024, charsPerToken: 3 };

function folder(content: Record<string, string>) {
  let reads = 0;
  const read = async (path: string): Promise<Uint8Array> => {
    reads++;
    const text = content[path];
    if (text === undefined) throw Object.assign(new Error('missing'), { code: 'ENOENT' });
    return new TextEncoder().encode(text);
  };
  async function* list(): AsyncIterable<{ path: string; size: number }> {
    for (const path of Object.keys(content)) if (!path.startsWith('ignored/')) yield { path, size: 1 };
  }
  const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  return { files: { list, read }, decode, say, language: () => undefined, reads: () => reads };
}

const of = async (content: Record<string, string>, about: PlanItem): Promise<PageMaterial | undefined> =>
  (await PageSources.prepare(items, folder(content))).materialOf(about, new AbortController().signal);

describe('the material of a page', () => {
  const all = { 'stock.js': stock, 'check.js': check, 'shop.js': shop };

  it('has the symbol in its file, with what it calls and where it is called', async () => {
    const material = await of(all, add);
    const { prompt, note } = material!.prompt(room);
    assert.match(material!.source, /^ {2}add\(item\) \{[^]*\}$/);
    assert.match(material!.header, /\*\*Lines:\*\* 2-5/);
    assert.ok(prompt.indexOf('export class Stock') < prompt.indexOf('It is called here (`shop.js`'));
    assert.match(prompt, /It calls this \(`check.js`, lines 2-4\)[^]*throw new Error\('price'\)/);
    assert.match(prompt, /Write the documentation of the function `Stock.add`[^]*## Purpose/);
    assert.equal(note, undefined);
  });

  it('is found by its name after lines have moved, with the same source', async () => {
    const moved = { ...all, 'stock.js': `// A new line.\n\n\n${stock}` };
    const [before, after] = [await of(all, add), await of(moved, add)];
    assert.equal(after!.source, before!.source);
    assert.match(after!.header, /\*\*Lines:\*\* 5-8/);
  });

  it('is missing when its symbol or its file is missing', async () => {
    assert.equal(await of({ ...all, 'stock.js': 'export const nothing = 1;\n' }, add), undefined);
    assert.equal(await of({ 'shop.js': shop }, add), undefined);
  });

  it('fits into the window, and names what was left out', async () => {
    const uses = Array.from({ length: 8 }, (_, number) => `stock.add(${number}); ${'// long '.repeat(60)}\n`);
    const material = await of({ ...all, 'shop.js': `${shop}${uses.join('\n\n\n\n\n\n\n')}` }, add);
    const small = material!.prompt({ numCtx: 2048, numPredict: 512, charsPerToken: 3 });
    assert.ok(small.prompt.length / 3 < 2048 - 512);
    assert.match(small.prompt, /\d more left out/);
    assert.match(small.note ?? '', /\d places that call it, or that it calls, were left out/);
  });

  it('reads each file once to find callers', async () => {
    const files = folder(all);
    await PageSources.prepare([...items, ...items], files);
    assert.equal(files.reads(), 3);
  });

  it('is compared by its source alone, which is read and outlined once for all pages of a file', async () => {
    const there = folder({ 'stock.js': stock, 'check.js': check, 'shop.js': shop });
    const sources = await PageSources.prepare([], there);
    const { signal } = new AbortController();
    for (const one of [...items, ...items, item('stock.js', undefined, 0, 5), item('gone.js', 'gone', 0, 1)])
      assert.equal(await sources.sourceOf(one, signal), (await sources.materialOf(one, signal))?.source);
    assert.equal(await sources.sourceOf({ ...add, kind: 'poem' }, signal), undefined);
    assert.equal(there.reads(), 3);
  });

  it('is never a file that plans leave out, whatever a mark says', async () => {
    const key = '-----BEGIN PRIVATE KEY-----\nabc\n';
    const content = { ...all, '.env': 'KEY=1\n', 'ignored/local.js': 'key();\n', 'keys.js': key };
    for (const path of ['.env', 'ignored/local.js', 'keys.js', 'secrets/a.js'])
      assert.equal(await of(content, item(path, undefined, 0, 0)), undefined, path);
    assert.ok(await of(content, item('stock.js', undefined, 0, 5)));
  });

  it('is never a file that would fill the memory', async () => {
    const there = folder({ 'stock.js': stock });
    const list = async function* () {
      yield { path: 'stock.js', size: 2 ** 30 };
    };
    const sources = await PageSources.prepare(items, { ...there, files: { ...there.files, list } });
    assert.equal(await sources.materialOf(add, new AbortController().signal), undefined);
    assert.equal(there.reads(), 0);
  });

  it('that cannot be read is reported, and not treated as missing', async () => {
    const broken = {
      ...folder(all),
      files: {
        list: folder(all).files.list,
        read: () => Promise.reject(Object.assign(new Error('no access'), { code: 'EACCES' })),
      },
    };
    const sources = await PageSources.prepare(items, broken);
    await assert.rejects(sources.materialOf(add, new AbortController().signal), /no access/);
  });
});

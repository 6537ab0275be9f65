import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { hashOf, markedPage, readMarkedPage } from '../../../../src/documentation/workspace/pageMark.ts';
import { pagePath } from '../../../../src/documentation/workspace/pageNames.ts';
import { PageStore } from '../../../../src/documentation/workspace/pageStore.ts';
import { MemoryFiles } from './memoryFiles.ts';

const facts = {
  path: 'src/inventory.ts',
  symbol: 'Inventory.add',
  kind: 'function',
  lines: { start: 2, end: 4 },
  languageId: 'typescript',
  source: 'abc',
  model: 'tiny:latest',
  prompt: 1,
};
const about = (symbol: string): typeof facts => ({ ...facts, symbol });
const body = '# Inventory.add\n\nIt adds.\n';
const place = 'docs/codeworm/src/inventory.ts/function-Inventory.add.md';

const open = (files: MemoryFiles): Promise<PageStore> => PageStore.open(files, 'docs/codeworm');

describe('the mark of a page', () => {
  it('can be read again unchanged, with any text in it, and never ends its comment', () =>
    fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary' }).map((path) => `a${path.replaceAll('..', '')}`.replace(/^a:/, 'a')),
        fc.option(fc.string(), { nil: undefined }),
        fc.string({ unit: fc.constantFrom('-', '>', '<', '!', 'a', '\n', '"', '\\') }),
        fc.string(),
        async (path, symbol, model, text) => {
          const given = { ...facts, path, model, ...(symbol === undefined ? {} : { symbol }) };
          const whole = await markedPage(given, text);
          const [first = ''] = whole.split('\n');
          assert.doesNotMatch(first.slice(4, -3), /-->|--!>|<!--|--/);
          const read = await readMarkedPage(whole);
          assert.deepEqual(read, {
            mark: { ...given, page: await hashOf(text) },
            isTouched: false,
          });
        },
      ),
      { examples: [['a\u2028b\u2029', '-->', '--', '']] },
    ));

  it('detects every change except line endings and a byte-order mark', async () => {
    const text = await markedPage(facts, body);
    const isTouched = async (now: string): Promise<boolean | undefined> =>
      (await readMarkedPage(now))?.isTouched;
    assert.equal(await isTouched(text.replaceAll('\n', '\r\n')), false);
    assert.equal(await isTouched(`\uFEFF${text}`), false);
    assert.equal(await isTouched(text.replace('adds', 'Adds')), true);
    assert.equal(await isTouched(`${text}\n`), true);
    assert.equal(await isTouched(`---\ntitle: x\n---\n${text}`), true);
  });

  it('that cannot be read is none', async () => {
    const text = await markedPage(facts, body);
    for (const broken of [
      text.replace('{', ''),
      text.replace('"page"', '"paper"'),
      text.replace('"prompt":1', '"prompt":"1"'),
      text.replace('src/inventory.ts', '../inventory.ts'),
      text.replace('src/inventory.ts', '/inventory.ts'),
      text.replace('src/inventory.ts', 'c:/inventory.ts'),
      `text before ${text}`,
      body,
    ])
      assert.equal(await readMarkedPage(broken), undefined);
  });
});

describe('names of pages', () => {
  it('are legal everywhere, and stay in the folder', () =>
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }).map((path) => `a${path.replaceAll('..', '')}`.replace(/^a:/, 'a')),
        fc.option(fc.string(), { nil: undefined }),
        (path, symbol) => {
          const name = pagePath({ path, kind: 'file', ...(symbol === undefined ? {} : { symbol }) });
          for (const part of name.split('/')) {
            assert.match(part, /^[\p{L}\p{N}._-]+$/u);
            assert.doesNotMatch(part, /^\.|[.]$|^$|^(?:con|nul|aux)(?:\.|$)/i);
            assert.ok(Buffer.byteLength(part) <= 255);
          }
        },
      ),
    ));
});

describe('the store of pages', () => {
  it('writes a page in one step, and finds it afterwards', async () => {
    const files = new MemoryFiles();
    const store = await open(files);
    assert.equal(store.stateOf(facts, 'abc'), 'missing');
    assert.deepEqual(await store.write(facts, body), { kind: 'written', path: place });
    const [[, temporary], moved] = files.steps as [[string, string], [string, string]];
    assert.ok(temporary.startsWith(`${place}.${process.pid}-`) && temporary.endsWith('.codeworm-part'));
    assert.deepEqual([moved, files.steps.length], [['moveToNew', place], 2]);
    for (const known of [store, await open(files)]) {
      assert.equal(known.stateOf(facts, 'abc'), 'current');
      assert.equal(known.stateOf(facts, 'other'), 'stale');
    }
  });

  it('replaces its own page, in its place', async () => {
    const files = new MemoryFiles();
    await (await open(files)).write(facts, body);
    const store = await open(files);
    await store.write({ ...facts, source: 'new' }, 'new text\n');
    assert.deepEqual(files.pages, [place]);
    assert.match(files.content.get(place)!, /new text/);
    assert.equal(store.stateOf(facts, 'new'), 'current');
  });

  for (const when of ['before', 'after'] as const)
    it(`never replaces a page that was changed ${when} all were read`, async () => {
      const files = new MemoryFiles();
      await (await open(files)).write(facts, body);
      const theirs = files.content.get(place)!.replace('It adds.', 'It adds, and I say so.');
      if (when === 'before') files.content.set(place, theirs);
      const store = await open(files);
      files.content.set(place, theirs);
      if (when === 'before') assert.equal(store.stateOf(facts, 'new'), 'edited');
      const written = await store.write({ ...facts, source: 'new' }, 'new text\n');
      assert.equal(written.kind, 'proposed');
      assert.equal(files.content.get(place), theirs);
      assert.ok(written.kind === 'proposed' && files.content.get(written.proposal)?.includes('new text'));
      assert.equal(await store.isProposed(facts, 'new'), true);
      assert.equal(await store.isProposed(facts, 'newer'), false);
    });

  it("treats a page without its mark as the user's", async () => {
    const files = new MemoryFiles();
    const store = await open(files);
    await store.write(facts, body);
    files.content.set(place, 'My own page.\n');
    assert.equal((await store.write({ ...facts, source: 'new' }, body)).kind, 'proposed');
    assert.equal(files.content.get(place), 'My own page.\n');
    const later = await open(files);
    const written = await later.write({ ...facts, source: 'new' }, body);
    assert.deepEqual(written, { kind: 'written', path: place.replace('.md', '-2.md') });
    assert.equal(files.content.get(place), 'My own page.\n');
  });

  it('finds a page that was moved and renamed, and writes it there again', async () => {
    const files = new MemoryFiles();
    await (await open(files)).write(facts, body);
    files.content.set('handbook/adding.md', files.content.get(place)!);
    files.content.delete(place);
    const store = await open(files);
    assert.equal(store.stateOf(facts, 'abc'), 'current');
    const written = await store.write({ ...facts, source: 'new' }, 'new text\n');
    assert.deepEqual(written, { kind: 'written', path: 'handbook/adding.md' });
    assert.deepEqual(files.pages, ['handbook/adding.md']);
  });

  it('writes a page again that was deleted in the meantime', async () => {
    const files = new MemoryFiles();
    const store = await open(files);
    await store.write(facts, body);
    files.content.delete(place);
    assert.deepEqual(await store.write({ ...facts, source: 'new' }, body), { kind: 'written', path: place });
  });

  it('writes no page twice where another process has written it meanwhile', async () => {
    const files = new MemoryFiles();
    const [one, other] = [await open(files), await open(files)];
    await one.write(facts, body);
    assert.equal((await other.asItIsNow(facts))?.path, place);
    assert.deepEqual(await (await open(files)).write(facts, body), { kind: 'written', path: place });
    assert.deepEqual(await other.write(facts, body), { kind: 'written', path: place });
    const both = { ...facts, symbol: 'both' };
    await Promise.all([one.write(both, body), other.write(both, body)]);
    assert.deepEqual(files.pages.length, 2);
  });

  it('remembers a run until its end, and whether the user has stopped it', async () => {
    const files = new MemoryFiles();
    const { state } = await open(files);
    const { path, symbol, kind, lines, languageId } = facts;
    const items = [{ path, symbol, kind, lines, languageId }];
    await state.beginRun(items);
    assert.deepEqual(await (await open(files)).state.unfinishedRun(), { items });
    await state.stopRun(items);
    assert.deepEqual(await (await open(files)).state.unfinishedRun(), { items, isStopped: true });
    await state.endRun();
    assert.equal(await (await open(files)).state.unfinishedRun(), undefined);
    files.content.set('docs/.codeworm/run.json', '{"items":[{"path":"../../secret"}]}');
    assert.equal(await (await open(files)).state.unfinishedRun(), undefined);
  });

  it('gives each page its own name on case-insensitive disks, too', async () => {
    const files = new MemoryFiles();
    const store = await open(files);
    const names = ['add', 'Add', 'ADD', 'a/dd'].map((symbol) => about(symbol));
    const written = await Promise.all(names.map((one) => store.write(one, body)));
    assert.equal(new Set(written.map(({ path }) => path.toLowerCase())).size, 4);
    assert.equal(files.pages.length, 4);
  });

  it('removes what an earlier process has not finished writing, and nothing that is being written', async () => {
    const ours = `${place}.${process.ppid}-1.codeworm-part`;
    const files = new MemoryFiles({
      [`${place}.codeworm-part`]: '<!-- codew',
      [`${place}.2147483646-1.codeworm-part`]: '<!-- codew',
      [`docs/.codeworm/run.json.2147483646-2.codeworm-part`]: '{',
      [ours]: '<!-- codew',
    });
    await open(files);
    assert.deepEqual(files.parts, [ours]);
  });

  it('never shows half a page, although several programs write and read at once', () =>
    fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 2, max: 4 }), async (scheduler, programs) => {
        const files = new MemoryFiles();
        const write = files.write.bind(files);
        files.write = async (path, content) => {
          for (const bytes of [content.slice(0, content.length / 2), content]) {
            await write(path, bytes);
            await scheduler.schedule(Promise.resolve());
          }
        };
        const check = async (): Promise<void> => {
          for (const path of files.pages)
            assert.equal((await readMarkedPage(files.content.get(path)!))?.isTouched, false);
        };
        const all = Array.from({ length: programs }, async (_, number) => {
          const store = await scheduler.schedule(open(files));
          await store.write({ ...facts, source: String(number % 2) }, `${body}${number}\n`);
          await check();
        });
        await scheduler.waitFor(Promise.all(all));
        await check();
        assert.deepEqual([files.pages, files.parts], [[place], []]);
      }),
    ));

  it('keeps a failure with its reason until the page is written, in a folder that Git does not see', async () => {
    const files = new MemoryFiles();
    const store = await open(files);
    await store.state.noteFailure(facts, 'The prompt is too long.');
    const later = await open(files);
    assert.equal(later.stateOf(facts, 'abc'), 'failed');
    assert.deepEqual(
      [...later.state.failures.values()].map(({ reason }) => reason),
      ['The prompt is too long.'],
    );
    assert.match(files.content.get('docs/.codeworm/.gitignore')!, /^\*$/m);
    await later.write(facts, body);
    assert.equal((await open(files)).stateOf(facts, 'abc'), 'current');
    assert.equal((await open(files)).state.failures.size, 0);
  });

  it('leaves everything as it was when a step fails', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(3), fc.constantFrom('ENOSPC', 'EIO'), async (failing, code) => {
        const files = new MemoryFiles();
        await (await open(files)).write(facts, body);
        const before = files.content.get(place);
        const store = await open(files);
        let step = 0;
        files.fault = () => (step++ >= failing ? code : undefined);
        const failed = await store.write({ ...facts, source: 'new' }, 'new text\n').then(
          () => false,
          () => true,
        );
        files.fault = () => undefined;
        const now = files.content.get(place);
        assert.ok(failed ? now === before || now?.includes('new text') : now?.includes('new text'));
        await (await open(files)).write({ ...facts, source: 'new' }, 'new text\n');
        assert.match(files.content.get(place)!, /new text/);
        assert.deepEqual(files.pages, [place]);
        assert.deepEqual((await readParts(files)).length, 0);
      }),
    ));

  it('lists pages whose source is gone, and deletes none', async () => {
    const files = new MemoryFiles();
    const store = await open(files);
    await store.write(facts, body);
    const gone = store.pagesWithout(({ path }) => path !== facts.path);
    assert.deepEqual(
      gone.map(({ path }) => path),
      [place],
    );
    assert.deepEqual(files.pages, [place]);
  });
});

async function readParts(files: MemoryFiles): Promise<string[]> {
  await open(files);
  return files.parts;
}

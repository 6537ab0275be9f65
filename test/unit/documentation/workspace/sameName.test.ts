import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { codeMaterial, subjectOf } from '../../../../src/documentation/workspace/codeMaterial.ts';
import { planPages } from '../../../../src/documentation/workspace/plan.ts';
import type { PlanItem } from '../../../../src/documentation/workspace/planItem.ts';
import { SourceFile } from '../../../../src/documentation/workspace/sourceRange.ts';
import { goodAnswer, run, say, world, type World } from './runWorld.ts';
import { modelThatAnswers } from './simulatedModel.ts';

const model = modelThatAnswers(goodAnswer);

async function planned(path: string, text: string): Promise<PlanItem[]> {
  const files = {
    async *list() {
      yield { path, size: text.length };
    },
    read: async () => new TextEncoder().encode(text),
  };
  return (await planPages(files, { kinds: ['function', 'class'] })).items;
}

/** A function whose body has its own number. */
const body = (indent: string, name: string, id: number): string =>
  [`def ${name}(a):`, `    if a == ${id}:`, '        return a', `    return ${id}`]
    .map((line) => `${indent}${line}\n`)
    .join('');

const materialOf = async (item: PlanItem, text: string) => {
  const subject = subjectOf(item, new SourceFile(text));
  return subject && codeMaterial(item.kind, subject, { say });
};

/** Plans and writes all pages of a file, as in one night. */
async function night(here: World, text: string): Promise<void> {
  here.items = await planned('shop.py', text);
  const handle = await run(here, model, { materialOf: (item) => materialOf(item as PlanItem, text) });
  const { counts, total } = await handle.ended;
  assert.equal(counts.written + counts.skipped + counts.proposed, total);
}

describe('functions of one name in a file', () => {
  it('share a page that names each declaration and contains its code', async () => {
    const text = `import sys\nif sys.maxsize > 2**32:\n${body('    ', 'size', 64)}else:\n${body('    ', 'size', 32)}`;
    const items = await planned('shop.py', text);
    assert.equal(items.length, 1);
    const material = (await materialOf(items[0]!, text))!;
    assert.match(material.header, /\*\*Lines:\*\* 3-6, 8-11/);
    assert.match(material.header, /return 64[^]*return 32/);
    const { prompt } = material.prompt({ numCtx: 4096, numPredict: 512, charsPerToken: 3 });
    assert.match(prompt, /the function `size`, lines 3-6 and lines 8-11 of the file/);
    assert.match(prompt, /`size` has 2 declarations in this file\./);
  });

  it('are all shown to the model when the file is too long for it, or the page says which is not', async () => {
    const filler = Array.from({ length: 900 }, (_, number) => `value_${number} = ${number} * 2\n`).join('');
    const text = `${body('', 'size', 64)}\n${filler}\n${body('', 'size', 32)}`;
    const [item] = await planned('shop.py', text);
    const material = (await materialOf(item!, text))!;
    const roomy = material.prompt({ numCtx: 4096, numPredict: 512, charsPerToken: 3 });
    assert.match(roomy.prompt, /return 64[^]*Another declaration \(`shop\.py`, lines 907-910\)[^]*return 32/);
    assert.doesNotMatch(roomy.note ?? '', /were left out/);
    const long = text.replaceAll('return 32', `return [${'32, '.repeat(400)}]`);
    const tight = (await materialOf(item!, long))!.prompt({
      numCtx: 2048,
      numPredict: 512,
      charsPerToken: 3,
    });
    assert.match(tight.note ?? '', /only a part of the code\. Lines 907-910 of shop\.py were left out/);
  });

  it('keep the name of their page when one is added or removed, and what a user has written in it', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.tuple(fc.constantFrom('add', 'take'), fc.nat(5)), { maxLength: 6 }), {
          minLength: 2,
          maxLength: 4,
        }),
        fc.nat(3),
        async (nights, touchedAfter) => {
          const here = world(0);
          const theirs = new Map<string, string>();
          const names = new Map<string, string>();
          for (const [number, functions] of nights.entries()) {
            const text = functions.map(([name, id]) => body('', name, id)).join('\n');
            await night(here, text);
            for (const [path, words] of theirs) assert.equal(here.files.content.get(path), words);
            for (const name of new Set(functions.map(([one]) => one))) {
              const own = here.files.pages.filter((path) => path.includes(name));
              assert.equal(own.length, 1);
              assert.equal(own[0], names.get(name) ?? own[0]);
              names.set(name, own[0]!);
              const page = [...here.files.content]
                .filter(([path, content]) => !theirs.has(path) && content.includes(`"symbol":"${name}"`))
                .map(([, content]) => content);
              if (page.length === 0) continue;
              const bodies = functions.filter(([one]) => one === name).map(([, id]) => `return ${id}\n`);
              assert.ok(bodies.every((one) => page.some((content) => content.includes(one))));
            }
            if (number !== touchedAfter) continue;
            for (const path of here.files.pages.slice(0, 1))
              theirs.set(path, `${here.files.content.get(path)}My own words.\n`);
            for (const [path, words] of theirs) here.files.content.set(path, words);
          }
        },
      ),
      {
        numRuns: 20,
        // The source is again as it was when the user changed the page.
        examples: [[[[['add', 0]], [['add', 1]], [['add', 0]]], 0]],
      },
    ));

  it('two classes of one name: methods of both are on the pages of their names', async () => {
    const method = (id: number): string => body('    ', 'add', id);
    const text = `if True:\n    class Stock:\n${method(1).replaceAll(/^/gm, '    ')}\nelse:\n    class Stock:\n${method(2).replaceAll(/^/gm, '    ')}`;
    const items = await planned('shop.py', text);
    assert.deepEqual(new Set(items.map(({ symbol }) => symbol)), new Set(['Stock', 'Stock.add']));
    assert.equal(items.length, 2);
    for (const item of items)
      assert.match((await materialOf(item, text))!.source, /return 1[^]*return 2/, item.symbol);
  });

  it('a local function of the same name is not one of them', async () => {
    const text = `${body('', 'add', 1)}\ndef outer(b):\n${body('    ', 'add', 2)}    return add(b)\n`;
    const item = (await planned('shop.py', text)).find(({ symbol }) => symbol === 'add');
    assert.doesNotMatch((await materialOf(item!, text))!.source, /return 2/);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { readMarkedPage } from '../../../../src/documentation/workspace/pageMark.ts';
import type { PageModel } from '../../../../src/documentation/workspace/pageModel.ts';
import { goodAnswer, run, world, type World } from './runWorld.ts';
import { resultOf } from './simulatedModel.ts';

/** A model that takes a turn of the event loop for each piece, and reports each. */
function piecewise(onPiece: () => void, written: string[]): PageModel {
  return {
    budget: async () => ({ model: 'tiny:latest', numCtx: 4096, numPredict: 512, charsPerToken: 3 }),
    isReachable: async () => true,
    continues: async () => false,
    write: async ({ prompt, signal }, onEvent) => {
      for (const text of goodAnswer.match(/[^]{1,60}/g)!) {
        await new Promise((resolve) => setImmediate(resolve));
        onPiece();
        signal.throwIfAborted();
        onEvent({ type: 'text', text });
      }
      written.push(/the function `(\w+)`/.exec(prompt)![1]!);
      return resultOf(goodAnswer);
    },
  };
}

/** Each page exists once, complete and unchanged. */
async function checkAll({ files, items }: World): Promise<void> {
  const marks = await Promise.all(
    files.pages.map(async (path) => {
      const page = await readMarkedPage(files.content.get(path)!);
      assert.equal(page?.isTouched, false);
      return page?.mark.symbol;
    }),
  );
  const wanted = items.map(({ symbol }) => symbol);
  assert.deepEqual(new Set(marks), new Set(wanted));
  assert.equal(marks.length, wanted.length);
  assert.deepEqual(files.parts, []);
}

describe('stopping and continuing', () => {
  it('loses no page and writes none twice, wherever it is stopped, interrupted or fails to write', () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.record({ after: fc.nat(25), what: fc.constantFrom('stop', 'ask', 'pause', 'disk') })),
        async (count, parallel, disturbances) => {
          const here = world(count);
          const written: string[] = [];
          for (const { after, what } of [...disturbances, { after: Infinity, what: 'none' }]) {
            let left = after;
            const due = Promise.withResolvers<void>();
            const model = piecewise(() => void (--left < 0 && due.resolve()), written);
            const handle = await run(here, model, { mostParallel: () => parallel });
            await Promise.race([due.promise, handle.ended]);
            if (what === 'stop') await handle.stop();
            if (what === 'ask') (await here.priorities.enter('own')).end();
            if (what === 'pause') handle.pause();
            if (what === 'pause') handle.resume();
            if (what === 'disk') {
              here.files.fault = () => 'ENOSPC';
              await Promise.race([handle.ended, new Promise((resolve) => setTimeout(resolve, 2))]);
              here.files.fault = () => undefined;
              handle.resume();
            }
            const { counts, total } = await handle.ended;
            assert.equal(counts.failed + counts.proposed + counts.gone + counts.writing, 0);
            assert.equal(counts.written + counts.skipped + counts.waiting, total);
            // Finished pages stay finished.
            assert.equal(counts.written + counts.skipped, here.files.pages.length);
          }
          assert.equal(new Set(written).size, count);
          await checkAll(here);
        },
      ),
      { numRuns: 40 },
    ));
});

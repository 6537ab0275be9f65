import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { ServerSlots } from '../../../../src/documentation/workspace/serverSlots.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Starts pages as long as there is room. Each waits for `proceed` at the server and for `save` after it. */
function pages(count: number, limit: () => number) {
  const at = { preparing: 0, server: 0, saving: 0, done: 0, aborted: 0, mostAtServer: 0 };
  const proceed: (() => void)[] = [];
  const save: (() => void)[] = [];
  const abort = new AbortController();
  let started = 0;
  const start = (): void => {
    while (started < count && slots.hasRoom) {
      started++;
      void slots.work(async (enter, leave) => {
        at.preparing++;
        const isIn = await enter(abort.signal).then(
          () => true,
          () => false,
        );
        at.preparing--;
        if (!isIn) return void at.aborted++;
        at.mostAtServer = Math.max(at.mostAtServer, ++at.server);
        await new Promise<void>((resolve) => proceed.push(resolve));
        at.server--;
        leave();
        at.saving++;
        await new Promise<void>((resolve) => save.push(resolve));
        at.saving--;
        at.done++;
      });
    }
  };
  const slots = new ServerSlots(limit, start);
  start();
  return { at, slots, proceed, save, abort, start };
}

describe('the places of pages at the server', () => {
  it('are taken at once by pages that were prepared, while the written ones wait for the disk', async () => {
    const { at, proceed } = pages(100, () => 8);
    await turn();
    assert.deepEqual([at.preparing, at.server], [2, 8]);
    proceed.shift()!();
    await turn();
    assert.deepEqual([at.preparing, at.server, at.saving], [2, 8, 1]);
  });

  it('are not given to more pages than may wait for the disk', async () => {
    const { at, proceed } = pages(100, () => 4);
    for (let round = 0; round < 20; round++) {
      for (const next of proceed.splice(0)) next();
      await turn();
    }
    assert.deepEqual([at.saving, at.server, at.preparing], [9, 0, 0]);
  });

  it('become more as soon as the limit grows, and no page keeps one after an abort', async () => {
    let limit = 1;
    const { at, slots, abort, start, proceed, save } = pages(20, () => limit);
    await turn();
    assert.deepEqual([at.preparing, at.server], [1, 1]);
    limit = 4;
    slots.admit();
    start();
    await turn();
    assert.deepEqual([at.preparing, at.server], [1, 4]);
    abort.abort(new Error('stopped'));
    await turn();
    assert.equal(at.preparing, 0);
    for (let round = 0; round < 40; round++) {
      for (const next of [...proceed.splice(0), ...save.splice(0)]) next();
      await turn();
    }
    assert.deepEqual([at.done, at.aborted, slots.isEmpty], [4, 16, true]);
  });

  it('are never more than the limit, and each page gets one, in any order of events', () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 30 }),
        fc.array(fc.tuple(fc.constantFrom('proceed', 'save', 'limit'), fc.nat(8)), { maxLength: 60 }),
        async (count, events) => {
          let limit = 2;
          const { at, slots, proceed, save, start } = pages(count, () => limit);
          for (const [what, number] of events) {
            if (what === 'limit') limit = number + 1;
            else (what === 'proceed' ? proceed : save).splice(number % 3, 1)[0]?.();
            slots.admit();
            start();
            await turn();
            assert.ok(at.server + at.preparing + at.saving + at.done <= count);
          }
          assert.ok(at.mostAtServer <= 9);
          limit = 3;
          while (at.done < count) {
            for (const next of [...proceed.splice(0), ...save.splice(0)]) next();
            await turn();
          }
          assert.ok(slots.isEmpty);
        },
      ),
      { numRuns: 50 },
    ));
});

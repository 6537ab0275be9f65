import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { PreemptedError, Priorities, type Level, type Permit } from '../../../src/generation/priorities.ts';

const levels: Level[] = ['own', 'extension', 'suggestion', 'page', 'warming'];

/** Whether a turn was granted after everything that could settle has settled. */
async function came(turn: Promise<Permit>): Promise<boolean> {
  let has = false;
  void turn.then(
    () => (has = true),
    () => undefined,
  );
  await new Promise((resolve) => setImmediate(resolve));
  return has;
}

describe('who asks the server first', () => {
  for (const level of ['suggestion', 'page', 'warming'] as const)
    test(`a question aborts a ${level} and waits until its connection is closed`, async () => {
      const priorities = new Priorities();
      const less = await priorities.enter(level);
      const question = priorities.enter('own');
      assert.ok(less.signal.aborted && less.signal.reason instanceof PreemptedError);
      assert.equal(await came(question), false);
      less.end();
      assert.equal(await came(question), true);
    });

  test('a request of another extension is never aborted, and the question does not wait for it', async () => {
    const priorities = new Priorities();
    const other = await priorities.enter('extension');
    await priorities.enter('own');
    assert.equal(other.signal.aborted, false);
  });

  test('questions run side by side', async () => {
    const priorities = new Priorities();
    await priorities.enter('own');
    await priorities.enter('own');
  });

  test('an aborted request that never ends does not block a question forever', async () => {
    const priorities = new Priorities();
    await priorities.enter('page');
    await priorities.enter('own');
  });

  test('a waiting request can be aborted and blocks nothing', async () => {
    const priorities = new Priorities();
    const question = await priorities.enter('own');
    const abort = new AbortController();
    const page = priorities.enter('page', abort.signal);
    const warming = priorities.enter('warming');
    abort.abort(new Error('enough'));
    await assert.rejects(page, /enough/);
    question.end();
    assert.ok(await came(warming));
    await assert.rejects(priorities.enter('own', abort.signal), /enough/);
    assert.ok(priorities.isFree('page'));
  });

  test('the caller’s own signal aborts the turn', async () => {
    const abort = new AbortController();
    const { signal } = await new Priorities().enter('own', abort.signal);
    abort.abort(new Error('enough'));
    assert.match(String(signal.reason), /enough/);
  });

  test('where the server has room, only as many pages end as are in the way, the newest first', async () => {
    const priorities = new Priorities();
    const room = (level: Level): number => (level === 'own' ? 3 : 1);
    const pages = [];
    for (let count = 0; count < 3; count++) pages.push(await priorities.enter('page', undefined, room));
    const question = priorities.enter('own');
    assert.deepEqual(
      pages.map(({ signal }) => signal.aborted),
      [false, false, true],
    );
    assert.equal(await came(question), false);
    pages[2]!.end();
    assert.equal(await came(question), true);
    const next = priorities.enter('page', undefined, room);
    assert.equal(await came(next), false);
    pages[0]!.end();
    assert.equal(await came(next), true);
    const suggestion = priorities.enter('suggestion');
    assert.ok(pages[1]!.signal.aborted && (await next).signal.aborted);
    void suggestion;
  });

  test('in any order, nothing runs beside something more important unless it cannot be aborted', async () => {
    const step = fc.record({ level: fc.constantFrom(...levels), ends: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const priorities = new Priorities();
        const running = new Map<Permit, Level>();
        const all: Promise<void>[] = [];
        const check = (): void => {
          const unaborted = [...running].filter(([{ signal }]) => !signal.aborted).map(([, level]) => level);
          const first = unaborted.toSorted((a, b) => levels.indexOf(a) - levels.indexOf(b))[0];
          assert.ok(
            unaborted.every((level) => level === first || level === 'extension'),
            unaborted.join(),
          );
        };
        const finish = (turn: Permit): void => {
          running.delete(turn);
          turn.end();
        };
        for (const { level, ends } of steps) {
          all.push(
            priorities.enter(level).then((turn) => {
              running.set(turn, level);
              turn.signal.addEventListener('abort', () => queueMicrotask(() => finish(turn)));
              check();
            }),
          );
          await new Promise((resolve) => setImmediate(resolve));
          const [turn] = running.keys();
          if (ends && turn) finish(turn);
        }
        // Every round ends the running turns, and lets in those that wait for them.
        for (let round = 0; round < steps.length; round++) {
          for (const turn of running.keys()) finish(turn);
          await new Promise((resolve) => setImmediate(resolve));
        }
        await Promise.all(all);
        for (const turn of running.keys()) finish(turn);
        assert.ok(levels.every((level) => priorities.isFree(level)));
      }),
      { numRuns: 300 },
    );
  });
});

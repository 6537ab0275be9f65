import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TimeLimit } from '../../../../src/documentation/workspace/timeLimit.ts';

/** Steps of one millisecond, with three of optional work; @returns the time, and steps with that work */
async function work(steps: number, limitMs: number): Promise<{ ms: number; whole: number }> {
  let [now, whole] = [0, 0];
  const limit = new TimeLimit(limitMs, () => now);
  limit.begin(steps);
  for (let step = 0; step < steps; step++) {
    now += 1;
    if (!limit.isReached) {
      whole++;
      await limit.optional(async () => (now += 3));
    }
    limit.done();
  }
  return { ms: now, whole };
}

describe('a time limit for many steps', () => {
  it('leaves nothing out when there is enough time', async () => {
    assert.deepEqual(await work(1000, 4001), { ms: 4000, whole: 1000 });
  });

  it('leaves out optional work so late that all steps are just in time', async () => {
    const { ms, whole } = await work(1000, 2500);
    assert.ok(ms > 2490 && ms <= 2505, String(ms));
    assert.ok(whole >= 495, String(whole));
  });

  it('leaves out all of it when there is no time', async () => {
    assert.equal((await work(1000, 0)).whole, 0);
  });
});

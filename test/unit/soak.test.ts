/** A short soak; `npm run soak` is the long one. The seed of a failure is in its message: `SOAK_SEED=N` repeats it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { soak } from '../bench/soakRun.ts';
import { withoutLeaks } from '../support/leaks.ts';

test('300 generations, 16 at a time, with random faults', async (context) => {
  const seed = Number(process.env['SOAK_SEED'] ?? Date.now() % 2 ** 31);
  context.diagnostic(`seed ${seed}`);
  await withoutLeaks(async () => {
    const counts = await soak({ count: 300, parallel: 16, seed });
    const total = Object.values(counts).reduce((sum, number) => sum + number, 0);
    assert.equal(total, 300, `seed ${seed}`);
  });
});

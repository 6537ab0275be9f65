import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { percentRead, ReadingProgress } from '../../../../src/chat/participant/readingProgress.ts';

test('the percentage grows, and never promises the end', () => {
  assert.deepEqual(
    [0, 250, 500, 999, 5000].map((ms) => percentRead(ms, 1000)),
    [0, 25, 50, 95, 95],
  );
  assert.equal(percentRead(1, 0), 95);
});

test('each step is reported once, until reading stops', () => {
  mock.timers.enable({ apis: ['setInterval'] });
  let now = 0;
  const clock = mock.method(performance, 'now', () => now);
  try {
    const told: number[] = [];
    const progress = new ReadingProgress();
    progress.start(2000, (percent) => told.push(percent));
    for (now = 250; now <= 1500; now += 250) mock.timers.tick(250);
    progress.stop();
    now = 2000;
    mock.timers.tick(1000);
    assert.deepEqual(told, [20, 40, 60]);
  } finally {
    clock.mock.restore();
    mock.timers.reset();
  }
});

/** No delay exceeds the maximum of a Node timer, which would fire at once and repeatedly. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { assert as check, double, property } from 'fast-check';
import { delay } from '../../../src/http/delay.ts';
import { IdleTimer, toTimer } from '../../../src/http/idleTimer.ts';
import { retryAfterMs } from '../../../src/http/retryAfter.ts';
import { pollDelayMs } from '../../../src/status/status.ts';
import { startDouble } from '../../support/double/index.ts';
import { clientFor } from '../../support/faults.ts';

const longest = 2 ** 31 - 1;

/** All delays passed to timers while the test runs. */
function watchTimers(t: TestContext): number[] {
  const seen: number[] = [];
  const original = globalThis.setTimeout;
  const watched = (run: (value: unknown) => void, ms = 0, value?: unknown): NodeJS.Timeout => {
    seen.push(ms);
    return original(() => run(value), ms);
  };
  t.mock.method(globalThis, 'setTimeout', watched as typeof setTimeout);
  return seen;
}

function assertCountable(times: readonly number[]): void {
  for (const ms of times) assert.ok(ms >= 0 && ms <= longest, String(ms));
}

test('any number becomes a valid delay of a timer', () => {
  check(
    property(double(), double(), (ms, factor) => {
      assertCountable([toTimer(ms), toTimer(ms * factor)]);
      for (const failures of [0, 1])
        for (const online of [true, false])
          assertCountable([pollDelayMs(ms, { online, focused: online, failures })]);
    }),
  );
});

test('waits and limits of any length', (t) => {
  const times = watchTimers(t);
  const stop = new AbortController();
  const timer = new IdleTimer();
  for (const ms of [longest + 1, 1e12, 1e300, Infinity, NaN, -1, longest * 8 + 8]) {
    timer.after(ms, () => undefined);
    timer.silence(
      ms,
      () => undefined,
      () => undefined,
    );
    delay(ms, stop.signal).catch(() => undefined);
  }
  timer.clear();
  stop.abort();
  assert.ok(times.length > 14);
  assertCountable(times);
});

test('whatever a server asks to wait for', () => {
  for (const header of ['99999999999999999999', 'Fri, 31 Dec 9999 23:59:59 GMT', '1e9', '-5', 'NaN', ''])
    assertCountable([toTimer(retryAfterMs(header, 0) ?? 0)]);
});

test('a client with limits beyond all bounds, a server that asks for more, and a policy with no bounds', async (t) => {
  const times = watchTimers(t);
  await using double = await startDouble();
  const limits = { connectTimeoutMs: 1e300, idleTimeoutMs: 1e300, keepAlive: 1e300 };
  await using client = clientFor(double.url, limits);
  await client.generate({ prompt: 'x' });
  await client.prewarm();
  void double.faultNext({
    kind: 'respond',
    status: 503,
    headers: { 'Retry-After': '99999999999' },
    body: '',
  });
  const policy = { attempts: 2, delayMs: 1e300 };
  for await (const { type } of client.streamWithRetry({ prompt: 'x' }, policy)) if (type === 'retry') break;
  assertCountable(times);
});

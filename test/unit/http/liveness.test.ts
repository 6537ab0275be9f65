/**
 * Dead connections that look open, as after a sleep: the answer comes on another connection. Slow servers are
 * not disturbed.
 */
import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import { test } from 'node:test';
import type { Clock } from '../../../src/http/clock.ts';
import { defaultLiveness, SleepWatch } from '../../../src/http/liveness.ts';
import { OllamaConnectionError, type StreamEvent } from '../../../src/ollama/index.ts';
import { startDouble, startRawServer, type RecordedRequest } from '../../support/double/index.ts';
import { chunked, clientFor, failureOf, outcomeOf, sized, wholeAnswer } from '../../support/faults.ts';
import { withoutLeaks } from '../../support/leaks.ts';
import { startSwallowingProxy } from '../../support/swallowingProxy.ts';

const limit = { timeout: 20_000 };
/** Shorter than the real values, so that tests are fast. */
const quick = { signMs: 300, lookMs: 20 };
const isGenerate = ({ path }: RecordedRequest): boolean => path === '/api/generate';
const isRoot = ({ path }: RecordedRequest): boolean => path === '/';

/** A clock whose time of day continues while the machine sleeps. */
class SleepyClock implements Clock {
  #asleepMs = 0;
  #steadyMs = 0;
  readonly wall = (): number => Date.now() + this.#asleepMs + this.#steadyMs;
  readonly steady = (): number => performance.now() + this.#steadyMs;

  sleep(ms: number): void {
    this.#asleepMs += ms;
  }

  pass(ms: number): void {
    this.#steadyMs += ms;
  }
}

const silences: [what: string, pass: (clock: SleepyClock) => void][] = [
  ['a sleep of an hour', (clock) => clock.sleep(3_600_000)],
  ['a sleep of ten seconds', (clock) => clock.sleep(10_000)],
  ['a clock that was set back', (clock) => clock.sleep(-3_600_000)],
  ['31 s without a sign of life', (clock) => clock.pass(31_000)],
];

for (const [what, pass] of silences) {
  test(`after ${what} a kept connection is closed, not used`, limit, () =>
    withoutLeaks(async () => {
      const clock = new SleepyClock();
      await using double = await startDouble();
      await using proxy = await startSwallowingProxy(double.port);
      await using client = clientFor(proxy.url, {}, { liveness: { clock } });
      await client.generate({ prompt: 'x' });
      proxy.swallowOld();
      pass(clock);
      const { text, parts } = await outcomeOf(client.stream({ prompt: 'y' }));
      assert.ok(text);
      assert.deepEqual(phasesOf(parts), ['connecting', 'writing']);
      assert.deepEqual([proxy.swallowedBytes, proxy.total], [0, 2]);
      assert.equal(double.requests.filter(isGenerate).length, 2);
    }),
  );
}

test('29 s of silence, or a clock adjusted by a second, cost no connection', limit, () =>
  withoutLeaks(async () => {
    const clock = new SleepyClock();
    await using double = await startDouble();
    await using client = clientFor(double.url, {}, { liveness: { clock } });
    for (const pass of [() => undefined, () => clock.pass(29_000), () => clock.sleep(1000)]) {
      pass();
      await client.generate({ prompt: 'x' });
    }
    assert.equal(double.connections.total, 1);
  }),
);

test('a new connection that loses data: the answer comes on another one, once', limit, () =>
  withoutLeaks(async () => {
    await using double = await startDouble();
    await using proxy = await startSwallowingProxy(double.port);
    await using client = clientFor(proxy.url);
    await client.generate({ prompt: 'x' });
    const expected = (await client.generate({ prompt: 'y' })).text;
    assert.equal(proxy.total, 1);
    proxy.swallowOld();
    const { text, parts, retries } = await outcomeOf(client.streamWithRetry({ prompt: 'y' }));
    assert.ok(proxy.swallowedBytes > 0);
    assert.equal(text, expected);
    assert.deepEqual([retries.length, phasesOf(parts)], [0, ['connecting', 'writing']]);
    assert.equal(double.requests.filter(isGenerate).length, 3);
    await client.generate({ prompt: 'z' });
  }),
);

test('meanwhile the phase is not "loading", although the model is not loaded', limit, () =>
  withoutLeaks(async () => {
    await using double = await startDouble();
    await using proxy = await startSwallowingProxy(double.port);
    await using client = clientFor(proxy.url);
    await client.generate({ prompt: 'x' });
    double.unload('tiny');
    proxy.swallowOld();
    const loading = double.hold('loading', isGenerate);
    const phases: string[] = [];
    const stream = client.stream({ prompt: 'y' });
    const reading = (async () => {
      for await (const part of stream)
        if (part.type === 'phase') {
          phases.push(part.phase);
          if (part.phase === 'loading') assert.equal(loading.held.length, 1, 'the server has the request');
        }
    })();
    await loading.reached;
    assert.deepEqual(phases, ['connecting']);
    loading.release();
    await reading;
  }),
);

test('a short request on a connection that loses it is repeated at once', limit, () =>
  withoutLeaks(async () => {
    await using double = await startDouble();
    await using proxy = await startSwallowingProxy(double.port);
    await using client = clientFor(proxy.url, {}, { liveness: quick });
    assert.equal(await client.healthCheck(), true);
    proxy.swallowOld();
    assert.equal(await client.healthCheck(), true);
    assert.equal((await client.installedModels()).length, 1);
    assert.deepEqual([double.requests.length, double.requests.filter(isRoot).length], [3, 2]);
  }),
);

test('a server that is silent for long on a kept connection is not disturbed', limit, () =>
  withoutLeaks(async () => {
    await using double = await startDouble();
    await using client = clientFor(double.url, {}, { liveness: { ...quick, signMs: 1000 } });
    await client.generate({ prompt: 'x' });
    const gate = double.hold('reading');
    const answer = client.generate({ prompt: 'y' });
    // Three polls of the phases take more than a second.
    for (let looks = 0; looks < 3; looks++) await double.nextRequest(({ path }) => path === '/api/ps');
    gate.release();
    assert.ok((await answer).text);
    assert.equal(double.requests.filter(isGenerate).length, 2);
    assert.equal(double.requests.filter(isRoot).length, 0, 'nothing was in doubt');
  }),
);

test('a server that never confirms is not disturbed either', limit, () =>
  withoutLeaks(async () => {
    let answer: (() => void) | undefined;
    await using server = await startRawServer((socket, { path, body }) => {
      if (path !== '/api/generate') return void socket.write(sized('200 OK', '{"models":[]}'));
      answer = () => void socket.write(chunked(wholeAnswer));
      if (body.includes('first')) answer();
    });
    await using client = clientFor(server.url, {}, { liveness: { ...quick, signMs: 50 } });
    await client.generate({ prompt: 'first' });
    const slow = client.generate({ prompt: 'slow' });
    while (server.requests.filter(({ path }) => path === '/api/ps').length < 2)
      await new Promise((resolve) => setImmediate(resolve));
    answer?.();
    assert.equal((await slow).text, 'one two');
    assert.equal(server.requests.filter(({ path }) => path === '/api/generate').length, 2);
  }),
);

test('without a network the request waits until the server can be reached again', limit, () =>
  withoutLeaks(async () => {
    await using double = await startDouble();
    await using proxy = await startSwallowingProxy(double.port);
    await using client = clientFor(proxy.url, {}, { liveness: quick });
    await client.generate({ prompt: 'x' });
    proxy.swallowOld();
    proxy.refuse(2);
    assert.ok((await client.generate({ prompt: 'y' })).text);
    assert.ok(proxy.refused >= 2);
    assert.equal(double.requests.filter(isGenerate).length, 2);
  }),
);

test('close and abort end doubtful requests, and nothing leaks', limit, () =>
  withoutLeaks(async () => {
    await using double = await startDouble();
    await using proxy = await startSwallowingProxy(double.port);
    await using client = clientFor(proxy.url, {}, { liveness: quick });
    await client.generate({ prompt: 'x' });
    for (const end of ['abort', 'close'] as const) {
      proxy.swallowOld();
      const probed = double.hold('answer', isRoot);
      const abort = new AbortController();
      const failed = failureOf(client.generate({ prompt: 'y', signal: abort.signal }));
      await probed.reached;
      if (end === 'abort') abort.abort(end);
      else await client.close();
      const error = await failed;
      assert.ok(end === 'abort' ? error === end : error instanceof OllamaConnectionError);
      probed.release();
      if (end === 'abort') await client.generate({ prompt: 'x' });
    }
  }),
);

test(
  'after a sleep while waiting, the system checks the other side; its reset leads to another attempt',
  limit,
  () =>
    withoutLeaks(async () => {
      const clock = new SleepyClock();
      await using double = await startDouble();
      await using proxy = await startSwallowingProxy(double.port);
      await using client = clientFor(proxy.url, {}, { liveness: { ...quick, clock } });
      const gate = double.hold('reading');
      const answer = client.generate({ prompt: 'x' });
      await gate.reached;
      const woken = keepAliveCalls();
      clock.sleep(600_000);
      assert.deepEqual(await woken, [true, 1000]);
      gate.release();
      proxy.resetOld();
      assert.ok((await answer).text);
      assert.equal(double.requests.filter(isGenerate).length, 2);
    }),
);

test('a sleep while a slow server works costs nothing', limit, () =>
  withoutLeaks(async () => {
    const clock = new SleepyClock();
    await using double = await startDouble();
    await using client = clientFor(double.url, {}, { liveness: { ...quick, signMs: 50, clock } });
    await client.generate({ prompt: 'x' });
    const gate = double.hold('reading');
    const answer = client.generate({ prompt: 'y' });
    await gate.reached;
    const woken = keepAliveCalls();
    clock.sleep(600_000);
    await woken;
    for (let looks = 0; looks < 2; looks++) await double.nextRequest(({ path }) => path === '/api/ps');
    gate.release();
    assert.ok((await answer).text);
    assert.equal(double.requests.filter(isGenerate).length, 2);
  }),
);

test('a very late check, or a jump between two, is a sleep; drift is not', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  for (const [ms, steadyMs, expected] of [
    [1000, 0, false],
    [3000, 0, true],
    [0, 13_000, true],
    [0, 2000, false],
  ] as const) {
    const clock = new SleepyClock();
    let woken = false;
    const watch = new SleepWatch({ ...defaultLiveness, clock }, () => (woken = true));
    clock.sleep(ms);
    clock.pass(steadyMs);
    t.mock.timers.tick(defaultLiveness.checkMs);
    watch.stop();
    assert.equal(woken, expected, `${ms} ${steadyMs}`);
  }
});

/** The next calls that enable TCP keep-alive after a sleep. */
function keepAliveCalls(): Promise<unknown[]> {
  const original = Socket.prototype.setKeepAlive;
  return new Promise((resolve) => {
    Socket.prototype.setKeepAlive = function keepAlive(this: Socket, ...args) {
      if (args[1] === 1000) {
        Socket.prototype.setKeepAlive = original;
        resolve(args);
      }
      return original.apply(this, args);
    };
  });
}

function phasesOf(parts: StreamEvent[]): string[] {
  return parts.flatMap((part) => (part.type === 'phase' ? [part.phase] : []));
}

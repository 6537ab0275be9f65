/** Out of memory on a double with a memory size: the recovery steps, what is remembered, and the messages. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type OllamaError, OllamaModelError, type Logger } from '../../../../src/ollama/index.ts';
import { recoverySteps } from '../../../../src/ollama/generate/recoverySteps.ts';
import {
  outOfMemoryTexts,
  startDouble,
  type DoubleOptions,
  type OllamaDouble,
} from '../../../support/double/index.ts';
import { clientFor, failureOf, outcomeOf } from '../../../support/faults.ts';
import { withoutLeaks } from '../../../support/leaks.ts';

const mib = 2 ** 20;
const quick = { attempts: 3, delayMs: 1 };

/** A model of 1 MiB that needs 1 KiB per token of its context window, and memory for so many tokens. */
function memoryFor(tokens: number): DoubleOptions {
  return {
    models: [{ name: 'tiny', sizeBytes: mib, memoryPerTokenBytes: 1024, contextLength: 131_072 }],
    memoryBytes: mib + tokens * 1024,
  };
}

/** Context sizes of the generate requests so far; 0 is a request that unloads. */
function sizes(double: OllamaDouble): unknown[] {
  return double.requests
    .filter(({ path }) => path === '/api/generate')
    .map(({ body }) => (body.keep_alive === 0 ? 0 : body.options?.['num_ctx']));
}

function recordingLogger(): { log: Logger; events: string[] } {
  const events: string[] = [];
  const note = (message: string): void => void events.push(message);
  return { log: { debug: note, info: note, warn: note, error: note }, events };
}

test('the steps: at most 8192, then halves down to 2048', () => {
  assert.deepEqual(recoverySteps(16_384, false), [8192, 4096, 2048]);
  assert.deepEqual(recoverySteps(131_072, false), [8192, 4096, 2048]);
  assert.deepEqual(recoverySteps(8192, false), [8192, 4096, 2048]);
  assert.deepEqual(recoverySteps(6000, false), [6000, 3000]);
  assert.deepEqual(recoverySteps(1000, false), [1000]);
  assert.deepEqual(recoverySteps(8192, true), [4096, 2048]);
  assert.deepEqual(recoverySteps(2048, true), []);
});

for (const [tokens, steps] of [
  [9000, [8192]],
  [5000, [8192, 4096]],
  [2048, [8192, 4096, 2048]],
] as const) {
  test(`memory for ${tokens} tokens: recovery ends at ${steps.at(-1)}, and everything after it uses that`, () =>
    withoutLeaks(async () => {
      await using double = await startDouble(memoryFor(tokens));
      const { log, events } = recordingLogger();
      await using client = clientFor(double.url, {}, { log });
      const { result, retries, text } = await outcomeOf(client.streamWithRetry({ prompt: 'x' }, quick));
      const least = steps.at(-1)!;
      assert.deepEqual([result?.numCtx, result?.text], [least, text]);
      assert.deepEqual(
        retries.map(({ numCtx, delayMs }) => [numCtx, delayMs]),
        steps.map((step) => [step, 0]),
      );
      assert.deepEqual(sizes(double), [16_384, ...steps.flatMap((step) => [0, step]), least]);
      assert.deepEqual(events, ['attempting_oom_recovery', 'oom_recovery_complete']);
      assert.deepEqual(double.loads, [{ model: 'tiny:latest', numCtx: least }], 'loaded once, never again');

      assert.equal(client.numCtxFor('tiny'), least);
      assert.equal(client.numCtxFor('tiny:latest'), least);
      await client.generate({ prompt: 'y' });
      assert.ok(await client.prewarm());
      assert.deepEqual(sizes(double).slice(-2), [least, least]);
      assert.equal(double.loads.length, 1);

      await using other = clientFor(double.url);
      assert.equal(other.numCtxFor('tiny'), 16_384, 'forgotten with the client');
    }));
}

test('it waits until /api/ps no longer lists the model', () =>
  withoutLeaks(async () => {
    await using double = await startDouble({ ...memoryFor(9000), unloadMs: 250 });
    await using client = clientFor(double.url, { numCtx: 8000 });
    await client.prewarm();
    double.set({ memoryBytes: mib + 5000 * 1024 });
    void double.faultNext(({ path }) => path === '/api/generate', {
      kind: 'respond',
      status: 500,
      body: '{"error":"CUDA error: out of memory"}',
    });
    await client.generateWithRetry({ prompt: 'x' }, quick);
    const paths = double.requests.map(({ path, body }) =>
      path === '/api/ps' ? 'ps' : body.keep_alive === 0 ? 'unload' : body.options?.['num_ctx'],
    );
    const unload = paths.indexOf('unload');
    const next = paths.slice(unload + 1).findIndex((path) => path !== 'ps');
    assert.ok(next >= 2, `it looked more than once: ${paths.join(' ')}`);
  }));

test('prewarm recovers too, and logs it', () =>
  withoutLeaks(async () => {
    await using double = await startDouble(memoryFor(5000));
    const { log, events } = recordingLogger();
    await using client = clientFor(double.url, {}, { log });
    assert.ok(await client.prewarm());
    assert.deepEqual(events, ['attempting_oom_recovery', 'oom_recovery_complete', 'model_prewarmed']);
    assert.equal(client.numCtxFor('tiny'), 4096);
    assert.equal((await client.generate({ prompt: 'x' })).numCtx, 4096);
    assert.equal(double.loads.length, 1);
  }));

test('memory that shrinks later: recovery continues from the last step', () =>
  withoutLeaks(async () => {
    await using double = await startDouble(memoryFor(9000));
    await using client = clientFor(double.url);
    assert.equal((await client.generateWithRetry({ prompt: 'x' }, quick)).numCtx, 8192);
    double.set({ memoryBytes: mib + 2100 * 1024 });
    double.unload('tiny');
    const { result, retries } = await outcomeOf(client.streamWithRetry({ prompt: 'x' }, quick));
    assert.equal(result?.numCtx, 2048);
    assert.deepEqual(
      retries.map(({ numCtx }) => numCtx),
      [4096, 2048],
    );
  }));

test('a failed recovery is explained; other loaded models are named; nothing stays reduced', () =>
  withoutLeaks(async () => {
    await using double = await startDouble(memoryFor(1000));
    const { log, events } = recordingLogger();
    await using client = clientFor(double.url, {}, { log });
    const error = await failureOf(client.generateWithRetry({ prompt: 'x' }, quick));
    assert.ok(error instanceof OllamaModelError && error.kind === 'outOfMemory');
    assert.match(error.message, /not even with a context window of 2048 tokens: use a smaller model/);
    assert.deepEqual(sizes(double), [16_384, 0, 8192, 0, 4096, 0, 2048]);
    assert.deepEqual(events, ['attempting_oom_recovery', 'oom_recovery_failed']);
    assert.equal(await client.prewarm(), false);
    assert.equal(client.numCtxFor('tiny'), 16_384);
    double.set({ memoryBytes: Infinity });
    assert.equal((await client.generateWithRetry({ prompt: 'x' }, quick)).numCtx, 16_384);
  }));

test('a failed recovery names the models that use the memory', () =>
  withoutLeaks(async () => {
    await using double = await startDouble({
      models: [
        { name: 'tiny', sizeBytes: mib, memoryPerTokenBytes: 1024 },
        { name: 'huge:70b', sizeBytes: mib },
      ],
      memoryBytes: Infinity,
    });
    await using other = clientFor(double.url, { model: 'huge:70b' });
    await other.prewarm();
    await using client = clientFor(double.url);
    const ours = ({ body }: { body: Record<string, unknown> }): boolean =>
      body['model'] === 'tiny' && body['keep_alive'] !== 0;
    for (let count = 0; count < 4; count++)
      void double.faultNext(ours, {
        kind: 'respond',
        status: 500,
        body: '{"error":"model requires more system memory (8.0 GiB) than is available (4.0 GiB)"}',
      });
    const error = (await failureOf(client.generateWithRetry({ prompt: 'x' }, quick))) as OllamaError;
    assert.match(error.message, /unload huge:70b\.$/);
  }));

for (const text of Object.keys(outOfMemoryTexts)) {
  test(`the text of an old or new server is recognised: ${text}`, () =>
    withoutLeaks(async () => {
      await using double = await startDouble({ ...memoryFor(5000), outOfMemory: text });
      await using client = clientFor(double.url);
      const error = await failureOf(client.generate({ prompt: 'x' }));
      assert.ok(error instanceof OllamaModelError && error.kind === 'outOfMemory' && error.status === 500);
      assert.match(error.message, /not enough memory.*smaller model or context window/);
      assert.equal((await client.generateWithRetry({ prompt: 'x' }, quick)).numCtx, 4096);
    }));
}

test('one attempt means no recovery either', () =>
  withoutLeaks(async () => {
    await using double = await startDouble(memoryFor(5000));
    await using client = clientFor(double.url);
    const failed = await failureOf(client.generateWithRetry({ prompt: 'x' }, { attempts: 1, delayMs: 1 }));
    assert.ok(failed instanceof OllamaModelError);
    assert.equal(double.requests.length, 1);
  }));

test('concurrent calls share one recovery', () =>
  withoutLeaks(async () => {
    await using double = await startDouble(memoryFor(5000));
    await using client = clientFor(double.url);
    const calls = Array.from({ length: 5 }, () => client.generateWithRetry({ prompt: 'x' }, quick));
    const results = await Promise.all([...calls, client.prewarm()]);
    assert.ok(results.slice(0, 5).every((result) => typeof result === 'object' && result.numCtx === 4096));
    assert.equal(sizes(double).filter((size) => size === 0).length, 2, 'one unloading for each of two steps');
  }));

test('a transient error during the recovery is retried like any other', () =>
  withoutLeaks(async () => {
    await using double = await startDouble(memoryFor(9000));
    await using client = clientFor(double.url);
    const reload = ({ body }: { body: Record<string, unknown> }): boolean =>
      (body['options'] as { num_ctx?: number } | undefined)?.num_ctx === 8192;
    void double.faultNext(reload, { kind: 'respond', status: 503, headers: { 'Retry-After': '0' } });
    const { result, retries, error } = await outcomeOf(client.streamWithRetry({ prompt: 'x' }, quick));
    assert.equal(error, undefined);
    assert.equal(result?.numCtx, 8192);
    assert.deepEqual(
      retries.map(({ numCtx, error: { kind } }) => [kind, numCtx]),
      [
        ['outOfMemory', 8192],
        ['busy', undefined],
      ],
    );
  }));

test('abort and close end a recovery at any step', () =>
  withoutLeaks(async () => {
    for (const stop of ['abort', 'close', 'leave'] as const) {
      await using double = await startDouble(memoryFor(9000));
      await using client = clientFor(double.url);
      const gate = double.hold('loading', ({ body }) => body.options?.['num_ctx'] === 8192);
      const controller = new AbortController();
      const stream = client.streamWithRetry({ prompt: 'x', signal: controller.signal }, quick);
      const outcome = outcomeOf(stream);
      const request = await gate.reached;
      if (stop === 'abort') controller.abort('enough');
      if (stop === 'close') await client.close();
      if (stop === 'leave') await stream.return(undefined as never);
      const { error } = await outcome;
      if (stop === 'abort') assert.equal(error, 'enough');
      if (stop === 'close') assert.equal((error as OllamaError).kind, 'closed');
      assert.equal(await request.finished, 'cancelled');
      gate.release();
    }
  }));

test('unload waits until the model is gone', () =>
  withoutLeaks(async () => {
    await using double = await startDouble({ unloadMs: 120 });
    await using client = clientFor(double.url);
    await client.prewarm();
    assert.equal((await client.loadedModels()).length, 1);
    await client.unload();
    assert.deepEqual(double.loaded(), []);
  }));

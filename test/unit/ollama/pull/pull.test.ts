/** Pulling a model: progress, cancelling, continuing, and interrupted streams. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  OllamaConnectionError,
  OllamaError,
  OllamaModelNotFoundError,
  OllamaProtocolError,
  OllamaTimeoutError,
  type PullProgress,
} from '../../../../src/ollama/index.ts';
import {
  loadRecordings,
  Registry,
  startDouble,
  startRawServer,
  startReplay,
  type DoubleOptions,
  type RecordedRequest,
} from '../../../support/double/index.ts';
import { chunked, clientFor, failureOf, fetches, partsOf } from '../../../support/faults.ts';
import { deferred } from '../../../support/double/deferred.ts';
import { listenersOf, withoutLeaks } from '../../../support/leaks.ts';

const model = 'small:1b';
const sizeBytes = 800_000_000;
const pulls = ({ path }: RecordedRequest): boolean => path === '/api/pull';
const ignore = (): void => undefined;

function withRegistry(): DoubleOptions {
  return { pull: new Registry({ models: [{ name: model, sizeBytes, parameterSize: '1.2B' }] }).pull };
}

for (const [fetchName, fetch] of fetches) {
  test(`what is sent, and progress up to the installed model (${fetchName})`, () =>
    withoutLeaks(async () => {
      await using double = await startDouble(withRegistry());
      await using client = clientFor(double.url, {}, partsOf(fetch));
      const seen: PullProgress[] = [];
      await client.pullModel(model, (progress) => seen.push(progress));
      assert.deepEqual(double.requests[0]?.body, { model, stream: true });
      assert.deepEqual(
        [...new Set(seen.map(({ phase }) => phase))],
        ['manifest', 'downloading', 'verifying', 'writing'],
      );
      assert.deepEqual(seen.at(-1), {
        phase: 'writing',
        completedBytes: sizeBytes,
        totalBytes: sizeBytes,
        resumedBytes: 0,
      });
      const installed = (await client.installedModels()).find(({ name }) => name === model);
      assert.deepEqual([installed?.sizeBytes, installed?.parameterSize], [sizeBytes, '1.2B']);
      assert.deepEqual(double.requests.filter(pulls).length, 1);
    }));

  test(`cancelling reaches the server at once, and the next pull continues (${fetchName})`, () =>
    withoutLeaks(async () => {
      await using double = await startDouble(withRegistry());
      await using client = clientFor(double.url, {}, partsOf(fetch));
      const gate = double.hold({ afterTokens: 5 });
      const controller = new AbortController();
      const reason = new Error('enough');
      const told: PullProgress[] = [];
      const fiveTold = deferred();
      const onProgress = (progress: PullProgress): void => {
        if (told.push(progress) === 5) fiveTold.resolve();
      };
      const pull = failureOf(client.pullModel(model, onProgress, controller.signal));
      const [request] = await Promise.all([gate.reached, fiveTold.promise]);
      controller.abort(reason);
      assert.equal(await pull, reason);
      assert.equal(await request.finished, 'cancelled');
      await double.waitForNoConnections();
      assert.equal(listenersOf(controller.signal), 0);
      gate.release();
      assert.deepEqual(
        (await client.installedModels()).map(({ name }) => name),
        ['tiny:latest'],
      );

      const seen: PullProgress[] = [];
      await client.pullModel(model, (progress) => seen.push(progress));
      const resumed = seen.find(({ totalBytes }) => totalBytes > 0)!;
      assert.ok(resumed.resumedBytes > 0 && resumed.completedBytes === resumed.resumedBytes);
      assert.ok(resumed.completedBytes >= told[4]!.completedBytes);
      assert.equal(seen.at(-1)?.resumedBytes, resumed.resumedBytes, 'only what was there before');
      assert.equal(seen.at(-1)?.completedBytes, sizeBytes);
    }));
}

test('aborted before it starts: nothing is sent', () =>
  withoutLeaks(async () => {
    await using double = await startDouble(withRegistry());
    await using client = clientFor(double.url);
    const reason = new Error('never');
    assert.equal(await failureOf(client.pullModel(model, ignore, AbortSignal.abort(reason))), reason);
    assert.equal(double.requests.length, 0);
  }));

test('cancelled by the callback: later lines of the same packet are not reported', () =>
  withoutLeaks(async () => {
    const lines = ['pulling manifest', 'verifying sha256 digest', 'writing manifest', 'success'];
    const body = lines.map((status) => `${JSON.stringify({ status })}\n`).join('');
    await using server = await startRawServer((socket) => void socket.write(chunked(body)));
    await using client = clientFor(server.url);
    const controller = new AbortController();
    let told = 0;
    const cancel = (): void => {
      told++;
      controller.abort(new Error('seen enough'));
    };
    const error = await failureOf(client.pullModel(model, cancel, controller.signal));
    assert.deepEqual([(error as Error).message, told], ['seen enough', 1]);
  }));

test("the pull rejects with the callback's error, and the connection is closed", () =>
  withoutLeaks(async () => {
    await using double = await startDouble(withRegistry());
    await using client = clientFor(double.url);
    const gate = double.hold({ afterTokens: 3 });
    const bug = new TypeError('a bug of the caller');
    const error = await failureOf(
      client.pullModel(model, () => {
        throw bug;
      }),
    );
    assert.equal(error, bug);
    await double.waitForNoConnections();
    gate.release();
  }));

test('close() ends a pull like everything else', () =>
  withoutLeaks(async () => {
    await using double = await startDouble(withRegistry());
    await using client = clientFor(double.url);
    const gate = double.hold({ afterTokens: 3 });
    const pull = failureOf(client.pullModel(model, ignore));
    const request = await gate.reached;
    await client.close();
    const error = await pull;
    assert.ok(error instanceof OllamaConnectionError && error.kind === 'closed', String(error));
    assert.equal(await request.finished, 'cancelled');
    gate.release();
  }));

test('silence ends a pull at the idle timeout', () =>
  withoutLeaks(async () => {
    await using double = await startDouble(withRegistry());
    await using client = clientFor(double.url, { idleTimeoutMs: 200 });
    const gate = double.hold({ afterTokens: 3 });
    const error = await failureOf(client.pullModel(model, ignore));
    assert.ok(error instanceof OllamaTimeoutError && error.kind === 'idleTimeout', String(error));
    gate.release();
  }));

test('a model that is there already: all of it counts as resumed', () =>
  withoutLeaks(async () => {
    await using double = await startDouble(withRegistry());
    await using client = clientFor(double.url);
    await client.pullModel(model, ignore);
    let last: PullProgress | undefined;
    await client.pullModel(model, (progress) => (last = progress));
    assert.deepEqual(
      [last?.resumedBytes, last?.completedBytes, last?.totalBytes],
      [sizeBytes, sizeBytes, sizeBytes],
    );
  }));

test('a model that the registry does not have', () =>
  withoutLeaks(async () => {
    await using double = await startDouble(withRegistry());
    await using client = clientFor(double.url);
    const error = await failureOf(client.pullModel('nobody/nothing', ignore));
    assert.ok(error instanceof OllamaModelNotFoundError && error.kind === 'pullUnknown', String(error));
    assert.deepEqual([error.model, double.requests.length], ['nobody/nothing', 1]);
    const invalid = await failureOf(client.pullModel('not a name', ignore));
    assert.ok(invalid instanceof OllamaModelNotFoundError && invalid.kind === 'pullUnknown', String(invalid));
  }));

for (const how of ['close', 'reset', 'end'] as const)
  for (const afterLines of [1, 4])
    test(`a stream that ends (${how}) after ${afterLines} lines is an error, and not retried`, () =>
      withoutLeaks(async () => {
        await using double = await startDouble(withRegistry());
        await using client = clientFor(double.url);
        void double.faultNext({ kind: 'cut', how, afterLines, plusBytes: 7 });
        const error = await failureOf(client.pullModel(model, ignore));
        assert.ok(error instanceof OllamaProtocolError && error.kind === 'cut', String(error));
        assert.match(error.message, /"small:1b" broke off .*: pull it again/);
        assert.equal(double.requests.length, 1);
        await client.pullModel(model, ignore);
      }));

for (const [name, text, kind] of [
  ['not JSON', 'nonsense\n', 'garbled'],
  ['JSON of something else', '{"response":"x","done":true}\n', 'garbled'],
  ['an array', '[]\n', 'garbled'],
] as const)
  test(`a line that is ${name}`, () =>
    withoutLeaks(async () => {
      await using double = await startDouble(withRegistry());
      await using client = clientFor(double.url);
      void double.faultNext({ kind: 'insert', at: 2, text });
      const error = await failureOf(client.pullModel(model, ignore));
      assert.ok(error instanceof OllamaProtocolError && error.kind === kind, String(error));
    }));

test('lines after the success are ignored', () =>
  withoutLeaks(async () => {
    await using double = await startDouble(withRegistry());
    await using client = clientFor(double.url);
    void double.faultNext({ kind: 'append', text: 'nonsense\n' });
    await client.pullModel(model, ignore);
  }));

test('a recorded server without a network', () =>
  withoutLeaks(async () => {
    for (const name of ['pull-unreachable-registry', 'pull-unreachable-registry-nostream']) {
      const recording = loadRecordings().find((one) => one.name === name)!;
      await using server = await startReplay(recording);
      await using client = clientFor(server.url);
      const seen: PullProgress[] = [];
      const error = await failureOf(client.pullModel('llama3.2', (progress) => seen.push(progress)));
      assert.ok(error instanceof OllamaError && error.kind === 'pullOffline', String(error));
      assert.match(error.message, /cannot reach the registry of the model "llama3\.2": check the network/);
      assert.equal(seen.length, name.endsWith('nostream') ? 0 : 1);
    }
  }));

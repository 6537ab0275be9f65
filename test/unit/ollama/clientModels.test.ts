/** The client's contract about models: loading, listing, choosing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OllamaClient, OllamaModelNotFoundError, type Logger } from '../../../src/ollama/index.ts';
import { startDouble, startRawServer, type RecordedRequest } from '../../support/double/index.ts';
import { clientFor, failureOf, json, settingsFor, sized } from '../../support/faults.ts';
import { withoutLeaks } from '../../support/leaks.ts';

function recordingLogger(): { log: Logger; events: string[]; facts: string } {
  const recorder = { events: [] as string[], facts: '' };
  const note = (message: string, ...facts: unknown[]): void => {
    recorder.events.push(message);
    recorder.facts += JSON.stringify(facts);
  };
  return Object.assign(recorder, { log: { debug: note, info: note, warn: note, error: note } });
}

const generates = ({ path }: RecordedRequest): boolean => path === '/api/generate';

test('prewarm loads with the very options of every request, so that nothing is loaded twice', () =>
  withoutLeaks(async () => {
    await using double = await startDouble();
    const { log, events } = recordingLogger();
    await using client = clientFor(double.url, {}, { log });
    assert.equal(await client.prewarm(), true);
    await client.generate({ prompt: 'x', temperature: 1, maxTokens: 3 });
    await client.generateWithRetry({ prompt: 'x', system: 'y' });
    for await (const _ of client.stream({ prompt: 'x' }));
    assert.deepEqual(double.loads, [{ model: 'tiny:latest', numCtx: 16_384 }]);
    const [first] = double.requests;
    assert.deepEqual(first?.body, {
      model: 'tiny',
      prompt: '',
      keep_alive: -1,
      truncate: false,
      stream: false,
      options: { num_ctx: 16_384 },
    });
    assert.deepEqual(events, ['model_prewarmed']);
    void double.faultNext({ kind: 'respond', status: 500, body: '{"error":"no"}' });
    assert.equal(await client.prewarm(), false);
    assert.deepEqual(events, ['model_prewarmed', 'prewarm_failed']);
  }));

test('concurrent prewarms are one; a cancelled one resolves with false', () =>
  withoutLeaks(async () => {
    await using double = await startDouble();
    await using client = clientFor(double.url);
    const gate = double.hold('loading');
    const both = [client.prewarm(), client.prewarm()];
    await gate.reached;
    gate.release();
    assert.deepEqual(await Promise.all(both), [true, true]);
    assert.equal(double.requests.filter(generates).length, 1);
    double.unload('tiny');
    const again = double.hold('loading');
    const controller = new AbortController();
    const cancelled = client.prewarm(controller.signal);
    const request = await again.reached;
    controller.abort();
    assert.equal(await cancelled, false);
    assert.equal(await request.finished, 'cancelled');
    again.release();
  }));

test('the installed models and the loaded ones, with all that is known of them', () =>
  withoutLeaks(async () => {
    await using double = await startDouble({
      gpuShare: 0.5,
      models: [{ name: 'a:7b', sizeBytes: 2e9, contextLength: 4096 }, { name: 'b' }],
    });
    await using client = clientFor(double.url, { model: 'a:7b' });
    const models = await client.listModels();
    assert.deepEqual(models.map(({ name }) => name).toSorted(), ['a:7b', 'b:latest']);
    const a = models.find(({ name }) => name === 'a:7b');
    assert.deepEqual(
      [a?.sizeBytes, a?.contextLength, a?.quantization, a?.capabilities],
      [2e9, 4096, 'Q4_K_M', ['completion']],
    );
    assert.deepEqual(await client.loadedModels(), []);
    await client.prewarm();
    const [loaded] = await client.loadedModels();
    assert.deepEqual(
      [loaded?.name, loaded?.gpuShare, loaded?.contextLength],
      ['a:7b', 0.5, 4096],
      'the real window, not the one asked for',
    );
    assert.equal(await client.version(), '0.33.0');
    await double.stop();
    assert.deepEqual(await client.listModels(), []);
    assert.ok((await failureOf(client.installedModels())) instanceof Error);
  }));

test('no model is set: the loaded one, else the latest that can answer; chosen once, and again when it is gone', () =>
  withoutLeaks(async () => {
    const models = [
      { name: 'old', modifiedAt: '2025-01-01T00:00:00Z' },
      { name: 'new', modifiedAt: '2026-01-01T00:00:00Z' },
      { name: 'newest', modifiedAt: '2026-06-01T00:00:00Z', capabilities: ['embedding'] },
    ];
    await using double = await startDouble({ models });
    await using client = clientFor(double.url, { model: '' });
    assert.equal(await client.resolveModel(), 'new:latest');
    await client.generate({ prompt: 'x' });
    await client.generate({ prompt: 'x' });
    assert.equal(double.requests.filter(({ path }) => path === '/api/tags').length, 1);
    double.setModels([models[0]!]);
    assert.ok((await failureOf(client.generate({ prompt: 'x' }))) instanceof OllamaModelNotFoundError);
    assert.equal((await client.generate({ prompt: 'x' })).model, 'old:latest');
    await using second = clientFor(double.url, { model: '' });
    double.setModels(models);
    assert.equal(await second.resolveModel(), 'old:latest', 'it is loaded');
    double.setModels([]);
    await using third = clientFor(double.url, { model: '' });
    const error = await failureOf(third.generate({ prompt: 'x' }));
    assert.ok(error instanceof OllamaModelNotFoundError && error.kind === 'noModel');
    assert.match(error.message, /ollama pull/);
    assert.equal(await third.prewarm(), false);
  }));

test('no model is set, and the server is too old to say what is loaded', () =>
  withoutLeaks(async () => {
    await using server = await startRawServer((socket, { path }) => {
      if (path === '/api/tags') socket.write(json('200 OK', { models: [{ name: 'only' }] }));
      else socket.write(sized('404 Not Found', '404 page not found'));
    });
    await using client = clientFor(server.url, { model: '' });
    assert.equal(await client.resolveModel(), 'only');
  }));

test('create: probes, warns, and returns the client in any case', () =>
  withoutLeaks(async () => {
    await using double = await startDouble();
    const { log, events } = recordingLogger();
    const client = await OllamaClient.create(settingsFor(double.url), { log });
    assert.deepEqual(events, []);
    await client.close();
    await double.stop();
    const lonely = await OllamaClient.create(settingsFor(double.url), { log });
    assert.deepEqual(events, ['ollama_not_responding']);
    await double.start();
    assert.ok((await lonely.generate({ prompt: 'x' })).text);
    await lonely.close();
  }));

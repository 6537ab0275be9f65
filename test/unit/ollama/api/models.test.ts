/** Deleting, unloading and describing models. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  OllamaConnectionError,
  OllamaModelNotFoundError,
  type ModelSummary,
} from '../../../../src/ollama/index.ts';
import {
  loadRecordings,
  startDouble,
  startRawServer,
  startReplay,
  type OllamaDouble,
} from '../../../support/double/index.ts';
import { clientFor, failureOf, fetches, json, partsOf } from '../../../support/faults.ts';
import { withoutLeaks } from '../../../support/leaks.ts';

const askedFor = (double: OllamaDouble, path: string): string[] =>
  double.requests.filter((request) => request.path === path).map(({ body }) => body.model ?? '');
const names = (models: ModelSummary[]): string[] => models.map(({ name }) => name).toSorted();

for (const [fetchName, fetch] of fetches)
  test(`delete: what is sent, and a model that is gone (${fetchName})`, () =>
    withoutLeaks(async () => {
      await using double = await startDouble({ models: [{ name: 'a:1b' }, { name: 'b:1b' }] });
      await using client = clientFor(double.url, {}, partsOf(fetch));
      await client.deleteModel('a:1b');
      const [request] = double.requests;
      assert.deepEqual(
        [request?.method, request?.path, request?.body],
        ['DELETE', '/api/delete', { model: 'a:1b' }],
      );
      assert.deepEqual(names(await client.installedModels()), ['b:1b']);
      const error = await failureOf(client.deleteModel('a:1b'));
      assert.ok(error instanceof OllamaModelNotFoundError && error.kind === 'modelNotFound', String(error));
      assert.deepEqual([error.model, error.status], ['a:1b', 404]);
    }));

test('the recording of deleting an unknown model', () =>
  withoutLeaks(async () => {
    await using server = await startReplay(loadRecordings().find(({ name }) => name === 'delete-unknown')!);
    await using client = clientFor(server.url);
    const error = await failureOf(client.deleteModel('c3'));
    assert.ok(error instanceof OllamaModelNotFoundError && error.model === 'c3', String(error));
  }));

test('the double unloads what is deleted', () =>
  withoutLeaks(async () => {
    await using double = await startDouble();
    await using client = clientFor(double.url);
    await client.prewarm();
    assert.equal(double.loaded().length, 1);
    await client.deleteModel('tiny');
    assert.deepEqual(double.loaded(), []);
  }));

test('a deleted model is not chosen again; deleting another one changes nothing', () =>
  withoutLeaks(async () => {
    const models = ['old', 'new', 'other'].map((name, index) => ({
      name,
      modifiedAt: `202${index % 2}-01-01T00:00:00Z`,
    }));
    await using double = await startDouble({ models });
    await using client = clientFor(double.url, { model: '' });
    assert.equal(await client.resolveModel(), 'new:latest');
    await client.deleteModel('other');
    assert.equal(await client.resolveModel(), 'new:latest');
    assert.equal(askedFor(double, '/api/tags').length, 1);
    await client.deleteModel('new');
    assert.equal(await client.resolveModel(), 'old:latest');
  }));

test('a deletion is cancelled by its signal', () =>
  withoutLeaks(async () => {
    await using double = await startDouble();
    await using client = clientFor(double.url);
    const gate = double.hold('answer');
    const controller = new AbortController();
    const reason = new Error('stop');
    const deleting = failureOf(client.deleteModel('tiny', controller.signal));
    const request = await gate.reached;
    controller.abort(reason);
    assert.equal(await deleting, reason);
    assert.equal(await request.finished, 'cancelled');
    gate.release();
  }));

test('unload: the model of the requests, or any other', () =>
  withoutLeaks(async () => {
    await using double = await startDouble({ models: [{ name: 'tiny' }, { name: 'big' }] });
    await using client = clientFor(double.url);
    await using another = clientFor(double.url, { model: 'big' });
    await client.prewarm();
    await another.prewarm();
    await client.unload(undefined, 'big');
    assert.deepEqual(
      double.loaded().map(({ name }) => name),
      ['tiny:latest'],
    );
    await client.unload();
    assert.deepEqual(double.loaded(), []);
    await assert.rejects(client.unload(AbortSignal.abort(new Error('no')), 'big'), /no/);
    const error = await failureOf(client.unload(undefined, 'nobody'));
    assert.ok(error instanceof OllamaModelNotFoundError && error.model === 'nobody', String(error));
  }));

const oldServer = {
  version: '0.12.5',
  models: [
    { name: 'a:1b', contextLength: 8192, capabilities: ['completion', 'insert'] },
    { name: 'b:1b', contextLength: 4096, capabilities: ['embedding'], family: 'bert' },
  ],
};

test('an older server: context length and capabilities come from show, once for each model', () =>
  withoutLeaks(async () => {
    await using double = await startDouble(oldServer);
    await using client = clientFor(double.url);
    const bare = await client.installedModels();
    assert.deepEqual(
      bare.map(({ contextLength, capabilities }) => [contextLength, capabilities]),
      [
        [0, []],
        [0, []],
      ],
    );
    assert.deepEqual(askedFor(double, '/api/show'), []);
    const both = await Promise.all([client.describedModels(), client.describedModels()]);
    for (const models of both)
      assert.deepEqual(
        models.map(({ name, contextLength, capabilities }) => [name, contextLength, capabilities]),
        [
          ['a:1b', 8192, ['completion', 'insert']],
          ['b:1b', 4096, ['embedding']],
        ],
      );
    assert.deepEqual(askedFor(double, '/api/show').toSorted(), ['a:1b', 'b:1b']);
    double.setModels([...oldServer.models, { name: 'c:1b' }]);
    await client.describedModels();
    assert.deepEqual(askedFor(double, '/api/show').toSorted(), ['a:1b', 'b:1b', 'c:1b']);
    assert.deepEqual(
      await client.listModels(),
      await client.installedModels(),
      'the plain list stays as it is',
    );
  }));

test('two names of the same files are asked about once', () =>
  withoutLeaks(async () => {
    const digest = 'f'.repeat(64);
    await using double = await startDouble({
      version: '0.12.5',
      models: [
        { name: 'a', digest },
        { name: 'b', digest, contextLength: 32_768 },
      ],
    });
    await using client = clientFor(double.url);
    const described = await client.describedModels();
    assert.deepEqual(
      described.map(({ contextLength }) => contextLength),
      [32_768, 32_768],
    );
    assert.equal(askedFor(double, '/api/show').length, 1);
  }));

test('a server that tells everything is not asked again', () =>
  withoutLeaks(async () => {
    await using double = await startDouble({ models: oldServer.models });
    await using client = clientFor(double.url);
    assert.deepEqual(await client.describedModels(), await client.installedModels());
    assert.deepEqual(askedFor(double, '/api/show'), []);
  }));

test('a show that fails leaves the gap; an answer is not asked for again, a broken connection is', () =>
  withoutLeaks(async () => {
    await using double = await startDouble(oldServer);
    await using client = clientFor(double.url);
    const shows = (name: string) => (request: { path: string; body: { model?: string } }) =>
      request.path === '/api/show' && request.body.model === name;
    void double.faultNext(shows('a:1b'), { kind: 'respond', status: 500, body: '{"error":"no"}' });
    void double.faultNext(shows('b:1b'), { kind: 'resetBeforeHeaders' });
    // The retry on a new connection, which a kept connection allows, fails as well.
    void double.faultNext(shows('b:1b'), { kind: 'resetBeforeHeaders' });
    const first = await client.describedModels();
    assert.deepEqual(
      first.map(({ contextLength }) => contextLength),
      [0, 0],
    );
    const lengths = async (): Promise<number[]> =>
      (await client.describedModels()).map(({ contextLength }) => contextLength);
    await lengths();
    assert.deepEqual(await lengths(), [0, 4096]);
    assert.equal(askedFor(double, '/api/show').filter((name) => name === 'a:1b').length, 1);
  }));

test('describing ends with its signal, with the client, and with a server that cannot be reached', () =>
  withoutLeaks(async () => {
    await using double = await startDouble(oldServer);
    await using client = clientFor(double.url);
    const gate = double.hold('answer', ({ path }) => path === '/api/show');
    const controller = new AbortController();
    const reason = new Error('stop');
    const describing = failureOf(client.describedModels(controller.signal));
    await gate.reached;
    controller.abort(reason);
    assert.equal(await describing, reason);
    const again = failureOf(client.describedModels());
    await double.nextRequest(({ path, state }) => path === '/api/show' && state !== 'cancelled');
    await client.close();
    const error = await again;
    assert.ok(error instanceof OllamaConnectionError && error.kind === 'closed', String(error));
    gate.release();
    assert.equal(
      (await client.describedModels())[0]?.contextLength,
      8192,
      'what was cancelled is not remembered',
    );
    await double.stop();
    assert.ok((await failureOf(client.describedModels())) instanceof OllamaConnectionError);
  }));

test('the recording of show', () =>
  withoutLeaks(async () => {
    const show = loadRecordings().find(({ name }) => name === 'show')!;
    await using server = await startReplay([
      show,
      {
        ...show,
        name: 'old tags',
        request: { method: 'GET', path: '/api/tags' },
        response: {
          end: 'closed',
          endMs: 1,
          chunks: [
            [1, json('200 OK', { models: [{ name: 'tiny:latest' }] }, { Connection: 'close' }).toString()],
          ],
        },
      },
    ]);
    await using client = clientFor(server.url);
    const [model] = await client.describedModels();
    assert.deepEqual([model?.contextLength, model?.capabilities], [8192, ['completion', 'insert']]);
  }));

test('an invalid description is ignored', () =>
  withoutLeaks(async () => {
    for (const answer of [
      {},
      [],
      { model_info: [] },
      { model_info: { 'general.architecture': 'x', 'x.context_length': '9' } },
    ]) {
      await using server = await startRawServer((socket, { path }) => {
        socket.write(json('200 OK', path === '/api/tags' ? { models: [{ name: 'a' }] } : answer));
      });
      await using client = clientFor(server.url);
      const [model] = await client.describedModels();
      assert.deepEqual([model?.contextLength, model?.capabilities], [0, []]);
    }
  }));

/** Deleting, unloading and describing models. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OllamaModelNotFoundError, type ModelSummary } from '../../../../src/ollama/index.ts';
import { readTrainedLength } from '../../../../src/ollama/api/models.ts';
import {
  loadRecordings,
  startDouble,
  startReplay,
  type OllamaDouble,
} from '../../../support/double/index.ts';
import { clientFor, failureOf, fetches, partsOf } from '../../../support/faults.ts';
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

test('the context length in the recordings of show', async () => {
  for (const name of ['show', 'show-fim']) {
    const recording = loadRecordings().find((one) => one.name === name)!;
    await using server = await startReplay(recording);
    const { method, path, body = '' } = recording.request;
    const answer = await fetch(`${server.url}${path}`, { method, body });
    assert.equal(readTrainedLength(await answer.json()), 8192, name);
  }
});

test('a strange description says nothing of the context length', () => {
  for (const answer of [
    undefined,
    {},
    [],
    { model_info: [] },
    { model_info: { 'general.architecture': 'x', 'x.context_length': '9' } },
    { model_info: { 'general.architecture': 'x', 'x.context_length': -9 } },
  ])
    assert.equal(readTrainedLength(answer), 0);
});

/** Models that run on another server. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OllamaModelNotFoundError, remoteHostOf } from '../../../../src/ollama/index.ts';
import { chooseModel, readInstalled } from '../../../../src/ollama/api/models.ts';
import { startDouble, type OllamaDouble } from '../../../support/double/index.ts';
import { clientFor, failureOf } from '../../../support/faults.ts';
import { withoutLeaks } from '../../../support/leaks.ts';

const askedFor = (double: OllamaDouble, path: string): string[] =>
  double.requests.filter((request) => request.path === path).map(({ body }) => body.model ?? '');

test('what a name says about where its model runs', () => {
  for (const name of [
    'gpt-oss:20b-cloud',
    'qwen3:cloud',
    'a/b:CLOUD',
    'gpt-oss:20b:cloud',
    'localhost:11434/library/foo:cloud',
    'x: cloud ',
  ])
    assert.equal(remoteHostOf(name), 'https://ollama.com', name);
  for (const name of [
    'my-cloud-model',
    'cloud',
    'my-cloud',
    'x:mycloud',
    'foo:bar-cloud/baz',
    'cloud:7b',
    'host:1/x-cloud',
    'foo:cloud:local',
    '',
  ])
    assert.equal(remoteHostOf(name), '', name);
});

test('where a listed model runs', () => {
  const hostOf = (entry: object): string | undefined =>
    readInstalled({ models: [{ name: 'm', ...entry }] })[0]?.remoteHost;
  assert.equal(hostOf({}), '');
  assert.equal(hostOf({ remote_host: 'https://ollama.com:443', remote_model: 'x' }), 'https://ollama.com');
  assert.equal(hostOf({ remote_host: 'https://me:secret@gpu.example:8443/api' }), 'https://gpu.example:8443');
  assert.equal(hostOf({ remote_host: 'example.com' }), 'https://example.com');
  assert.equal(hostOf({ remote_host: 'no host' }), 'no host');
  assert.equal(hostOf({ remote_model: 'x' }), 'https://ollama.com');
  assert.equal(hostOf({ remote_host: 7 }), 'https://ollama.com', 'what is unknown is not this server');
  assert.equal(hostOf({ name: 'm:7b-cloud' }), 'https://ollama.com');
});

test('a model that runs elsewhere is listed as such, and never chosen automatically', () =>
  withoutLeaks(async () => {
    const local = { name: 'local:1b', modifiedAt: '2024-01-01T00:00:00Z' };
    const remote = [
      {
        name: 'stub',
        modifiedAt: '2026-01-01T00:00:00Z',
        remoteHost: 'https://gpu.example:443',
        remoteModel: 'big',
      },
      { name: 'gpt-oss:20b-cloud', modifiedAt: '2026-02-01T00:00:00Z' },
    ];
    await using double = await startDouble({ models: [local, ...remote] });
    await using client = clientFor(double.url, { model: '' });
    const hosts = (await client.installedModels()).map(({ name, remoteHost }) => [name, remoteHost]);
    assert.deepEqual(hosts, [
      ['gpt-oss:20b-cloud', 'https://ollama.com'],
      ['stub:latest', 'https://gpu.example'],
      ['local:1b', ''],
    ]);
    assert.equal(await client.resolveModel(), 'local:1b');
    double.setModels(remote);
    await using lonely = clientFor(double.url, { model: '' });
    const error = await failureOf(lonely.generate({ prompt: 'code' }));
    assert.ok(error instanceof OllamaModelNotFoundError && error.kind === 'noModel', String(error));
    assert.deepEqual(askedFor(double, '/api/generate'), []);
    assert.deepEqual(await lonely.loadedModels(), []);
    await using decided = clientFor(double.url, { model: 'stub' });
    assert.equal(await decided.resolveModel(), 'stub', 'who names it has decided');
    await decided.generate({ prompt: 'x' });
    assert.deepEqual(await decided.loadedModels(), [], 'it is not loaded here');
  }));

test('not even when it is loaded', () => {
  const [remote] = readInstalled({ models: [{ name: 'x:cloud' }] });
  const loaded = { name: 'x:cloud', sizeBytes: 1, gpuShare: 0, contextLength: 1, expiresAt: '' };
  assert.equal(chooseModel([remote!], [loaded]), undefined);
});

/** The protocol of a server is recognized by its answers. Without a conclusive answer, nothing is decided. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Memento } from 'vscode';
import { KnownServers, recognizeServer } from '../../../src/generation/serverType.ts';
import { speaksOpenAI } from '../../../src/openai/index.ts';
import { startDouble, startRawServer, type DoubleOptions } from '../../support/double/index.ts';
import { clientFor, json, settingsFor, sized } from '../../support/faults.ts';
import { withoutLeaks } from '../../support/leaks.ts';

/** The recognized protocol of an address. */
async function found(baseUrl: string): Promise<string | undefined> {
  await using ollama = clientFor(baseUrl);
  const signal = new AbortController().signal;
  return await recognizeServer(ollama, () => speaksOpenAI(settingsFor(baseUrl), {}, signal));
}

const doubles: [name: string, options: DoubleOptions, path: string, type: string][] = [
  ['Ollama', {}, '', 'ollama'],
  ['Ollama, written as for other programs', {}, '/v1', 'ollama'],
  ['Ollama behind a path', { pathPrefix: '/team/ollama' }, '/team/ollama/v1/', 'ollama'],
  ['llama-server', { protocol: 'openai' }, '', 'openai'],
  ['llama-server with /v1', { protocol: 'openai' }, '/v1', 'openai'],
  ['llama-server that wants a key', { protocol: 'openai', apiKey: 'the-key' }, '', 'openai'],
  ['llama-server that is loading', { protocol: 'openai', loading: true }, '', 'openai'],
  ['llama-server behind a path', { protocol: 'openai', pathPrefix: '/engine' }, '/engine/v1', 'openai'],
];

for (const [name, options, path, type] of doubles)
  test(`${name} is recognized`, () =>
    withoutLeaks(async () => {
      await using double = await startDouble(options);
      assert.equal(await found(double.url + path), type);
      assert.ok(
        double.requests.every(({ method }) => method === 'GET'),
        'it is only asked, with nothing of the user',
      );
    }));

type Answers = Record<string, Buffer>;
const page = '<html><body>Not here</body></html>';
const notFound = sized('404 Not Found', page);
const list = json('200 OK', { object: 'list', data: [{ id: 'a', owned_by: 'vllm' }] });

const servers: [name: string, answers: Answers, type: string | undefined][] = [
  ['vLLM', { '/v1/models': list }, 'openai'],
  [
    'vLLM that wants a key',
    { '/v1/models': json('401 Unauthorized', { error: { message: 'Unauthorized' } }) },
    'openai',
  ],
  [
    'a server that tells only that it is llama-server',
    { '/props': json('200 OK', { default_generation_settings: {} }) },
    'openai',
  ],
  ['a server that tells only that it is well', { '/health': json('200 OK', { status: 'ok' }) }, 'openai'],
  [
    'a gateway that wants a key',
    { '/v1/models': sized('401 Unauthorized', page), '/api/version': sized('401 Unauthorized', page) },
    undefined,
  ],
  ['a web server', {}, undefined],
  [
    'a web server that answers everything',
    {
      '/api/version': sized('200 OK', page),
      '/v1/models': sized('200 OK', page),
      '/health': sized('200 OK', page),
    },
    undefined,
  ],
];

for (const [name, answers, type] of servers)
  test(`${name} is ${type ?? 'not decided'}`, () =>
    withoutLeaks(async () => {
      await using server = await startRawServer(
        (socket, { path }) => void socket.write(answers[path] ?? notFound),
      );
      assert.equal(await found(server.url), type);
    }));

test('where nothing answers, nothing is decided', () =>
  withoutLeaks(async () => {
    await using server = await startRawServer((socket) => void socket.destroy());
    assert.equal(await found(server.url), undefined);
  }));

test('addresses of the other protocol are remembered, until they speak Ollama again', () => {
  const values = new Map<string, unknown>();
  const state = {
    get: (name: string) => values.get(name),
    update: (name: string, value: unknown) => Promise.resolve(void values.set(name, value)),
  } as unknown as Memento;
  const servers = new KnownServers(state);
  for (let number = 0; number < 30; number++) servers.remember(`http://h:${number}`, 'openai');
  servers.remember('http://h:29', 'openai');
  servers.remember('http://other', 'ollama');
  assert.deepEqual(
    [0, 9, 10, 29].map((number) => servers.isOpenAI(`http://h:${number}`)),
    [false, false, true, true],
  );
  servers.remember('http://h:29', 'ollama');
  assert.equal(new KnownServers(state).isOpenAI('http://h:29'), false);
  assert.equal(new KnownServers(undefined).isOpenAI('http://h:28'), false);
});

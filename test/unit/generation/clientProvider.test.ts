/** The client for a server follows the server: another one may answer at the same address later. */
import { nothing } from '../../support/chatVscode.ts';
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { Memento } from 'vscode';
import type { Configuration } from '../../../src/config/configuration.ts';
import { noGuard } from '../../../src/http/guard.ts';
import { OllamaClient, type ModelClient } from '../../../src/ollama/index.ts';
import type { Trust } from '../../../src/trust/index.ts';
import { settingsFor } from '../../support/faults.ts';
import { withoutLeaks } from '../../support/leaks.ts';

const { ClientProvider } = await import('../../../src/generation/clientProvider.ts');

type Answers = Record<string, object>;
const ollama: Answers = {
  '/api/version': { version: '0.33.0' },
  '/api/tags': { models: [{ name: 'tiny:latest', capabilities: ['completion'] }] },
  '/api/ps': { models: [] },
  '/v1/models': { object: 'list', data: [{ id: 'tiny:latest', owned_by: 'library' }] },
};
const llamaServer: Answers = {
  '/v1/models': { object: 'list', data: [{ id: 'tiny', owned_by: 'llamacpp' }] },
  '/props': { default_generation_settings: { n_ctx: 4096 }, build_info: 'b6000' },
  '/health': { status: 'ok' },
};
const unknownPath = { error: { code: 404, message: 'File Not Found', type: 'not_found_error' } };

/** A server that tests replace by another one at the same address; `undefined`: the connections are closed. */
async function replaceableServer(answers: Answers | undefined) {
  const state = { answers };
  const server = createServer((request, response) => {
    if (!state.answers) return void request.socket.destroy();
    const answer = state.answers[request.url ?? ''];
    response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? unknownPath));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(state, { url, [Symbol.asyncDispose]: close });
}

function memento(): Memento {
  const values = new Map<string, unknown>();
  return {
    get: (name: string) => values.get(name),
    update: async (name: string, value: unknown) => void values.set(name, value),
  } as unknown as Memento;
}

function providerFor(baseUrl: string, state: Memento) {
  const current = { client: settingsFor(baseUrl), own: {}, serverType: 'auto', pagesParallel: 1 };
  const configuration = { current, onDidChange: () => nothing };
  const trust = { guardFor: () => noGuard } as unknown as Trust;
  const provider = new ClientProvider(configuration as unknown as Configuration, trust, {}, state);
  return Object.assign(provider, { [Symbol.asyncDispose]: () => provider.close() });
}

const names = async (client: ModelClient): Promise<string[]> =>
  (await client.installedModels()).map(({ name }) => name);
const isForOllama = ({ current }: { current: ModelClient }): boolean => current instanceof OllamaClient;
/** As the monitor asks. */
const version = (client: ModelClient): Promise<string> => client.version();

test('Ollama that is replaced by llama-server, and back', () =>
  withoutLeaks(async () => {
    await using server = await replaceableServer(ollama);
    await using provider = providerFor(server.url, memento());
    assert.deepEqual(await provider.use(names), ['tiny:latest']);
    assert.equal(isForOllama(provider), true);
    server.answers = llamaServer;
    await assert.rejects(provider.use(version));
    assert.deepEqual(await provider.use(names), ['tiny']);
    assert.equal(isForOllama(provider), false);
    server.answers = undefined;
    await assert.rejects(provider.use(names));
    server.answers = ollama;
    assert.equal(await provider.use(version), '0.33.0');
    assert.equal(isForOllama(provider), true);
  }));

test('a server that is not there yet keeps its protocol, until it shows another one', () =>
  withoutLeaks(async () => {
    const state = memento();
    await using server = await replaceableServer(llamaServer);
    {
      await using earlier = providerFor(server.url, state);
      await earlier.use(names);
    }
    server.answers = undefined;
    await using provider = providerFor(server.url, state);
    await assert.rejects(provider.use(names));
    assert.equal(isForOllama(provider), false, 'as it was known');
    server.answers = llamaServer;
    assert.deepEqual(await provider.use(names), ['tiny']);
    assert.deepEqual(state.get('codeworm.openAIServers'), [server.url], 'it is still known');
  }));

/** A server that is restarted with another model, window or option while the client lives. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OllamaContextError, type Guard } from '../../../src/ollama/index.ts';
import { startRawServer } from '../../support/double/index.ts';
import { chunked, failureOf, json } from '../../support/faults.ts';
import { withoutLeaks } from '../../support/leaks.ts';
import { openAIClientFor, wholeOf, wires } from '../../support/wires.ts';

const events = wires.find(({ protocol }) => protocol === 'openai')!;
const answer = chunked(wholeOf(events));
const guard: Guard = {
  mayContact: () => true,
  apiKey: () => Promise.resolve(undefined),
  promptSent: () => undefined,
};

/** A server whose list and answer tests change. */
async function changingServer(state: { models: object[]; answer: Buffer }) {
  const server = await startRawServer((socket, { path }) => {
    if (path === events.path) socket.write(state.answer);
    else if (path === '/v1/models') socket.write(json('200 OK', { object: 'list', data: state.models }));
    else socket.write(json('404 Not Found', { error: { message: 'File Not Found', code: 404 } }));
  });
  const models = (): unknown[] =>
    server.requests
      .filter(({ path }) => path === events.path)
      .map(({ body }) => (JSON.parse(body) as { model: string }).model);
  return { server, models };
}

test('the model that was chosen without a setting is chosen again when it is gone', () =>
  withoutLeaks(async () => {
    const state = { models: [{ id: 'old', owned_by: 'llamacpp' }], answer };
    const { server, models } = await changingServer(state);
    await using _server = server;
    await using client = openAIClientFor(server.url, { model: '' }, { guard });
    await client.generate({ prompt: 'x' });
    state.models = [{ id: 'new', owned_by: 'llamacpp' }];
    await client.installedModels();
    assert.equal((await client.generate({ prompt: 'x' })).text, 'one two');
    assert.equal(await client.resolveModel(), 'new');
    assert.deepEqual(models(), ['old', 'new']);
  }));

test('a model that was named is not replaced when it is gone', () =>
  withoutLeaks(async () => {
    const state = { models: [{ id: 'old' }], answer };
    const { server, models } = await changingServer(state);
    await using _server = server;
    await using client = openAIClientFor(server.url, { model: 'old' }, { guard });
    state.models = [{ id: 'new' }];
    const error = await failureOf(client.generate({ prompt: 'x' }));
    assert.match(String(error), /does not have the model "old"/);
    assert.deepEqual(models(), []);
  }));

test('a model is known by its other names', () =>
  withoutLeaks(async () => {
    const state = { models: [{ id: 'org/tiny', aliases: ['tiny', 'small'] }], answer };
    const { server, models } = await changingServer(state);
    await using _server = server;
    await using client = openAIClientFor(server.url, { model: 'small' }, { guard });
    const [listed] = await client.installedModels();
    assert.equal(await client.resolveModel(), listed?.name, 'so that it counts as installed');
    await client.generate({ prompt: 'x' });
    assert.deepEqual(models(), ['org/tiny']);
  }));

test('a window learned from a refusal ends when the server lists another one', () =>
  withoutLeaks(async () => {
    const refusal = json('400 Bad Request', {
      error: {
        code: 400,
        message: 'request (5000 tokens) exceeds the available context size (2048 tokens), try increasing it',
        type: 'exceed_context_size_error',
        n_prompt_tokens: 5000,
        n_ctx: 2048,
      },
    });
    const state = { models: [{ id: 'tiny', max_model_len: 4096 }], answer: refusal };
    const { server } = await changingServer(state);
    await using _server = server;
    await using client = openAIClientFor(server.url);
    await client.installedModels();
    assert.ok((await failureOf(client.generate({ prompt: 'x' }))) instanceof OllamaContextError);
    await client.installedModels();
    assert.equal(client.numCtxFor('tiny'), 2048, 'the list is the same, and wrong');
    state.models = [{ id: 'tiny', max_model_len: 32_768 }];
    await client.installedModels();
    assert.equal(client.numCtxFor('tiny'), 32_768);
  }));

test('a window learned from a refusal ends when the server accepts more, and shortens no answer until then', () =>
  withoutLeaks(async () => {
    const message =
      "This model's maximum context length is 2048 tokens. However, your request has 3000 input tokens.";
    const state = {
      models: [{ id: 'tiny' }],
      answer: json('400 Bad Request', { error: { message, code: 'context_length_exceeded' } }),
    };
    const { server } = await changingServer(state);
    await using _server = server;
    await using client = openAIClientFor(server.url, { numPredict: 1000 });
    const ask = () => client.generate({ prompt: 'lorem '.repeat(3000) });
    assert.ok((await failureOf(ask())) instanceof OllamaContextError);
    assert.equal(client.numCtxFor('tiny'), 2048);
    const usage = { prompt_tokens: 3000, completion_tokens: 2 };
    state.answer = json('200 OK', { choices: [{ message: { content: 'x' }, finish_reason: 'stop' }], usage });
    await ask();
    const { max_tokens: limit } = JSON.parse(server.requests.at(-1)!.body) as { max_tokens: number };
    assert.deepEqual([limit, client.numCtxFor('tiny')], [1000, client.settings.numCtx]);
  }));

/** What llama-server tells about itself: slots, exact counts of tokens, abilities; and its router. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OllamaContextError, OllamaModelError, type OllamaError } from '../../../src/ollama/index.ts';
import { startDouble, startRawServer, type DoubleOptions } from '../../support/double/index.ts';
import { chunked, failureOf, json, outcomeOf } from '../../support/faults.ts';
import { withoutLeaks } from '../../support/leaks.ts';
import { openAIClientFor, wholeOf, wires } from '../../support/wires.ts';

const openai: DoubleOptions = { protocol: 'openai', answer: () => ['one ', 'two'] };
const events = wires.find(({ protocol }) => protocol === 'openai')!;

test('abilities come from /props, slots from /slots', () =>
  withoutLeaks(async () => {
    await using double = await startDouble({ ...openai, numParallel: 3 });
    await using client = openAIClientFor(double.url);
    assert.deepEqual([client.capabilities.tools, client.capabilities.infill], [true, false]);
    assert.equal(await client.slots(), undefined, 'before the server is known');
    const [model] = await client.installedModels();
    assert.deepEqual(client.abilitiesOf(model!), { tools: false, images: false });
    assert.equal(client.capabilities.infill, true);
    assert.equal(client.capabilities.embeddings, false);
    assert.deepEqual(await client.slots(), { busy: 0, total: 3 });
  }));

test('the window of a server that lists none is the one of /props', () =>
  withoutLeaks(async () => {
    const list = { data: [{ id: 'tiny', owned_by: 'llamacpp' }] };
    const props = { default_generation_settings: { n_ctx: 3000 }, build_info: 'b1' };
    await using server = await startRawServer(
      (socket, { path }) => void socket.write(json('200 OK', path === '/props' ? props : list)),
    );
    await using client = openAIClientFor(server.url, { numCtx: 9999 });
    assert.equal((await client.promptBudget()).numCtx, 3000);
    assert.equal(await client.version(), 'b1');
  }));

const words = (count: number): string => 'lorem '.repeat(count);

test('where the estimate would limit the answer, the server counts the tokens', () =>
  withoutLeaks(async () => {
    await using double = await startDouble({
      ...openai,
      defaultNumCtx: 1000,
      tokenize: (text) => text.split(' '),
    });
    await using client = openAIClientFor(double.url, { numPredict: 600 });
    await client.installedModels();
    const counted = () => double.requests.filter(({ path }) => path === '/tokenize').length;
    await client.generate({ prompt: words(20) });
    assert.equal(counted(), 0, 'a short prompt needs no count');
    await client.generate({ prompt: words(350) });
    assert.equal(counted(), 1);
    const limit = Number(double.requests.at(-1)!.body['max_tokens']);
    assert.ok(limit === 600, `the answer is not shortened by an estimate: ${limit}`);
    const error = await failureOf(client.generate({ prompt: words(985) }));
    assert.ok(error instanceof OllamaContextError, String(error));
    assert.deepEqual([error.promptTokens, error.contextTokens, error.status], [986, 1000, undefined]);
  }));

test('a server that does not count is asked with the estimate', () =>
  withoutLeaks(async () => {
    const list = { data: [{ id: 'tiny', owned_by: 'llamacpp', meta: { n_ctx: 1000 } }] };
    await using server = await startRawServer((socket, { path }) => {
      if (path === events.path) socket.write(chunked(wholeOf(events)));
      else if (path === '/v1/models') socket.write(json('200 OK', list));
      else socket.write(json('404 Not Found', { error: { message: 'File Not Found', code: 404 } }));
    });
    await using client = openAIClientFor(server.url, { numPredict: 600 });
    await client.installedModels();
    assert.equal((await client.generate({ prompt: words(350) })).text, 'one two');
    const paths = server.requests.map(({ path }) => path);
    assert.ok(paths.includes('/tokenize'));
    assert.equal(await client.slots(), undefined);
    assert.equal(await client.slots(), undefined);
    assert.equal(server.requests.filter(({ path }) => path === '/slots').length, 1, 'asked once only');
  }));

function listed(id: string, value: string): object {
  return {
    id,
    owned_by: 'llamacpp',
    object: 'model',
    status: value === 'failed' ? { value: 'unloaded', failed: true, exit_code: 1 } : { value },
    architecture: { input_modalities: id === 'b' ? ['text', 'image'] : ['text'] },
    meta: value === 'loaded' ? { n_ctx: 2048, size: 1e9 } : undefined,
  };
}

/** llama-server's router, after its sources: it loads a model when it is told to, and answers at once. */
function routerServer(states: Record<string, string>, loaded: string): ReturnType<typeof startRawServer> {
  let looks = 0;
  return startRawServer((socket, { path, body }) => {
    const { model = '' } = body === '' ? {} : (JSON.parse(body) as { model?: string });
    if (path === '/models/load') {
      if (states[model] !== 'unloaded' && states[model] !== 'failed')
        return void socket.write(json('400 Bad Request', { error: { message: 'model is already running' } }));
      states[model] = 'loading';
      looks = 0;
    } else if (path === '/models/unload') states[model] = 'unloaded';
    else if (path === '/v1/models' && looks++ > 0)
      for (const name of Object.keys(states)) if (states[name] === 'loading') states[name] = loaded;
    if (path === events.path) return void socket.write(chunked(wholeOf(events)));
    const data = Object.entries(states).map(([id, value]) => listed(id, value));
    socket.write(json('200 OK', path === '/v1/models' ? { object: 'list', data } : { success: true }));
  });
}

test('a router loads, lists and unloads models', () =>
  withoutLeaks(async () => {
    await using server = await routerServer({ a: 'unloaded', b: 'sleeping' }, 'loaded');
    await using client = openAIClientFor(server.url, { model: 'a' });
    const models = await client.installedModels();
    assert.deepEqual(
      models.map((model) => client.abilitiesOf(model).images),
      [false, true],
    );
    const { load, unload, loadedModels, pull } = client.capabilities;
    assert.deepEqual([load, unload, loadedModels, pull], [true, true, true, false]);
    assert.deepEqual(await client.loadedModels(), []);
    assert.equal(await client.prewarm(), true);
    await client.installedModels();
    const [one] = await client.loadedModels();
    assert.deepEqual([one?.name, one?.contextLength, one?.gpuShare], ['a', 2048, undefined]);
    assert.equal(client.numCtxFor('a'), 2048);
    await client.unload();
    assert.deepEqual(await client.loadedModels(), []);
  }));

test('the model that a router has loaded is chosen before others', () =>
  withoutLeaks(async () => {
    await using server = await routerServer({ a: 'unloaded', b: 'loaded' }, 'loaded');
    await using client = openAIClientFor(server.url, { model: '' });
    assert.equal(await client.resolveModel(), 'b');
  }));

test('a question to a model that is not loaded waits for it, and reports that', () =>
  withoutLeaks(async () => {
    await using server = await routerServer({ a: 'unloaded' }, 'loaded');
    await using client = openAIClientFor(server.url, { model: 'a' });
    await client.installedModels();
    const { parts, result } = await outcomeOf(client.stream({ prompt: 'x' }));
    assert.equal(result?.text, 'one two');
    assert.ok(parts.some((part) => part.type === 'phase' && part.phase === 'loading'));
    assert.ok(result.loadDurationMs > 0);
    assert.equal(server.requests.filter(({ path }) => path === '/models/load').length, 1);
  }));

test('a model that cannot be loaded is an error of the model', () =>
  withoutLeaks(async () => {
    await using server = await routerServer({ a: 'failed' }, 'failed');
    await using client = openAIClientFor(server.url, { model: 'a' });
    await client.installedModels();
    const error = (await failureOf(client.generate({ prompt: 'x' }))) as OllamaError;
    assert.ok(error instanceof OllamaModelError, String(error));
    assert.equal(error.kind, 'runnerDied');
    assert.equal(await client.prewarm(), false);
  }));

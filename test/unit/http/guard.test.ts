/** The user's decisions about servers apply to every call of the client, before anything is sent. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OllamaApprovalError, type Guard, type OllamaClient } from '../../../src/ollama/index.ts';
import { startDouble, type OllamaDouble } from '../../support/double/index.ts';
import { clientFor, failureOf, fetches, outcomeOf, partsOf } from '../../support/faults.ts';
import { withoutLeaks } from '../../support/leaks.ts';

/** A guard that a test controls and that records its calls. */
function guardOf({ approved = true, keys = {} }: { approved?: boolean; keys?: Record<string, string> } = {}) {
  const sent: string[] = [];
  const asked: string[] = [];
  const guard: Guard = {
    mayContact: () => approved,
    apiKey: (origin) => {
      asked.push(origin);
      return Promise.resolve(keys[origin]);
    },
    promptSent: (origin) => sent.push(origin),
  };
  return { guard, sent, asked };
}

const prompt = { prompt: 'x' };

/** Every call that sends something. */
const calls: Record<string, (client: OllamaClient) => Promise<unknown>> = {
  installedModels: (client) => client.installedModels(),
  loadedModels: (client) => client.loadedModels(),
  version: (client) => client.version(),
  unload: (client) => client.unload(),
  generate: (client) => client.generate(prompt),
  generateWithRetry: (client) => client.generateWithRetry(prompt),
  stream: (client) => drained(client.stream(prompt)),
  streamWithRetry: (client) => drained(client.streamWithRetry(prompt)),
};

async function drained(stream: ReturnType<OllamaClient['stream']>): Promise<void> {
  const { error } = await outcomeOf(stream);
  if (error) throw error;
}

for (const [fetchName, fetch] of fetches) {
  test(`nothing reaches a server that is not approved, not even a connection (${fetchName})`, () =>
    withoutLeaks(async () => {
      await using double = await startDouble();
      const { guard, sent, asked } = guardOf({ approved: false });
      await using client = clientFor(double.url, {}, { guard, ...partsOf(fetch) });
      for (const [name, call] of Object.entries(calls)) {
        const error = await failureOf(call(client));
        assert.ok(error instanceof OllamaApprovalError, name);
        assert.equal(error.kind, 'notApproved', name);
        assert.equal(error.origin, double.url, name);
        assert.equal(
          error.message,
          `Nothing was sent to ${double.url}: approve this server first, or change the address.`,
        );
      }
      assert.equal(await client.healthCheck(), false);
      assert.equal(await client.prewarm(), false);
      assert.deepEqual(await client.listModels(), []);
      assert.deepEqual(
        { connections: double.connections.total, sent, asked },
        { connections: 0, sent: [], asked: [] },
      );
    }));

  test(`the key goes with every request to its origin (${fetchName})`, () =>
    withoutLeaks(async () => {
      await using double = await startDouble();
      const { guard } = guardOf({ keys: { [double.url]: 'k-1' } });
      const headers = { Authorization: 'Basic old' };
      await using client = clientFor(double.url, { headers }, { guard, ...partsOf(fetch) });
      for (const call of Object.values(calls)) await call(client);
      const sentKeys = new Set(double.requests.map(({ headers }) => headers.authorization));
      assert.deepEqual([...sentKeys], ['Bearer k-1'], 'it counts more than a header of the settings');
    }));

  test(`the key of another origin is not sent, and no key follows a redirect (${fetchName})`, () =>
    withoutLeaks(async () => {
      await using double = await startDouble();
      await using other = await startDouble();
      const { guard, asked, sent } = guardOf({ keys: { [double.url]: 'k-1', 'http://localhost:1': 'k-2' } });
      await using stranger = clientFor(other.url, {}, { guard, ...partsOf(fetch) });
      await stranger.version();
      assert.equal(other.requests[0]?.headers.authorization, undefined);
      await using client = clientFor(double.url, {}, { guard, ...partsOf(fetch) });
      void double.faultNext(isPrompt, { kind: 'redirect', to: `${other.url}/api/generate` });
      await failureOf(client.generate(prompt));
      assert.equal(other.requests.length, 1, 'nothing went to where it was redirected');
      assert.deepEqual(new Set(asked), new Set([other.url, double.url]));
      assert.deepEqual(sent, [double.url]);
    }));
}

test('a decision counts from the next request on', async () => {
  await using double = await startDouble();
  let approved = false;
  const guard: Guard = { ...guardOf().guard, mayContact: () => approved };
  await using client = clientFor(double.url, {}, { guard });
  assert.equal(await client.healthCheck(), false);
  approved = true;
  assert.equal(await client.healthCheck(), true);
  approved = false;
  assert.equal(await client.healthCheck(), false);
  assert.equal(double.requests.length, 1);
});

test('a prompt is counted for each attempt, but loading and requests about models are not', async () => {
  await using double = await startDouble();
  const { guard, sent } = guardOf();
  await using client = clientFor(double.url, {}, { guard });
  await client.prewarm();
  await client.installedModels();
  await client.unload();
  assert.deepEqual(sent, []);
  void double.faultNext(isPrompt, { kind: 'respond', status: 503, headers: {}, body: '' });
  await client.generateWithRetry(prompt, { attempts: 2, delayMs: 1 });
  assert.deepEqual(sent, [double.url, double.url]);
});

test('a prompt is not counted without a connection', async () => {
  const double = await startDouble();
  const { guard, sent } = guardOf();
  await using client = clientFor(double.url, {}, { guard });
  await double.close();
  await failureOf(client.generate(prompt));
  assert.deepEqual(sent, []);
});

const cloud = 'https://ollama.com';
const tagged = { name: 'gpt-oss:120b-cloud' };
const remote = { name: 'mine:latest', remoteHost: 'https://ollama.com:443', remoteModel: 'gpt-oss:120b' };

for (const [what, model] of [
  ['whose listed name says so', 'gpt-oss:120b-cloud'],
  ['of which only the server knows it', 'mine'],
  ['by another spelling of its name', 'https://registry.ollama.ai/library/Mine:latest'],
] as const) {
  test(`a model that runs elsewhere needs its own approval: one ${what}`, async () => {
    await using double = await startDouble({ models: [remote, tagged] });
    const approved = new Set([double.url]);
    const { guard, sent } = guardOf();
    const mayContact = (origin: string): boolean => approved.has(origin);
    await using client = clientFor(double.url, { model }, { guard: { ...guard, mayContact } });
    assert.deepEqual(await client.promptDestinations(), [double.url, cloud]);
    const error = await failureOf(client.generateWithRetry(prompt));
    assert.ok(error instanceof OllamaApprovalError);
    assert.equal(error.origin, cloud);
    assert.equal(await client.prewarm(), false);
    assert.deepEqual(
      double.requests.filter(({ path }) => path === '/api/generate'),
      [],
    );
    approved.add(cloud);
    await client.generateWithRetry(prompt).catch(() => undefined);
    assert.deepEqual(sent, [double.url, cloud]);
  });
}

test('a blocked key ring ends with the request', async () => {
  await using double = await startDouble();
  const guard: Guard = { ...guardOf().guard, apiKey: () => new Promise(() => undefined) };
  await using client = clientFor(double.url, {}, { guard });
  const abort = new AbortController();
  const failure = failureOf(client.generate({ ...prompt, signal: abort.signal }));
  abort.abort(new Error('enough'));
  assert.equal(((await failure) as Error).message, 'enough');
  assert.equal(double.connections.total, 0);
});

test('prompts for a local model go nowhere else; prompts in quick succession need one list', async () => {
  await using double = await startDouble();
  const { guard } = guardOf();
  await using client = clientFor(double.url, {}, { guard });
  for (let count = 0; count < 3; count++) await client.generate(prompt);
  assert.deepEqual(await client.promptDestinations(), [double.url]);
  assert.equal(double.requests.filter(({ path }) => path === '/api/tags').length, 1);
});

function isPrompt({ path, body }: OllamaDouble['requests'][number]): boolean {
  return path === '/api/generate' && Boolean(body.prompt);
}

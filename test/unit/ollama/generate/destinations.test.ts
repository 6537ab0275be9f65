/** A prompt is sent only to a model in the server's list, under its name there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assert as check, property, stringMatching } from 'fast-check';
import {
  defaultSettings,
  OllamaApprovalError,
  OllamaClient,
  OllamaModelNotFoundError,
  OllamaSettingsError,
  sameModel,
  type Guard,
} from '../../../../src/ollama/index.ts';
import { PromptDestinations } from '../../../../src/ollama/generate/destinations.ts';
import { ModelList } from '../../../../src/http/client/modelList.ts';
import { readInstalled } from '../../../../src/ollama/api/models.ts';
import { startDouble, type DoubleOptions, type OllamaDouble } from '../../../support/double/index.ts';
import { clientFor, failureOf } from '../../../support/faults.ts';
import { withoutLeaks } from '../../../support/leaks.ts';

/** Permits prompts to this machine, and to the addresses that a test adds. */
function localGuard(approved: ReadonlySet<string> = new Set()): Guard {
  return {
    mayContact: (address) => address.startsWith('http://127.0.0.1:') || approved.has(address),
    apiKey: () => Promise.resolve(undefined),
    promptSent: () => undefined,
  };
}

const prompt = { prompt: 'x' };
const posts = ({ requests }: OllamaDouble): unknown[] =>
  requests.filter(({ method }) => method === 'POST').map(({ body }) => (body as { model?: string }).model);
const lists = ({ requests }: OllamaDouble): number =>
  requests.filter(({ path }) => path === '/api/tags').length;

const models: DoubleOptions = {
  models: [
    { name: 'Coder:latest' },
    { name: 'hf.co/Some/Model:Q4' },
    { name: 'far:latest', remoteHost: 'https://elsewhere.example', remoteModel: 'far' },
  ],
};

for (const [written, listed] of [
  ['coder', 'Coder:latest'],
  ['CODER:LATEST', 'Coder:latest'],
  ['library/coder', 'Coder:latest'],
  ['registry.ollama.ai/library/coder', 'Coder:latest'],
  ['https://registry.ollama.ai/library/coder:latest', 'Coder:latest'],
  ['hf.co/some/model:q4', 'hf.co/Some/Model:Q4'],
] as const) {
  test(`"${written}" is sent under its name in the server's list, by every call`, () =>
    withoutLeaks(async () => {
      await using double = await startDouble(models);
      await using client = clientFor(double.url, { model: written }, { guard: localGuard() });
      await client.generate(prompt);
      await client.generate({ model: listed.toUpperCase(), messages: [{ role: 'user', content: 'x' }] });
      assert.equal(await client.prewarm(), true);
      await client.unload();
      assert.deepEqual(posts(double), [listed, listed, listed, listed]);
    }));
}

for (const written of [
  'gpt-oss:120b-cloud',
  'unknown',
  'x://registry.ollama.ai/library/coder',
  'http://x/registry.ollama.ai/library/coder',
  'registry.ollama.ai/coder',
  'evil.example/library/coder',
  'coder:latest:latest',
  'coder/',
  '/coder',
  'coder:',
  '../coder',
]) {
  test(`"${written}", which the server does not list, gets no prompt and is not loaded`, () =>
    withoutLeaks(async () => {
      await using double = await startDouble(models);
      await using client = clientFor(double.url, { model: written }, { guard: localGuard() });
      const error = await failureOf(client.generateWithRetry(prompt));
      assert.ok(error instanceof OllamaModelNotFoundError, String(error));
      assert.deepEqual([error.kind, error.model], ['modelNotFound', written]);
      assert.equal(await client.prewarm(), false);
      assert.deepEqual(posts(double), []);
    }));
}

const steering = [
  '\u0085',
  '\u00a0',
  '\u200b',
  '\u202e',
  '\ufeff',
  '\u2028',
  '\u3000',
  '\t',
  '\n',
  ' ',
  '\0',
];

test('a name with any other character is an invalid setting, with or without a guard', () => {
  for (const character of [...steering, 'é', 'К', '%', '@', '+', '?', '#', '\\', '"'])
    for (const model of [`coder${character}`, `${character}coder`, `gpt-oss:120b-cloud${character}`])
      assert.throws(
        () => new OllamaClient({ ...defaultSettings, model }),
        (error) =>
          error instanceof OllamaSettingsError &&
          error.setting === 'model' &&
          error.message.endsWith('the characters . _ / : - only.'),
        JSON.stringify(model),
      );
});

test('a model is pulled by a plain name only', async () => {
  await using double = await startDouble(models);
  await using client = clientFor(double.url, {}, { guard: localGuard() });
  for (const model of ['gpt-oss:120b-cloud\u0085', 'two words', ''])
    assert.ok(
      (await failureOf(client.pullModel(model, () => undefined))) instanceof OllamaModelNotFoundError,
    );
  assert.deepEqual(double.requests, []);
});

test('prompts request the list at most every two seconds; concurrent ones share a request', async () => {
  await using double = await startDouble(models);
  await using client = clientFor(double.url, { model: 'coder' }, { guard: localGuard() });
  await Promise.all([client.generate(prompt), client.generate(prompt), client.generate(prompt)]);
  assert.equal(lists(double), 1);
  const { now } = performance;
  performance.now = () => now.call(performance) + 2000;
  try {
    await client.generate(prompt);
  } finally {
    performance.now = now;
  }
  assert.equal(lists(double), 2);
});

test('a model that moves to another server is noticed by the next prompt', async () => {
  const moved = { models: [{ name: 'coder:latest', remote_host: 'https://elsewhere.example' }] };
  const here = { models: [{ name: 'coder:latest' }] };
  let answer: unknown = here;
  const list = new ModelList(() => Promise.resolve(readInstalled(answer)));
  const destinations = new PromptDestinations({ guard: localGuard(), address: 'http://127.0.0.1:1', list });
  const { signal } = new AbortController();
  assert.deepEqual(await destinations.permit('coder', signal), {
    model: 'coder:latest',
    addresses: ['http://127.0.0.1:1'],
  });
  answer = moved;
  list.forget();
  const error = await failureOf(destinations.permit('coder', signal));
  assert.ok(error instanceof OllamaApprovalError && error.origin === 'https://elsewhere.example');
});

test('of names that differ only by case, every host needs an approval', async () => {
  const both = {
    models: [{ name: 'Coder:latest' }, { name: 'coder:latest', remote_host: 'https://elsewhere.example' }],
  };
  const list = new ModelList(() => Promise.resolve(readInstalled(both)));
  const destinations = new PromptDestinations({ guard: localGuard(), address: 'http://127.0.0.1:1', list });
  const error = await failureOf(destinations.permit('Coder', new AbortController().signal));
  assert.ok(error instanceof OllamaApprovalError);
});

test('a host that is not text, or not an address, is not this server', () => {
  for (const entry of [
    { remote_host: 5 },
    { remote_host: {} },
    { remote_host: false },
    { remote_model: 5 },
    { remote_host: 'x://y' },
    { remote_host: ' ' },
  ])
    assert.notEqual(readInstalled({ models: [{ name: 'm', ...entry }] })[0]?.remoteHost, '');
});

test('a model to unload may be missing in the list, but the cloud is not contacted without an approval', async () => {
  await using double = await startDouble(models);
  await using client = clientFor(double.url, {}, { guard: localGuard() });
  for (const model of ['far', 'gpt-oss:120b-cloud'])
    assert.ok((await failureOf(client.unload(undefined, model))) instanceof OllamaApprovalError, model);
  assert.deepEqual(posts(double), []);
});

test('a caller that stops waiting for the list does not affect the others', () =>
  withoutLeaks(async () => {
    await using double = await startDouble(models);
    await using client = clientFor(double.url, { model: 'coder' }, { guard: localGuard() });
    const gate = double.hold('answer', ({ path }) => path === '/api/tags');
    const abort = new AbortController();
    const stopped = failureOf(client.generate({ ...prompt, signal: abort.signal }));
    const answered = client.generate(prompt);
    const list = await gate.reached;
    abort.abort(new Error('enough'));
    assert.equal(((await stopped) as Error).message, 'enough');
    gate.release();
    assert.ok((await answered).text);
    assert.equal(await list.finished, 'done');
    assert.equal(lists(double), 1);
  }));

test('without a guard no list is requested, and the name is sent unchanged', async () => {
  await using double = await startDouble(models);
  await using client = clientFor(double.url, { model: 'CODER' });
  await failureOf(client.generate(prompt));
  assert.deepEqual([lists(double), posts(double)], [0, ['CODER']]);
});

test('a name is the same as itself, and never the same as one with another model, namespace, host or tag', () => {
  const word = stringMatching(/^[a-z0-9_][a-z0-9_-]{0,5}$/);
  check(
    property(word, word, word, word, word, (host, namespace, model, tag, other) => {
      const name = `${host}/${namespace}/${model}:${tag}`;
      assert.ok(sameModel(name, name.toUpperCase()));
      for (const changed of [
        `${other}/${namespace}/${model}:${tag}`,
        `${host}/${other}/${model}:${tag}`,
        `${host}/${namespace}/${other}:${tag}`,
        `${host}/${namespace}/${model}:${other}`,
      ])
        assert.equal(sameModel(name, changed), name === changed);
    }),
  );
});

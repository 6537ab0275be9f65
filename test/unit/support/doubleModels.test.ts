import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startDouble, type DoubleOptions, type OllamaDouble } from '../../support/double/index.ts';
import { getJson, post, type JsonAnswer } from '../../support/double/jsonClient.ts';

const gigabyte = 2 ** 30;

function generate(double: OllamaDouble, body: object, signal?: AbortSignal): Promise<JsonAnswer> {
  return post(double, '/api/generate', { model: 'tiny', prompt: 'Why?', ...body }, signal);
}

async function errorOf(options: DoubleOptions, body: object): Promise<[status: number, error: unknown]> {
  await using double = await startDouble(options);
  const { status, lines } = await generate(double, body);
  return [status, lines[0]?.['error']];
}

describe('loading', () => {
  test('happens once for the same options, and again when one of the runner changes', async () => {
    await using double = await startDouble();
    await generate(double, { prompt: '', options: { num_ctx: 2048 } });
    await generate(double, { options: { num_ctx: 2048, temperature: 1, num_predict: 3 }, truncate: false });
    assert.equal(double.loads.length, 1);
    for (const change of [
      { num_ctx: 4096 },
      { num_thread: 2 },
      { num_batch: 8 },
      { num_gpu: 0 },
      { use_mmap: false },
    ]) {
      const before: number = double.loads.length;
      await generate(double, { options: { num_ctx: 2048, ...change } });
      assert.equal(double.loads.length, before + 1, JSON.stringify(change));
    }
    await generate(double, { options: { num_ctx: 2048 }, shift: false });
    assert.equal(double.loads.length, 7);
  });

  test('answers an empty prompt with one object, for any value of stream', async () => {
    await using double = await startDouble();
    for (const body of [{ prompt: '' }, { prompt: undefined, stream: true }]) {
      const { lines } = await generate(double, body);
      assert.equal(lines.length, 1);
      assert.equal(lines[0]?.['done_reason'], 'load');
    }
  });

  test('that does not fit unloads the others, fails and leaves nothing', async () => {
    await using double = await startDouble({
      memoryBytes: 4 * gigabyte,
      models: [
        { name: 'tiny', sizeBytes: gigabyte },
        { name: 'big', sizeBytes: gigabyte, memoryPerTokenBytes: 2 ** 20 },
      ],
    });
    await generate(double, {});
    const { status, lines } = await generate(double, { model: 'big', options: { num_ctx: 16_384 } });
    assert.equal(status, 500);
    assert.match(String(lines[0]?.['error']), /insufficient memory/);
    assert.deepEqual(double.loaded(), []);
    const smaller = await generate(double, { model: 'big', options: { num_ctx: 2048 } });
    assert.equal(smaller.status, 200);
  });

  test('evicts the model used longest ago, when memory or places run out', async () => {
    const models = ['a', 'b', 'c'].map((name) => ({ name, sizeBytes: gigabyte }));
    await using double = await startDouble({ memoryBytes: 2 * gigabyte, models });
    for (const model of ['a', 'b', 'a', 'c']) await generate(double, { model });
    assert.deepEqual(
      double
        .loaded()
        .map(({ name }) => name)
        .toSorted(),
      ['a:latest', 'c:latest'],
    );
  });

  test('fails with the text of old servers, devices or damaged files on request', async () => {
    const models = [{ name: 'tiny', sizeBytes: 8 * gigabyte }];
    const old = await errorOf({ models, memoryBytes: 4 * gigabyte, outOfMemory: 'systemMemory' }, {});
    assert.deepEqual(old, [500, 'model requires more system memory (8.0 GiB) than is available (4.0 GiB)']);
    const own = await errorOf({ models, memoryBytes: 1, outOfMemory: 'erroroutofmemory' }, {});
    assert.deepEqual(own, [500, 'erroroutofmemory']);
    const damaged = { name: 'tiny', loadError: 'invalid file magic' };
    assert.deepEqual(await errorOf({ models: [damaged] }, {}), [500, 'invalid file magic']);
  });
});

describe('keep_alive', () => {
  test('0 unloads, with and without a prompt, in every spelling', async () => {
    await using double = await startDouble();
    for (const keep_alive of [0, '0', '0s']) {
      await generate(double, { keep_alive });
      assert.deepEqual(double.loaded(), []);
      await generate(double, {});
      const { lines } = await generate(double, { prompt: '', keep_alive });
      assert.equal(lines[0]?.['done_reason'], 'unload');
      assert.deepEqual(double.loaded(), []);
    }
  });

  test('is a number of seconds or a duration with units', async () => {
    await using double = await startDouble();
    const minutes = async (keep_alive: unknown): Promise<number> => {
      await generate(double, { keep_alive });
      return Math.round((double.loaded()[0]!.expiresAt - Date.now()) / 60_000);
    };
    assert.deepEqual([await minutes(120), await minutes('1h30m'), await minutes(null)], [2, 90, 5]);
    assert.ok((await minutes(-1)) > 1e8);
    for (const keep_alive of ['5 m', '', '300', 'abc']) {
      const [status, error] = await errorOf({}, { keep_alive });
      assert.equal(status, 400);
      assert.match(String(error), /^time: /);
    }
  });

  test('unloads when its time is over', async () => {
    await using double = await startDouble();
    await generate(double, { keep_alive: '1ms' });
    while (double.loaded().length > 0) await new Promise((resolve) => setTimeout(resolve, 1));
    assert.equal(double.loads.length, 1);
  });

  test('takes the model out of /api/ps only when it is gone', async () => {
    await using double = await startDouble({ unloadMs: 300 });
    await generate(double, {});
    await generate(double, { prompt: '', keep_alive: 0 });
    assert.equal(double.loaded().length, 1);
    await generate(double, {});
    assert.equal(double.loads.length, 2);
  });
});

describe('a wrong request', () => {
  const cases: [body: object, status: number, error: RegExp][] = [
    [{ model: 'nosuch' }, 404, /^model 'nosuch' not found$/],
    [{ options: { temperature: 'hot' } }, 500, /^option "\w+" must be of type/],
    [{ options: { stop: [1] } }, 500, /^option "stop" must be of/],
    [{ options: [] }, 400, /^json: cannot unmarshal/],
    [{ stream: 'yes' }, 400, /^json: cannot unmarshal/],
    [{ raw: true, system: 'x' }, 400, /^raw mode does not support/],
    [{ think: 'much' }, 400, /^invalid think value/],
    [{ think: true }, 400, /^"tiny" does not support thinking$/],
    [{ format: 'xml', stream: false }, 500, /^invalid format/],
  ];
  for (const [body, status, error] of cases) {
    test(`gets ${status} ${error.source}`, async () => {
      const [actual, text] = await errorOf({}, body);
      assert.equal(actual, status);
      assert.match(String(text), error);
    });
  }

  test('about a model that cannot answer, or runs elsewhere', async () => {
    assert.deepEqual(await errorOf({ models: [{ name: 'tiny', capabilities: ['embedding'] }] }, {}), [
      400,
      '"tiny" does not support generate',
    ]);
    assert.deepEqual(await errorOf({ models: [{ name: 'tiny', cloud: true }] }, {}), [401, 'unauthorized']);
  });
});

describe('models', () => {
  test('are pulled step by step, installed, and deleted', async () => {
    const steps = [
      { status: 'pulling manifest' },
      { status: 'pulling abc', total: 10, completed: 5 },
      { status: 'success' },
    ];
    await using double = await startDouble({ pull: () => steps });
    const gate = double.hold({ afterTokens: 2 });
    const pending = post(double, '/api/pull', { model: 'new' });
    const request = await gate.reached;
    assert.equal(request.tokensWritten, 2);
    gate.release();
    assert.deepEqual((await pending).lines, steps);
    assert.equal((await generate(double, { model: 'new' })).status, 200);
    const deleted = await fetch(`${double.url}/api/delete`, { method: 'DELETE', body: '{"model":"new"}' });
    assert.deepEqual([deleted.status, await deleted.text()], [200, '']);
    assert.equal((await generate(double, { model: 'new' })).status, 404);
  });

  test('are described by their pull by default', async () => {
    const steps = [
      { status: 'pulling abc', digest: 'sha256:abc', total: 600, completed: 600 },
      { status: 'pulling def', digest: 'sha256:def', total: 30 },
      { status: 'success' },
    ];
    await using double = await startDouble({ pull: () => steps });
    await post(double, '/api/pull', { model: 'new:3b', stream: false });
    const { sizeBytes, parameterSize } = double.settings.models.at(-1)!;
    assert.deepEqual([sizeBytes, parameterSize], [630, '3B']);
  });

  test('that run elsewhere are listed as such, and not as loaded', async () => {
    const remote = { remoteHost: 'https://ollama.com:443', remoteModel: 'big' };
    await using double = await startDouble({ models: [{ name: 'stub', ...remote }] });
    await generate(double, { model: 'stub' });
    const [listed] = (await getJson(double, '/api/tags'))['models'] as Record<string, unknown>[];
    assert.deepEqual([listed?.['remote_host'], listed?.['remote_model']], Object.values(remote));
    assert.deepEqual(await getJson(double, '/api/ps'), { models: [] });
  });
});

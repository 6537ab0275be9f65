import assert from 'node:assert/strict';
import { afterEach, describe, it } from './runner.ts';
import type { OllamaDouble } from '../support/double/index.ts';
import {
  answers,
  api,
  channelLength,
  connect,
  generations,
  isGeneration,
  open,
  run,
  set,
  status,
} from './world.ts';

describe('status', () => {
  let double: OllamaDouble;
  afterEach(() => double.close());

  it('goes from idle over loading to ready', async () => {
    double = await connect();
    await status('idle');
    const gate = double.hold('loading');
    const prewarming = run('prewarm');
    await gate.reached;
    assert.equal((await status('loading')).model, 'tiny:latest');
    gate.release();
    await prewarming;
    assert.equal((await status('ready')).model, 'tiny:latest');
  });

  it('says what a generation is doing', async () => {
    double = await connect();
    await status('idle');
    const gate = double.hold({ afterTokens: 3 });
    await open(8);
    const running = run('explain');
    await gate.reached;
    await answers('This');
    const working = await status('working');
    assert.equal(working.activity.phase, 'writing');
    assert.equal(working.activity.title, 'Explain');
    gate.release();
    await running;
    await status('ready');
  });

  it('says what a generation is doing, also when a prewarm ends in the middle of it', async () => {
    double = await connect();
    await status('idle');
    const loading = double.hold('loading');
    const prewarming = run('prewarm');
    await loading.reached;
    await status('loading');
    const answering = double.hold({ afterTokens: 3 });
    await open(8);
    const running = run('explain');
    await status('working');
    loading.release();
    await prewarming;
    await answering.reached;
    assert.equal((await api()).status.kind, 'working');
    answering.release();
    await running;
    await status('ready');
  });

  it('shows the speed while an answer is written', async () => {
    double = await connect({ writingSpeed: 40, answer: () => 'word '.repeat(60).split(/(?<= )/) });
    double.set({ repeatGuard: false });
    await status('idle');
    await open(8);
    const running = run('explain');
    const { activity } = await status('working', (now) => now.activity.tokensPerSecond !== undefined);
    assert.equal(activity.phase, 'writing');
    assert.ok((activity.tokensPerSecond ?? 0) > 0);
    await running;
  });

  it('shows a missing model, and no model at all', async () => {
    double = await connect({}, { model: 'missing:7b' });
    assert.equal((await status('modelNotInstalled')).model, 'missing:7b');
    double.setModels([]);
    await run('checkHealth');
    await status('noModel');
  });

  it(
    'is offline at once when a command finds no server, and online with the next success',
    async () => {
      double = await connect();
      await status('idle');
      await double.stop();
      await open(8);
      await run('explain');
      assert.equal((await api()).status.kind, 'offline');
      await double.start();
      await run('explain');
      await status('ready');
    },
    { timeoutMs: 30_000 },
  );

  it('reduces the context window when memory runs out, shows it, and keeps it', async () => {
    const model = { name: 'big:latest', sizeBytes: 1e9, memoryPerTokenBytes: 1e5 };
    double = await connect({ models: [model], memoryBytes: 1e9 + 5000 * 1e5 });
    await status('idle');
    const from = channelLength();
    await open(8);
    await run('explain');
    assert.equal((await status('reduced')).numCtx, 4096);
    assert.match(
      await answers(/tokens\/s/, from),
      /trying again with a context window of 8,192 tokens\.[^]*window of 4,096 tokens/,
    );
    await run('findBugs');
    assert.equal(generations(double).at(-1)?.body.options?.['num_ctx'], 4096);
    assert.equal(double.loads.length, 1, 'no reload by our own requests');
  });

  it('shows an error of the server until something succeeds', async () => {
    double = await connect();
    await status('idle');
    await open(8);
    void double.faultNext(isGeneration, {
      kind: 'respond',
      status: 500,
      headers: { 'content-type': 'application/json' },
      body: '{"error":"something broke"}',
    });
    await run('explain');
    assert.match((await status('error')).problem.message, /something broke/);
    await run('explain');
    await status('ready');
  });
});

describe('settings', () => {
  let doubles: OllamaDouble[] = [];
  afterEach(async () => {
    await Promise.all(doubles.map((double) => double.close()));
    doubles = [];
  });

  it('a changed address is used by the next command; a running answer finishes on the old one', async () => {
    const first = await connect();
    const second = await connect({ models: [{ name: 'other:latest' }] });
    doubles = [first, second];
    await set({ baseUrl: first.url });
    await status('idle');
    const from = channelLength();
    const gate = first.hold({ afterTokens: 2 });
    await open(8);
    const running = run('explain');
    await gate.reached;
    await set({ baseUrl: second.url });
    gate.release();
    await running;
    assert.match(await answers(/tokens\/s/, from), /tiny:latest[^]*Nothing else happens here\./);
    await run('explain');
    assert.equal(generations(first).length, 1);
    assert.equal(generations(second).length, 1);
    await first.waitForNoConnections();
  });

  it('invalid values keep the last valid ones in effect', async () => {
    const double = await connect();
    doubles = [double];
    await status('idle');
    await set({ baseUrl: 'http://', keepAlive: 'soon', temperature: 'hot', headers: { 'bad name': 'x' } });
    await open(8);
    await run('explain');
    const body = generations(double)[0]?.body;
    assert.equal(body?.keep_alive, '30m');
    assert.equal(body?.options?.['temperature'], 0.3);
    await set({ baseUrl: double.url, keepAlive: '5m', temperature: 0, headers: { 'x-team': 'blue' } });
    await run('explain');
    const next = generations(double)[1];
    assert.equal(next?.body.keep_alive, '5m');
    assert.equal(next?.body.options?.['temperature'], 0);
    assert.equal(next?.headers['x-team'], 'blue');
    await set({ keepAlive: '30m', temperature: 0.3, headers: {} });
  });

  it('an empty model means the loaded one, else the latest that can complete', async () => {
    const models = [
      { name: 'old:latest', modifiedAt: '2025-01-01T00:00:00Z' },
      { name: 'new:latest', modifiedAt: '2026-01-01T00:00:00Z' },
      { name: 'embed:latest', modifiedAt: '2026-02-01T00:00:00Z', capabilities: ['embedding'] },
    ];
    const double = await connect({ models });
    doubles = [double];
    assert.equal((await status('idle')).model, 'new:latest');
  });
});

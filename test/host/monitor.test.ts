import assert from 'node:assert/strict';
import { afterEach, describe, it } from './runner.ts';
import type { OllamaDouble, RecordedRequest } from '../support/double/index.ts';
import { answers, api, connect, messageShown, open, run, set, status } from './world.ts';

const isProbe = ({ path }: RecordedRequest): boolean => path === '/api/version';

/** The smallest interval of the setting, in seconds. */
const fastest = 2;

describe('probing the server', () => {
  let double: OllamaDouble;
  afterEach(async () => {
    await set({ pollInterval: 3600 });
    await double.close();
  });

  it('notices that the model was unloaded elsewhere', async () => {
    double = await connect();
    await status('idle');
    await run('prewarm');
    await status('ready');
    double.unload('tiny');
    await set({ pollInterval: fastest });
    await status('idle');
  });

  it('never sends two probes at once', async () => {
    double = await connect();
    await status('idle');
    const before = double.requests.filter(isProbe).length;
    const gate = double.hold('answer', isProbe);
    const checks = [run('checkHealth'), run('checkHealth'), run('checkHealth')];
    await gate.reached;
    assert.equal(double.requests.filter(isProbe).length, before + 1);
    gate.release();
    await Promise.all(checks);
    assert.equal(double.requests.filter(isProbe).length, before + 1);
  });

  it('one failed probe is not "offline" yet, the second one is; probeTwice makes both', async () => {
    double = await connect();
    await status('idle');
    const kinds: string[] = [];
    const { onDidChangeStatus } = await api();
    const extension = await api();
    const subscription = onDidChangeStatus(() => kinds.push(extension.status.kind));
    const failed = double.faultNext(isProbe, { kind: 'closeBeforeHeaders' });
    await run('checkHealth');
    await failed;
    assert.equal(extension.status.kind, 'idle');
    assert.ok(!kinds.includes('offline'), kinds.join());
    await double.stop();
    await run('checkHealth');
    assert.equal(extension.status.kind, 'offline');
    subscription.dispose();
    await double.start();
    await run('checkHealth');
    await status('idle');
  });

  it('a problem found by a probe ends with the next successful probe', async () => {
    double = await connect();
    await status('idle');
    for (const wrong of [502, 403, 401]) {
      void double.faultNext(isProbe, { kind: 'respond', status: wrong, headers: {}, body: '' });
      await run('checkHealth');
      void double.faultNext(isProbe, { kind: 'respond', status: wrong, headers: {}, body: '' });
      await run('checkHealth');
      await run('checkHealth');
      await status('idle');
    }
  });

  it('says of an Ollama that is too old where to get a new one, and asks it nothing', async () => {
    double = await connect({ version: '0.12.5' });
    const sentence = `Ollama 0.12.5 at ${double.url} is too old for CodeWorm: update it to 0.12.6 or newer.`;
    const { problem } = await status('error');
    assert.deepEqual([problem.kind, problem.message], ['tooOld', sentence]);
    const told = messageShown('showWarningMessage');
    await run('checkHealth');
    assert.deepEqual(await told, { message: sentence, buttons: ['Download Ollama', 'Show Log'] });
    await open(2);
    const failed = messageShown('showErrorMessage');
    await run('explain');
    assert.deepEqual(await failed, { message: sentence, buttons: ['Download Ollama', 'Show Log'] });
    await answers(`No answer: ${sentence}`);
    assert.ok(!double.requests.some(({ path }) => path === '/api/generate'));
    await double.close();
    double = await connect({ version: '0.0.0' });
    await status('idle');
  });

  it('reports GPU, context size and version', async () => {
    double = await connect({ gpuShare: 0.5, version: '0.33.0' });
    await run('prewarm');
    await status('ready');
    const { facts } = await api();
    assert.equal(facts.version, '0.33.0');
    assert.equal(facts.loaded?.gpuShare?.toFixed(1), '0.5');
    assert.equal(facts.loaded?.contextLength, 16_384);
  });
});

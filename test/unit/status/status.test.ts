import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OllamaError, OllamaModelNotFoundError } from '../../../src/ollama/index.ts';
import { isDemo, pollDelayMs, statusOf, type ServerFacts } from '../../../src/status/status.ts';

const facts: ServerFacts = {
  origin: 'http://127.0.0.1:11434',
  online: true,
  installed: [
    {
      name: 'tiny:latest',
      sizeBytes: 1,
      modifiedAt: '',
      digest: '',
      family: '',
      parameterSize: '',
      quantization: '',
      contextLength: 0,
      capabilities: [],
      remoteHost: '',
    },
  ],
  model: 'tiny:latest',
  modelInstalled: true,
};
const loaded = { name: 'tiny:latest', sizeBytes: 1, gpuShare: 0, contextLength: 4096, expiresAt: '' };
const none = { kind: 'none' } as const;

describe('the status', () => {
  const { online: _, ...unasked } = facts;
  const cases: [string, ServerFacts, string][] = [
    ['not asked yet', unasked, 'checking'],
    ['nobody answers', { ...facts, online: false }, 'offline'],
    ['nothing installed', { ...facts, installed: [], modelInstalled: false }, 'noModel'],
    ['the model is not there', { ...facts, modelInstalled: false }, 'modelNotInstalled'],
    ['not loaded', facts, 'idle'],
    ['loaded', { ...facts, loaded }, 'ready'],
    ['with a smaller window', { ...facts, loaded, reducedNumCtx: 4096 }, 'reduced'],
    ['something failed', { ...facts, loaded, problem: new OllamaError('x') }, 'error'],
  ];
  for (const [name, known, kind] of cases) {
    it(`${name}: ${kind}`, () => assert.equal(statusOf(known, none).kind, kind));
  }

  it('a model that is gone is named, whether a request has failed for that or not', () => {
    const problem = new OllamaModelNotFoundError('x', 'tiny:latest');
    for (const installed of [facts.installed, []]) {
      const known = { ...facts, installed, modelInstalled: false, problem };
      assert.deepEqual(statusOf(known, none), { kind: 'modelNotInstalled', model: 'tiny:latest' });
    }
    const ofTask = new OllamaModelNotFoundError('x', 'other:latest');
    assert.equal(statusOf({ ...facts, loaded, problem: ofTask }, none).kind, 'error');
  });

  it('a current activity counts more than a past event', () => {
    const offline = { ...facts, online: false };
    assert.equal(statusOf(offline, { kind: 'loading' }).kind, 'loading');
    const activity = { kind: 'generating', title: 'Explain', phase: 'waiting', queued: 0 } as const;
    assert.equal(statusOf(offline, activity).kind, 'working');
  });

  it('pages that are written are shown, unless something is wrong or more important', () => {
    const pages = { kind: 'pages', done: 12, total: 61, secondsLeft: 2280, isPaused: false } as const;
    assert.deepEqual(statusOf({ ...facts, loaded }, pages), pages);
    assert.equal(statusOf({ ...facts, online: false }, pages).kind, 'offline');
    assert.equal(statusOf({ ...facts, loaded, problem: new OllamaError('x') }, pages).kind, 'error');
  });

  it('the demo server is recognized by its version', () => {
    assert.ok(isDemo({ ...facts, version: '0.33.0-demo' }));
    assert.ok(!isDemo({ ...facts, version: '0.33.0' }));
    assert.ok(!isDemo(facts));
  });
});

describe('probing the server', () => {
  const well = { online: true, focused: true, failures: 0 };
  it('uses the interval while the window is focused', () => assert.equal(pollDelayMs(10_000, well), 10_000));
  it('is slower while the server is offline', () =>
    assert.equal(pollDelayMs(10_000, { ...well, online: false, failures: 5 }), 30_000));
  it('is slower while the window is not focused', () =>
    assert.equal(pollDelayMs(10_000, { ...well, focused: false }), 30_000));
  it('is repeated soon after one failure', () =>
    assert.equal(pollDelayMs(10_000, { ...well, failures: 1 }), 2000));
});

/** The phases of a generation, from `/api/ps` before the headers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Phase, StreamEvent } from '../../../../src/ollama/index.ts';
import { sameModel } from '../../../../src/ollama/index.ts';
import { startDouble, type OllamaDouble, type RecordedRequest } from '../../../support/double/index.ts';
import { clientFor, outcomeOf } from '../../../support/faults.ts';
import { withoutLeaks } from '../../../support/leaks.ts';

const generates = ({ path }: RecordedRequest): boolean => path === '/api/generate';

/** Reads a stream in the background and records when each phase came. */
class PhaseReader {
  readonly phases: Phase[] = [];
  readonly parts: Extract<StreamEvent, { type: 'phase' }>[] = [];
  readonly ended: Promise<void>;
  #waiters: { phase: Phase; resolve: () => void }[] = [];

  constructor(stream: AsyncIterable<StreamEvent>) {
    this.ended = this.#read(stream);
  }

  reached(phase: Phase): Promise<void> {
    if (this.phases.includes(phase)) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push({ phase, resolve }));
  }

  async #read(stream: AsyncIterable<StreamEvent>): Promise<void> {
    for await (const part of stream) {
      if (part.type !== 'phase') continue;
      this.phases.push(part.phase);
      this.parts.push(part);
      for (const { phase, resolve } of this.#waiters) if (phase === part.phase) resolve();
    }
  }
}

const looks = (double: OllamaDouble): number =>
  double.requests.filter(({ path }) => path === '/api/ps').length;

test('a cold model: connecting, loading, reading, thinking, writing', { timeout: 20_000 }, () =>
  withoutLeaks(async () => {
    await using double = await startDouble({
      models: [{ name: 'tiny', capabilities: ['completion', 'thinking'] }],
    });
    await using client = clientFor(double.url);
    const [loading, reading] = [double.hold('loading'), double.hold('reading')];
    const reader = new PhaseReader(client.stream({ prompt: 'x' }));
    await reader.reached('loading');
    loading.release();
    await reader.reached('reading');
    reading.release();
    await reader.ended;
    assert.deepEqual(reader.phases, ['connecting', 'loading', 'reading', 'thinking', 'writing']);
    const before = looks(double);
    assert.ok(before >= 2);
    await client.generate({ prompt: 'x' });
    assert.equal(
      looks(double),
      before,
      'a warm model is faster than the first look, and the looking has stopped',
    );
  }),
);

test('behind another generation: queued until that ends', { timeout: 20_000 }, () =>
  withoutLeaks(async () => {
    await using double = await startDouble();
    await using client = clientFor(double.url);
    const gate = double.hold({ afterTokens: 2 });
    const first = new PhaseReader(client.stream({ prompt: 'first' }));
    await gate.reached;
    const second = new PhaseReader(client.stream({ prompt: 'second' }));
    await second.reached('queued');
    gate.release();
    await Promise.all([first.ended, second.ended]);
    assert.deepEqual(first.phases, ['connecting', 'writing']);
    assert.deepEqual(second.phases, ['connecting', 'queued', 'writing']);
  }),
);

test('behind one whose prompt is still being read: queued; the first one reads', { timeout: 20_000 }, () =>
  withoutLeaks(async () => {
    await using double = await startDouble();
    await using client = clientFor(double.url);
    const gate = double.hold('reading');
    const first = new PhaseReader(client.stream({ prompt: 'first' }));
    await gate.reached;
    const second = new PhaseReader(client.stream({ prompt: 'second' }));
    await Promise.all([first.reached('reading'), second.reached('queued')]);
    gate.release();
    await Promise.all([first.ended, second.ended]);
    assert.deepEqual(first.phases, ['connecting', 'reading', 'writing']);
  }),
);

test(
  'the expected load time comes from the previous load, and is reported with the phase',
  { timeout: 20_000 },
  () =>
    withoutLeaks(async () => {
      await using double = await startDouble({ loadMs: 150 });
      await using client = clientFor(double.url);
      assert.equal(client.expectedLoadMs('tiny'), undefined);
      const { loadDurationMs } = await client.generate({ prompt: 'x' });
      assert.equal(client.expectedLoadMs('tiny:latest'), loadDurationMs);
      assert.ok(loadDurationMs >= 100);
      await client.generate({ prompt: 'x' });
      assert.equal(
        client.expectedLoadMs('tiny'),
        loadDurationMs,
        'a model that was there says nothing about loading',
      );
      double.unload('tiny');
      const gate = double.hold('loading');
      const reader = new PhaseReader(client.stream({ prompt: 'x' }));
      await reader.reached('loading');
      gate.release();
      await reader.ended;
      assert.equal(reader.parts.find(({ phase }) => phase === 'loading')?.expectedMs, loadDurationMs);
    }),
);

test('a server without /api/ps is no problem', { timeout: 20_000 }, () =>
  withoutLeaks(async () => {
    await using double = await startDouble();
    await using client = clientFor(double.url);
    const look = double.faultNext(({ path }) => path === '/api/ps', {
      kind: 'respond',
      status: 404,
      body: '404 page not found',
    });
    const gate = double.hold('reading', generates);
    const outcome = outcomeOf(client.stream({ prompt: 'x' }));
    await look;
    gate.release();
    assert.ok((await outcome).result);
  }),
);

test('a hanging poll ends with the request', { timeout: 20_000 }, () =>
  withoutLeaks(async () => {
    await using double = await startDouble();
    await using client = clientFor(double.url);
    const look = double.faultNext(({ path }) => path === '/api/ps', { kind: 'silent' });
    const gate = double.hold('reading', generates);
    const outcome = outcomeOf(client.stream({ prompt: 'x' }));
    const request = await look;
    gate.release();
    assert.ok((await outcome).result);
    assert.equal(await request.finished, 'cancelled');
  }),
);

test('names that mean the same model', () => {
  assert.ok(sameModel('tiny', 'tiny:latest'));
  assert.ok(sameModel('hf.co/Some/Model', 'hf.co/some/model:latest'));
  assert.ok(sameModel('host:5000/model', 'host:5000/model:latest'));
  assert.ok(!sameModel('tiny', 'tiny:7b'));
});

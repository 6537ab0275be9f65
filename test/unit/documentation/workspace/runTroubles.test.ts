import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { defaultSettings, OllamaClient } from '../../../../src/ollama/index.ts';
import { startDouble, type OllamaDouble, type RecordedRequest } from '../../../support/double/index.ts';
import { goodAnswer, modelOf, nextEvent, run, world, type World } from './runWorld.ts';

const isGeneration = ({ path, body }: RecordedRequest): boolean =>
  path === '/api/generate' && Boolean(body.prompt);

describe('a run survives', () => {
  let double: OllamaDouble;
  let client: OllamaClient;
  let here: World;

  beforeEach(async () => {
    double = await startDouble({ answer: () => goodAnswer });
    client = new OllamaClient({ ...defaultSettings, baseUrl: double.url, model: 'tiny:latest' });
    here = world(3);
  });
  afterEach(async () => {
    await client.close();
    await double.close();
  });

  /** Without the client's own pauses between attempts, which take seconds. */
  const impatient = () => ({
    ...modelOf(client),
    write: async (...[request, onEvent]: Parameters<ReturnType<typeof modelOf>['write']>) => {
      const stream = client.stream(request);
      for (;;) {
        const next = await stream.next();
        if (next.done) return next.value;
        onEvent(next.value);
      }
    },
  });

  it('a full disk: nothing half is left, and the page that was written is not written again', async () => {
    here.files.fault = (step, path) => (step === 'write' && path.includes('work1') ? 'ENOSPC' : undefined);
    const handle = await run(here, modelOf(client));
    const { progress } = await nextEvent(
      handle,
      'progress',
      ({ progress }) => progress.state.kind === 'paused',
    );
    assert.equal(progress.state.kind === 'paused' && progress.state.reason, 'disk');
    assert.deepEqual([here.files.pages.length, here.files.parts.length], [1, 0]);
    here.files.fault = () => undefined;
    handle.resume();
    assert.equal((await handle.ended).counts.written, 3);
    const asked = double.requests.filter(({ body }) => String(body.prompt).includes('the function `work1`'));
    assert.equal(asked.length, 1);
  });

  it('a full disk when the run begins, and stopping it then', async () => {
    here.files.fault = () => 'ENOSPC';
    const handle = await run(here, modelOf(client));
    await nextEvent(handle, 'progress', ({ progress }) => progress.state.kind === 'paused');
    const report = await handle.stop();
    assert.deepEqual([report.counts.waiting, report.isStopped], [3, true]);
    assert.equal(double.requests.filter(isGeneration).length, 0);
  });

  it('a name that the disk refuses: that page fails, the others are written', async () => {
    here.files.fault = (_, path) => (path.includes('work1') ? 'ENAMETOOLONG' : undefined);
    const report = await (await run(here, modelOf(client))).ended;
    assert.deepEqual([report.counts.written, report.counts.failed], [2, 1]);
  });

  it('a server that goes away in the middle of a page and comes back', async () => {
    const middle = double.hold({ afterTokens: 5 }, isGeneration);
    const handle = await run(here, impatient());
    await middle.reached;
    const lost = nextEvent(handle, 'progress', ({ progress }) => progress.state.kind === 'waitingForServer');
    await double.stop();
    middle.release();
    await lost;
    await double.start();
    const report = await handle.ended;
    assert.deepEqual([report.counts.written, report.counts.failed], [3, 0]);
    assert.equal(here.files.pages.length, 3);
  });

  it('a model that dies and is loaded again', async () => {
    const middle = double.hold({ afterTokens: 5 }, isGeneration);
    const handle = await run(here, impatient());
    await middle.reached;
    double.killRunner('tiny:latest');
    middle.release();
    const report = await handle.ended;
    assert.deepEqual([report.counts.written, report.counts.failed], [3, 0]);
    assert.equal(double.loads.length, 2);
  });

  it('a server that needs a key: the run waits for the user, and no page counts as failed', async () => {
    void double.faultNext(isGeneration, { kind: 'respond', status: 401, body: '{"error":"unauthorized"}' });
    const handle = await run(here, modelOf(client));
    const { progress } = await nextEvent(
      handle,
      'progress',
      ({ progress }) => progress.state.kind === 'paused',
    );
    assert.equal(progress.state.kind === 'paused' && progress.state.reason, 'blocked');
    assert.equal(progress.counts.failed, 0);
    handle.resume();
    assert.equal((await handle.ended).counts.written, 3);
  });

  it('a page whose connection ends early every time fails after some attempts', async () => {
    double.set({ answer: ({ prompt }) => (prompt.includes('the function `work1`') ? broken() : goodAnswer) });
    const report = await (await run(here, impatient())).ended;
    assert.deepEqual([report.counts.written, report.counts.failed], [2, 1]);
  });

  it('a server that is busy: fewer pages at once, and all are written', async () => {
    here = world(40);
    double.set({ numParallel: 4, maxQueue: 2 });
    const handle = await run(here, impatient(), { mostParallel: () => 16 });
    const report = await handle.ended;
    assert.deepEqual([report.counts.written, report.counts.failed], [40, 0]);
  });
});

function broken(): never {
  throw new Error('unexpected EOF');
}

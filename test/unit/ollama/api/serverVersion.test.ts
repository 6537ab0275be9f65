import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OllamaError, outdatedServer, type Guard } from '../../../../src/ollama/index.ts';
import { startDouble, type OllamaDouble } from '../../../support/double/index.ts';
import { clientFor, failureOf } from '../../../support/faults.ts';
import { withoutLeaks } from '../../../support/leaks.ts';

const guard: Guard = {
  mayContact: () => true,
  apiKey: () => Promise.resolve(undefined),
  promptSent: () => undefined,
};
const asked = (double: OllamaDouble, path: string): number =>
  double.requests.filter((request) => request.path === path).length;

describe('the version of a server', () => {
  const old = ['0.12.5', '0.9.3', '0.0.1', 'v0.12.5', '0.12.5-rc1', '0.1.32'];
  const supported = [
    ...['0.12.6', '0.12.6-rc0', '0.12.10', '0.13.0', '1.0.0', 'v0.33.0', '0.33.0-rc2', '0.33.0-demo'],
    ...['0.0.0', '0.0.0-dev', 'garbage', '', '0.9', '0.9.3.1', 'ollama 0.9.3', '9', 'NaN.NaN.NaN'],
  ];
  for (const version of old)
    it(`${version} is too old, in one sentence with both numbers`, () => {
      const error = outdatedServer(version, 'http://h:1');
      assert.equal(error?.kind, 'tooOld');
      assert.equal(
        error?.message,
        `Ollama ${version} at http://h:1 is too old for CodeWorm: update it to 0.12.6 or newer.`,
      );
    });
  it('everything else is new enough, what cannot be read as a version included', () => {
    for (const version of supported) assert.equal(outdatedServer(version, 'http://h:1'), undefined, version);
  });
});

describe('a server that is too old', () => {
  for (const version of ['0.12.5', '0.9.3'])
    it(`${version}: no prompt is sent, nothing is loaded, and nothing is tried again`, () =>
      withoutLeaks(async () => {
        await using double = await startDouble({ version });
        await using client = clientFor(double.url, {}, { guard });
        const error = await failureOf(client.generateWithRetry({ prompt: 'code' }));
        assert.ok(error instanceof OllamaError && error.kind === 'tooOld', String(error));
        assert.ok(error.message.includes(version));
        assert.equal(await client.prewarm(), false);
        assert.deepEqual([asked(double, '/api/generate'), asked(double, '/api/chat')], [0, 0]);
        assert.equal(asked(double, '/api/version'), 2, 'it may have been updated, so it is asked each time');
      }));

  for (const version of ['0.12.6', '0.0.0', 'garbage', ''])
    it(`"${version}" is none: it answers, and is asked for its version once`, () =>
      withoutLeaks(async () => {
        await using double = await startDouble({ version });
        await using client = clientFor(double.url, {}, { guard });
        assert.equal(await client.prewarm(), true);
        assert.ok((await client.generate({ prompt: 'code' })).text);
        assert.ok((await client.generate({ prompt: 'code' })).text);
        assert.equal(asked(double, '/api/version'), 1);
      }));

  it('an updated one is noticed without another client', () =>
    withoutLeaks(async () => {
      await using double = await startDouble({ version: '0.12.5' });
      await using client = clientFor(double.url, {}, { guard });
      await failureOf(client.generate({ prompt: 'code' }));
      void double.faultNext(({ path }) => path === '/api/version', {
        kind: 'respond',
        status: 200,
        body: '{"version":"0.12.6"}',
      });
      assert.ok((await client.generate({ prompt: 'code' })).text);
    }));

  it('one that does not tell is not refused, and asked again only where nothing was answered', () =>
    withoutLeaks(async () => {
      await using double = await startDouble();
      const isVersion = ({ path }: { path: string }): boolean => path === '/api/version';
      await using gateway = clientFor(double.url, {}, { guard });
      void double.faultNext(isVersion, { kind: 'respond', status: 404, body: 'no' });
      for (let count = 0; count < 2; count++) assert.ok((await gateway.generate({ prompt: 'code' })).text);
      assert.equal(asked(double, '/api/version'), 1);
      await using unsteady = clientFor(double.url, {}, { guard });
      // The retry on a new connection, which a kept connection allows, fails as well.
      for (let count = 0; count < 2; count++)
        void double.faultNext(isVersion, { kind: 'resetBeforeHeaders' });
      for (let count = 0; count < 3; count++) assert.ok((await unsteady.generate({ prompt: 'code' })).text);
      assert.equal(asked(double, '/api/version'), 4);
    }));

  it('an aborted request says why, while the version is asked for', () =>
    withoutLeaks(async () => {
      await using double = await startDouble();
      await using client = clientFor(double.url, {}, { guard });
      const gate = double.hold('answer', ({ path }) => path === '/api/version');
      const abort = new AbortController();
      const failure = failureOf(client.generate({ prompt: 'code', signal: abort.signal }));
      await gate.reached;
      const reason = new Error('stop');
      abort.abort(reason);
      assert.equal(await failure, reason);
      gate.release();
    }));

  it('a client without a guard asks nothing by itself, but knows what it was told', () =>
    withoutLeaks(async () => {
      await using double = await startDouble({ version: '0.12.5' });
      await using client = clientFor(double.url);
      assert.ok((await client.generate({ prompt: 'code' })).text);
      assert.equal(asked(double, '/api/version'), 0);
      assert.equal(await client.version(), '0.12.5');
      const error = await failureOf(client.generate({ prompt: 'code' }));
      assert.ok(error instanceof OllamaError && error.kind === 'tooOld', String(error));
    }));
});

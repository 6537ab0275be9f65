/** Servers of OpenAI's protocol: found, named, and what is wrong with them. */
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { diagnose, type Finding } from '../../../src/diagnosis/index.ts';
import { startDouble, startRawServer, type DoubleOptions } from '../../support/double/index.ts';
import { inputFor } from '../../support/machines.ts';
import { json, sized } from '../../support/faults.ts';
import { environment, inEnglish, never } from './diagnosing.ts';

environment();
afterEach(() => environment());

async function configuredFinding(url: string, model = ''): Promise<Finding> {
  const input = inputFor(url);
  const { findings } = await diagnose({ ...input, settings: { ...input.settings, model } }, never);
  return findings[0];
}

const openai: DoubleOptions = { protocol: 'openai', models: [{ name: 'coder' }] };

test('llama-server is recognized, and needs nothing', async () => {
  await using double = await startDouble(openai);
  const { verdict } = await configuredFinding(`${double.url}/v1`);
  assert.equal(inEnglish(verdict.summary), `llama-server b1-c2fd87e answers at ${double.url}.`);
  assert.equal(inEnglish(verdict.fix), 'Nothing needs to be done.');
  assert.ok(double.requests.every(({ method }) => method === 'GET'));
});

test('a model that the server does not list', async () => {
  await using double = await startDouble(openai);
  const { verdict } = await configuredFinding(double.url, 'other');
  assert.equal(verdict.kind, 'working');
  assert.deepEqual(verdict.kind === 'working' ? verdict.server.problems : [], [
    { kind: 'modelNotListed', model: 'other' },
  ]);
  assert.match(inEnglish(verdict.fix), /Select one of its models/);
});

test('a server that wants a key, and one that is loading', async () => {
  const refusal = json('401 Unauthorized', { error: { message: 'Unauthorized' } });
  await using server = await startRawServer(
    (socket, { path }) => void socket.write(path === '/v1/models' ? refusal : sized('404 Not Found', '')),
  );
  assert.equal((await configuredFinding(server.url)).verdict.kind, 'keyMissing');
  await using double = await startDouble({ ...openai, loading: true });
  const { verdict } = await configuredFinding(double.url);
  assert.match(inEnglish(verdict.summary), /still loading its model/);
});

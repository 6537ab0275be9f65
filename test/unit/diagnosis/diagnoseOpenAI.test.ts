/** Servers of OpenAI's protocol: found, named, and what is wrong with them. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import {
  conclusionOf,
  diagnose,
  reportOf,
  type Diagnosis,
  type DiagnosisInput,
  type Finding,
} from '../../../src/diagnosis/index.ts';
import { OllamaConnectionError } from '../../../src/ollama/index.ts';
import { shown } from '../../support/chatVscode.ts';
import { startDouble, startRawServer, type DoubleOptions } from '../../support/double/index.ts';
import { inputFor } from '../../support/machines.ts';
import { json, sized } from '../../support/faults.ts';
import { closedPort, environment, inEnglish, never } from './diagnosing.ts';

const { actionsForDiagnosis } = await import('../../../src/status/diagnosisActions.ts');
const { startActions } = await import('../../../src/generation/startOllama.ts');

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

/** Ollama is installed, too. Only addresses of this machine with the configured port or Ollama's are asked. */
async function diagnoseStopped(baseUrl: string, more: Partial<DiagnosisInput>): Promise<Diagnosis> {
  const ports = new Set([new URL(baseUrl).port]);
  const program: DiagnosisInput['program'] = {
    platform: 'linux',
    env: { PATH: '/opt/x' },
    home: '/home/me',
    runnable: async (path) => (path === '/opt/x/ollama' ? path : undefined),
  };
  const mayContact = (address: string): boolean => ports.has(new URL(address).port);
  return diagnose(inputFor(baseUrl, { program, mayContact, ...more }), never);
}

const facts = {
  extensionVersion: '1.0.0',
  vscodeVersion: '1.104.0',
  platform: 'linux',
  arch: 'x64',
  nodeVersion: '22.18.0',
  settings: inputFor('http://127.0.0.1:1').settings,
  headerNames: [],
  keyStored: false,
};

async function textsOf(diagnosis: Diagnosis): Promise<string> {
  const { summary, fix } = conclusionOf(diagnosis);
  const report = reportOf(diagnosis, facts, { home: '/home/me', user: 'me', host: 'here' }, inEnglish);
  const buttons = actionsForDiagnosis({} as never, diagnosis, report);
  await buttons.find(({ title }) => title === 'Copy Report')?.run();
  return [inEnglish(summary), inEnglish(fix), ...buttons.map(({ title }) => title), shown.copied].join('\n');
}

test('a stopped server that has answered before is not called Ollama, although Ollama is installed', async () => {
  const address = await closedPort();
  const stopped = await diagnoseStopped(address, { isOllama: false });
  assert.equal(stopped.findings[0].verdict.kind, 'refused');
  assert.equal(stopped.canStart, undefined);
  assert.doesNotMatch(await textsOf(stopped), /Ollama|ollama serve/);
  assert.match(await textsOf(stopped), /Start the server, or check the address\./);
  const unknown = await diagnoseStopped(address, {});
  assert.equal(unknown.canStart?.address, address);
  assert.match(
    await textsOf(unknown),
    /Ollama is installed on this machine.*\n.*ollama serve.*\nStart Ollama/s,
  );
});

test('Ollama is not started at an address that looks like that of another server', async () => {
  const diagnosis = await diagnoseStopped(`${await closedPort()}/v1`, {});
  assert.equal(diagnosis.findings[0].verdict.kind, 'refused');
  assert.equal(diagnosis.canStart, undefined);
  assert.doesNotMatch(inEnglish(conclusionOf(diagnosis).fix), /Ollama/);
});

test('a message about a server that does not answer offers to start Ollama only if it is one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'program-'));
  const { PATH } = process.env;
  try {
    for (const name of ['ollama', 'ollama.exe']) writeFileSync(join(folder, name), '', { mode: 0o755 });
    process.env['PATH'] = folder;
    const titles = async (product: string, origin: string): Promise<string[]> => {
      const clients = { current: { origin, settings: { baseUrl: origin }, capabilities: { product } } };
      const services = { clients, trust: { approvals: { covers: () => true } } };
      const error = new OllamaConnectionError('Nothing answers.', { kind: 'unreachable' });
      return (await startActions(services as never, error)).map(({ title }) => title);
    };
    assert.deepEqual(await titles('Ollama', 'http://127.0.0.1:9999'), ['Start Ollama']);
    assert.deepEqual(await titles('Ollama', 'http://gpu:11434'), []);
    for (const product of ['llama-server', 'vLLM', ''])
      assert.deepEqual(await titles(product, 'http://127.0.0.1:9999'), []);
  } finally {
    process.env['PATH'] = PATH;
    rmSync(folder, { recursive: true });
  }
});

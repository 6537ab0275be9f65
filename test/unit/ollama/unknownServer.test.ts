/** No text names Ollama before it is known, or likely, that the server is one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLikelyOllama, OllamaError } from '../../../src/ollama/index.ts';
import { verdictOf } from '../../../src/diagnosis/verdict.ts';
import { contextOf } from '../../../src/diagnosis/remedies.ts';
import { readMachine } from '../../../src/diagnosis/machine.ts';
import { startDouble, startRawServer } from '../../support/double/index.ts';
import { clientFor, failureOf, sized } from '../../support/faults.ts';
import { withoutLeaks } from '../../support/leaks.ts';
import { machineWith } from '../../support/machines.ts';
import { refusedPort } from '../../support/slowServers.ts';

const addresses: [baseUrl: string, isLikely: boolean][] = [
  ['http://localhost:11434', true],
  ['localhost', true],
  ['gpu', true],
  ['http://gpu:11434/v1', true],
  ['https://team.example:11434', true],
  ['http://127.0.0.1:9999', true],
  ['http://127.0.0.1:8080', false],
  ['http://localhost:8000/v1', false],
  ['http://[::1]:1234', false],
  ['http://127.0.0.1:9999/v1', false],
  ['https://127.0.0.1:9999', false],
  ['http://gpu:8000', false],
  ['https://llm.team.example', false],
];
for (const [baseUrl, isLikely] of addresses)
  test(`${baseUrl} is ${isLikely ? '' : 'not '}likely to be Ollama's`, () =>
    assert.equal(isLikelyOllama(baseUrl), isLikely));

test('an unknown server that does not answer is not called Ollama, one that answers as Ollama is', () =>
  withoutLeaks(async () => {
    const unknown = { isUnknownServer: true };
    await using absent = clientFor(`http://127.0.0.1:${await refusedPort()}`, {}, unknown);
    const error = (await failureOf(absent.generate({ prompt: 'x' }))) as OllamaError;
    assert.match(error.message, /Nothing answers at \S+: start the server/);
    assert.equal(absent.capabilities.product, '');
    await using double = await startDouble();
    await using client = clientFor(double.url, {}, unknown);
    assert.equal(client.capabilities.product, '');
    await client.version();
    assert.equal(client.capabilities.product, 'Ollama');
  }));

for (const status of [
  '401 Unauthorized',
  '403 Forbidden',
  '404 Not Found',
  '502 Bad Gateway',
  '504 Gateway Timeout',
])
  test(`a page with ${status} of an unknown server is not explained with Ollama`, () =>
    withoutLeaks(async () => {
      await using server = await startRawServer(
        (socket) => void socket.write(sized(status, '<html>nginx</html>')),
      );
      await using client = clientFor(server.url, {}, { isUnknownServer: true });
      const error = (await failureOf(client.generate({ prompt: 'x' }))) as OllamaError;
      assert.doesNotMatch(error.message, /ollama/i);
    }));

const outcomes = [
  { kind: 'refused' },
  { kind: 'silent', accepted: true },
  { kind: 'silent', accepted: false },
  { kind: 'forbidden' },
  { kind: 'gateway', status: 502 },
] as const;
const machines: Parameters<typeof machineWith>[0][] = [
  {},
  { env: { CODESPACES: '1' } },
  { env: { WSL_DISTRO_NAME: 'x' } },
  { files: { '/proc/sys/kernel/osrelease': '4.4.0-19041-Microsoft' } },
];
test('what helps with a server of another kind names no Ollama', async () => {
  for (const sources of machines) {
    const machine = await readMachine(machineWith(sources));
    for (const [address, isOllama] of [
      ['http://gpu:8000', undefined],
      ['http://127.0.0.1:8080', undefined],
      ['http://host.docker.internal:8080', undefined],
      // Known from earlier answers, whatever the address looks like.
      ['http://127.0.0.1:9999', false],
      ['http://gpu:11434', false],
    ] as const)
      for (const why of ['configured', 'windowsHost', 'containerHost'] as const)
        for (const outcome of outcomes) {
          const verdict = verdictOf(outcome, address, contextOf(address, why, machine, isOllama));
          const text = new OllamaError(verdict.summary).message + new OllamaError(verdict.fix).message;
          assert.doesNotMatch(text, /ollama/i, `${outcome.kind} ${address} ${machine.kind}`);
        }
  }
});

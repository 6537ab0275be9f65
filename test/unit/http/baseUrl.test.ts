/** Base URLs in every form that OLLAMA_HOST supports, end to end. */
import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { test } from 'node:test';
import { defaultSettings, OllamaClient } from '../../../src/ollama/index.ts';
import { startDouble, type OllamaDouble } from '../../support/double/index.ts';
import { startForwardProxy } from '../../support/forwardProxy.ts';

const hasIPv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
);

async function answered(baseUrl: string, double: OllamaDouble): Promise<void> {
  const client = new OllamaClient({ ...defaultSettings, model: 'tiny', baseUrl });
  const { length } = double.requests;
  try {
    assert.ok((await client.generate({ prompt: 'x' })).text, baseUrl);
    assert.equal(await client.healthCheck(), true, baseUrl);
    assert.ok(double.requests.length >= length + 2, baseUrl);
  } finally {
    await client.close();
  }
}

test('a server on this machine', async () => {
  await using double = await startDouble();
  const { port } = double;
  const hosts = ['', '127.0.0.1', 'localhost', '0.0.0.0', 'LocalHost'];
  for (const host of hosts)
    for (const base of [`${host}:${port}`, `http://${host}:${port}`, ` HTTP://${host}:${port}/ `])
      await answered(base, double);
});

test('a server on this machine that listens on IPv6 only', { skip: !hasIPv6 && 'no IPv6' }, async () => {
  await using double = await startDouble({ host: '::1' });
  const { port } = double;
  for (const base of [`[::1]:${port}`, `http://[::1]:${port}/`, `[::]:${port}`]) await answered(base, double);
});

test('a path prefix, with and without a slash at its end', async () => {
  await using double = await startDouble({ pathPrefix: '/team/ollama' });
  const { port } = double;
  for (const base of [`127.0.0.1:${port}/team/ollama`, `http://localhost:${port}/team/ollama/`])
    await answered(base, double);
  assert.deepEqual(
    double.requests.filter(({ path }) => !/^\/team\/ollama\/(?:api\/(?:generate|ps))?$/.test(path)),
    [],
  );
});

test("an address that ends in one of Ollama's interfaces, as other programs want it", async () => {
  await using double = await startDouble();
  await using behind = await startDouble({ pathPrefix: '/team' });
  for (const path of ['/v1', '/v1/', '//v1//', '/api', '/api/', '/v1/chat/completions', '/api/generate'])
    for (const host of [`127.0.0.1:${double.port}`, `http://localhost:${double.port}`])
      await answered(host + path, double);
  for (const path of [
    '/v1/messages',
    '/api/version',
    '/api/v0/models',
    '/health',
    '/props',
    '/docs',
    '/chat/completions',
  ])
    await answered(`127.0.0.1:${behind.port}/team${path}`, behind);
  for (const path of ['/team/v1', '/team/api/']) await answered(`127.0.0.1:${behind.port}${path}`, behind);
  assert.deepEqual(
    double.requests.filter(({ path }) => !/^\/(?:api\/(?:generate|ps))?$/.test(path)),
    [],
  );
});

// With a proxy, every port can be tested without listening on it.
const ports: [base: string, asked: string][] = [
  ['ollama.internal', 'http://ollama.internal:11434/'],
  ['ollama.internal/api-of/team/', 'http://ollama.internal:11434/api-of/team/'],
  ['ollama.internal/v1beta', 'http://ollama.internal:11434/v1beta/'],
  ['ollama.internal/team-v1', 'http://ollama.internal:11434/team-v1/'],
  ['ollama.internal/api/team', 'http://ollama.internal:11434/api/team/'],
  ['ollama.internal:80', 'http://ollama.internal/'],
  ['ollama.internal:8080', 'http://ollama.internal:8080/'],
  ['http://ollama.internal', 'http://ollama.internal/'],
  ['http://ollama.internal:11434', 'http://ollama.internal:11434/'],
  ['192.0.2.7', 'http://192.0.2.7:11434/'],
  ['[2001:db8::7]', 'http://[2001:db8::7]:11434/'],
  ['2001:db8::7', 'http://[2001:db8::7]:11434/'],
  ['https://ollama.internal', 'ollama.internal:443'],
  ['https://ollama.internal:11434/team', 'ollama.internal:11434'],
  ['https://[2001:db8::7]', '[2001:db8::7]:443'],
];

test('the default port', async () => {
  await using proxy = await startForwardProxy({
    to: 1,
    intercept: (_, socket) => {
      socket.end('HTTP/1.1 503 Seen\r\nContent-Length: 0\r\n\r\n');
      return true;
    },
  });
  for (const name of ['NO_PROXY', 'no_proxy', 'http_proxy', 'https_proxy']) delete process.env[name];
  Object.assign(process.env, { HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url });
  for (const [base, asked] of ports) {
    const client = new OllamaClient({ ...defaultSettings, baseUrl: base });
    await client.healthCheck();
    await client.close();
    assert.equal(proxy.requests.at(-1)?.target, asked, base);
  }
  assert.equal(proxy.requests.length, ports.length);
});

/** HTTP proxies from the environment. Requests to this machine never use one. */
import assert from 'node:assert/strict';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import { once } from 'node:events';
import { connect as connectTcp, type AddressInfo } from 'node:net';
import { afterEach, test } from 'node:test';
import {
  defaultSettings,
  OllamaClient,
  OllamaConnectionError,
  OllamaTimeoutError,
  type OllamaError,
  type OllamaSettings,
} from '../../../src/ollama/index.ts';
import { certificatesMissing, privateAuthority } from '../../support/certificates.ts';
import { ClientProcess } from '../../support/clientProcess.ts';
import { startDouble } from '../../support/double/index.ts';
import { startForwardProxy } from '../../support/forwardProxy.ts';

const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'];
/** Removes the influence of the tests' own environment. */
const noProxies = Object.fromEntries(names.map((name) => [name, undefined]));

function environment(values: Record<string, string> = {}): void {
  for (const name of names) delete process.env[name];
  Object.assign(process.env, values);
}

afterEach(() => environment());

function clientFor(baseUrl: string, more: Partial<OllamaSettings> = {}): OllamaClient & AsyncDisposable {
  const client = new OllamaClient({ ...defaultSettings, model: 'tiny', baseUrl, ...more });
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.close() });
}

const failureOf = (promise: Promise<unknown>): Promise<OllamaError> =>
  promise.then(
    () => assert.fail('it succeeded'),
    (error: unknown) => error as OllamaError,
  );

for (const name of ['HTTP_PROXY', 'http_proxy']) {
  test(`http goes through ${name}, over one kept connection`, async () => {
    await using double = await startDouble();
    await using proxy = await startForwardProxy({ to: double.port });
    environment({ [name]: proxy.url });
    await using client = clientFor('http://ollama.test:11434');
    for (let count = 0; count < 5; count++) assert.ok((await client.generate({ prompt: 'x' })).text);
    const generations = proxy.requests.filter(({ method }) => method === 'POST');
    assert.deepEqual(
      generations.map(({ target }) => target),
      Array.from({ length: 5 }, () => 'http://ollama.test:11434/api/generate'),
    );
    assert.equal(generations[0]?.headers.host, 'ollama.test:11434');
    assert.equal(new Set(generations.map(({ connection }) => connection)).size, 1);
    await client.close();
    await proxy.waitForNoConnections();
  });
}

test('no proxy is used for a server on this machine', async () => {
  await using double = await startDouble();
  await using proxy = await startForwardProxy({ to: double.port });
  environment({ HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url });
  const { port } = double;
  for (const host of ['127.0.0.1', 'localhost', '0.0.0.0', 'LOCALHOST', '127.1']) {
    await using client = clientFor(`http://${host}:${port}`);
    assert.ok((await client.generate({ prompt: 'x' })).text, host);
  }
  // Not every system has these addresses; what matters is that the proxy gets no request for them.
  for (const host of ['127.0.0.2', '[::1]', '[::ffff:127.0.0.1]', 'ollama.localhost', 'localhost.']) {
    await using client = clientFor(`http://${host}:${port}`);
    await client.healthCheck();
    await using secure = clientFor(`https://${host}:${port}`);
    await secure.healthCheck();
  }
  assert.deepEqual([proxy.requests, proxy.connections.total], [[], 0]);
});

test('the proxy is used for a host whose name only looks like this machine', async () => {
  await using double = await startDouble();
  await using proxy = await startForwardProxy({ to: double.port });
  environment({ HTTP_PROXY: proxy.url });
  for (const host of ['localhost.ollama.test', 'notlocalhost', '127.0.0.1.ollama.test']) {
    await using client = clientFor(`http://${host}:11434`);
    assert.equal(await client.healthCheck(), true, host);
  }
  assert.equal(proxy.requests.length, 3);
});

test('NO_PROXY excludes hosts', async () => {
  await using double = await startDouble();
  await using proxy = await startForwardProxy({ to: double.port });
  environment({ HTTP_PROXY: proxy.url, NO_PROXY: '.invalid,127.0.0.1' });
  await using client = clientFor('http://ollama.invalid:11434');
  const error = await failureOf(client.generate({ prompt: 'x' }));
  assert.ok(error instanceof OllamaConnectionError, String(error));
  assert.match(error.message, /is not known/);
  assert.equal(proxy.connections.total, 0);
});

test('the environment counts as it is at the first request, and at the first after close()', async () => {
  await using double = await startDouble();
  await using first = await startForwardProxy({ to: double.port });
  await using second = await startForwardProxy({ to: double.port });
  await using client = clientFor('http://ollama.test:11434');
  environment({ HTTP_PROXY: first.url });
  await client.healthCheck();
  environment({ HTTP_PROXY: second.url });
  await client.healthCheck();
  assert.deepEqual([first.requests.length, second.requests.length], [2, 0]);
  await client.close();
  await client.healthCheck();
  assert.deepEqual([first.requests.length, second.requests.length], [2, 1]);
});

test('a kept connection that the proxy closed meanwhile: one invisible retry, through the proxy too', async () => {
  await using double = await startDouble();
  let dropped = 0;
  await using proxy = await startForwardProxy({
    to: double.port,
    intercept: ({ connection, method }, socket) => {
      const seen = proxy.requests.filter((other) => other.connection === connection).length > 1;
      if (!seen || method !== 'POST' || dropped > 0) return false;
      dropped++;
      socket.destroy();
      return true;
    },
  });
  environment({ HTTP_PROXY: proxy.url });
  await using client = clientFor('http://ollama.test:11434');
  await client.healthCheck();
  const stream = client.stream({ prompt: 'x' });
  const types = new Set<string>();
  for await (const part of stream) types.add(part.type);
  assert.deepEqual([dropped, types.has('text'), types.has('retry')], [1, true, false]);
});

test('a proxy that does not answer CONNECT ends at the connect limit, its connection closed', async () => {
  await using proxy = await startForwardProxy({ to: 1, intercept: () => true });
  environment({ HTTPS_PROXY: proxy.url });
  await using client = clientFor('https://ollama.test', { connectTimeoutMs: 200 });
  const error = await failureOf(client.generate({ prompt: 'x' }));
  assert.ok(error instanceof OllamaTimeoutError && error.kind === 'connectTimeout', String(error));
  await proxy.waitForNoConnections();
});

test('aborting while the proxy is connecting closes the connection to it', async () => {
  await using proxy = await startForwardProxy({ to: 1, intercept: () => true });
  environment({ HTTPS_PROXY: proxy.url });
  await using client = clientFor('https://ollama.test');
  const abort = new AbortController();
  const answer = failureOf(client.generate({ prompt: 'x', signal: abort.signal }));
  await proxy.received(1);
  abort.abort();
  assert.equal((await answer).name, 'AbortError');
  await proxy.waitForNoConnections();
});

test('aborting an answer that comes through the proxy reaches the server', async () => {
  await using double = await startDouble();
  double.hold({ afterTokens: 2 });
  await using proxy = await startForwardProxy({ to: double.port });
  environment({ HTTP_PROXY: proxy.url });
  await using client = clientFor('http://ollama.test:11434');
  const abort = new AbortController();
  const answer = failureOf(client.generate({ prompt: 'x', signal: abort.signal }));
  const request = await double.nextRequest(({ path }) => path === '/api/generate');
  await request.tokens(2);
  abort.abort();
  assert.equal((await answer).name, 'AbortError');
  assert.equal(await request.finished, 'cancelled');
});

test('a proxy that refuses, and one that does not run, are named in the error', async () => {
  await using proxy = await startForwardProxy({
    to: 1,
    intercept: (_, socket) => {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n');
      return true;
    },
  });
  environment({ HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url });
  for (const scheme of ['http', 'https']) {
    await using client = clientFor(`${scheme}://ollama.test:8443`);
    const error = await failureOf(client.generate({ prompt: 'x' }));
    assert.match(error.message, /proxy .*407/);
    assert.equal(error.kind, 'proxy');
  }
  const { url } = proxy;
  await proxy.close();
  for (const scheme of ['http', 'https']) {
    await using client = clientFor(`${scheme}://ollama.test:8443`);
    const error = await failureOf(client.generate({ prompt: 'x' }));
    assert.ok(error instanceof OllamaConnectionError && error.kind === 'proxy', String(error));
    assert.ok(error.message.includes(`proxy ${new URL(url).host}`), error.message);
  }
});

test('a user name and password in the proxy go to the proxy only', async () => {
  await using double = await startDouble();
  await using proxy = await startForwardProxy({ to: double.port });
  environment({ HTTP_PROXY: proxy.url.replace('//', '//me:secret@') });
  await using client = clientFor('http://ollama.test:11434', { headers: { Authorization: 'Bearer key' } });
  await client.generate({ prompt: 'x' });
  const [request] = proxy.requests;
  const basic = `Basic ${Buffer.from('me:secret').toString('base64')}`;
  assert.deepEqual(
    [request?.headers['proxy-authorization'], request?.headers.authorization],
    [basic, 'Bearer key'],
  );
});

/** Terminates TLS and forwards to a port. */
async function tlsInFrontOf(port: number, certificate: { key: string; cert: string }): Promise<TlsServer> {
  const server = createTlsServer(certificate, (socket) => {
    const onward = connectTcp(port, '127.0.0.1');
    for (const end of [socket, onward]) end.on('error', () => undefined);
    socket.pipe(onward).pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

test('https goes through HTTPS_PROXY in one kept tunnel', { skip: certificatesMissing() }, async () => {
  await using authority = await privateAuthority();
  await using double = await startDouble();
  const server = await tlsInFrontOf(double.port, await authority.certificate('DNS:ollama.internal'));
  await using proxy = await startForwardProxy({ to: (server.address() as AddressInfo).port });
  await using client = new ClientProcess({
    ...noProxies,
    HTTPS_PROXY: proxy.url,
    NODE_EXTRA_CA_CERTS: authority.file,
  });
  const baseUrl = 'https://ollama.internal';
  const outcomes = await client.generate({ baseUrl, headers: { Authorization: 'Bearer key' } }, [
    ...['one', 'two', 'three'],
  ]);
  assert.deepEqual(
    outcomes.map(({ message }) => message),
    [undefined, undefined, undefined],
  );
  const tunnels = proxy.requests.map(({ method, target }) => `${method} ${target}`);
  // Polling the loaded models may have needed a second connection meanwhile.
  assert.ok(tunnels.length <= 2, String(tunnels.length));
  assert.deepEqual(new Set(tunnels), new Set(['CONNECT ollama.internal:443']));
  assert.ok(
    proxy.requests.every(({ headers }) => !headers.authorization),
    'the key is for the server only',
  );
  server.close();
});

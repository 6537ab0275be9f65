/** The findings of the diagnosis for an address. Every verdict comes from a real situation. */
import assert from 'node:assert/strict';
import { createServer as createHttpsServer } from 'node:https';
import { networkInterfaces } from 'node:os';
import { afterEach, test } from 'node:test';
import { diagnose } from '../../../src/diagnosis/index.ts';
import { certificatesMissing, privateAuthority } from '../../support/certificates.ts';
import { startDouble, startRawServer } from '../../support/double/index.ts';
import { startForwardProxy } from '../../support/forwardProxy.ts';
import { withoutLeaks } from '../../support/leaks.ts';
import { inputFor, machineWith } from '../../support/machines.ts';
import { environment, never, inEnglish, only, configured, listening, closedPort } from './diagnosing.ts';

const hasIPv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
);
environment();
afterEach(() => environment());

const answering = (head: string, body: string) =>
  startRawServer((socket) => {
    socket.end(`HTTP/1.1 ${head}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  });

test('a working server needs no remedy', () =>
  withoutLeaks(async () => {
    await using double = await startDouble({ gpuShare: 0.5 });
    const { verdict, address } = await configured(only(double.url));
    assert.ok(verdict.kind === 'working');
    assert.deepEqual(
      [address, verdict.server.version, verdict.server.installed.length, verdict.server.loaded],
      [double.url, '0.33.0', 1, []],
    );
    assert.equal(inEnglish(verdict.summary), `Ollama 0.33.0 answers at ${double.url}.`);
    assert.equal(inEnglish(verdict.fix), 'Nothing needs to be done.');
    assert.deepEqual(
      double.requests.map(({ method, path }) => `${method} ${path}`),
      ['GET /api/version', 'GET /api/tags', 'GET /api/ps'],
    );
    assert.deepEqual(double.loaded(), []);
  }));

const starting: [platform: NodeJS.Platform, remedy: RegExp][] = [
  ['linux', /systemctl start ollama.*ollama serve/],
  ['darwin', /app Ollama.*ollama serve/],
  ['win32', /Start menu.*ollama serve/],
];
for (const [platform, remedy] of starting)
  test(`refused: nothing listens there, and how Ollama is started on ${platform}`, async () => {
    const address = await closedPort();
    const { verdict } = await configured(only(address, { machine: machineWith({ platform }) }));
    assert.equal(verdict.kind, 'refused');
    assert.equal(inEnglish(verdict.summary), `Nothing listens at ${address}.`);
    assert.match(inEnglish(verdict.fix), remedy);
  });

test('refused at ::1 only', { skip: !hasIPv6 && 'no IPv6' }, async () => {
  await using double = await startDouble({ host: '::1' });
  const { findings, recommended } = await diagnose(
    inputFor(`http://127.0.0.1:${double.port}`, { mayContact: (o) => new URL(o).port === `${double.port}` }),
    never,
  );
  assert.equal(findings[0].verdict.kind, 'refused');
  // localhost may lead there too.
  assert.ok([`http://[::1]:${double.port}`, `http://localhost:${double.port}`].includes(recommended ?? ''));
});

test('silent: it accepts and never answers; the others are not delayed, and the diagnosis ends', () =>
  withoutLeaks(async () => {
    await using silent = await startRawServer(() => undefined);
    await using double = await startDouble();
    const input = inputFor(silent.url, {
      machine: machineWith({ env: { OLLAMA_HOST: `127.0.0.1:${double.port}` } }),
      mayContact: (origin) => [silent.url, double.url].includes(origin),
    });
    for (const limits of [
      { questionMs: 50, totalMs: 60_000 },
      { questionMs: 60_000, totalMs: 500 },
    ]) {
      const { findings, recommended } = await diagnose({ ...input, limits }, never);
      assert.deepEqual(
        findings.slice(0, 2).map(({ verdict }) => verdict.kind),
        ['silent', 'working'],
      );
      assert.equal(recommended, double.url);
    }
    await silent.waitForNoConnections();
  }));

test('silent: nothing accepts, and nothing refuses', async () => {
  // A proxy's tunnel that is never established is such a connection.
  await using proxy = await startForwardProxy({ to: 1, intercept: () => true });
  environment({ HTTPS_PROXY: proxy.url });
  const { verdict } = await configured(
    only('https://ollama.test', { limits: { questionMs: 50, totalMs: 60_000 } }),
  );
  assert.ok(verdict.kind === 'silent' && !verdict.accepted);
  assert.match(inEnglish(verdict.summary), /^Nothing comes back from https:\/\/ollama.test/);
});

test('a server that answers only the first request does not block the diagnosis', async () => {
  await using double = await startDouble();
  void double.faultNext(({ path }) => path === '/api/tags', { kind: 'silent' });
  const { verdict } = await configured(only(double.url, { limits: { questionMs: 60_000, totalMs: 500 } }));
  assert.ok(verdict.kind === 'silent' && verdict.accepted);
});

test('unknown host', async () => {
  const { verdict } = await configured(only('http://ollama.invalid:11434'));
  assert.equal(verdict.kind, 'unknownHost');
});

test('it closes the connection', async () => {
  await using double = await startDouble();
  void double.faultNext({ kind: 'closeBeforeHeaders' });
  assert.equal((await configured(only(double.url))).verdict.kind, 'hungUp');
});

const foreign: [name: string, head: string, body: string][] = [
  ['HTML for everything', '200 OK\r\nContent-Type: text/html', '<!doctype html><title>Router</title>'],
  ['JSON without a version', '200 OK', '{"status":"ok"}'],
  ['a version that is no string', '200 OK', '{"version":7}'],
  ['a version that is none', '200 OK', '{"version":"[1](command:x)","models":[]}'],
  ['a version and nothing else', '200 OK', '{"version":"3.1.4"}'],
  ['JSON that is no object', '200 OK', '[]'],
  ['a page that is not found', '404 Not Found', '<h1>Not Found</h1>'],
];
for (const [name, head, body] of foreign)
  test(`foreign service: ${name}`, async () => {
    await using server = await answering(head, body);
    const { verdict } = await configured(only(server.url));
    assert.equal(verdict.kind, 'foreignService', inEnglish(verdict.summary));
  });

test('foreign service: it does not even speak HTTP', async () => {
  await using server = await startRawServer((socket) => void socket.end('220 mail.test ESMTP\r\n'));
  assert.equal((await configured(only(server.url))).verdict.kind, 'foreignService');
});

test('forbidden: Ollama refuses the host name', async () => {
  await using double = await startDouble();
  void double.faultNext({ kind: 'respond', status: 403 });
  const { verdict } = await configured(only(double.url));
  assert.equal(verdict.kind, 'forbidden');
  assert.match(inEnglish(verdict.fix), /127\.0\.0\.1 or localhost/);
});

test('key missing, or not accepted', async () => {
  await using double = await startDouble();
  const input = only(double.url);
  for (const [headers, finding] of [
    [{}, /wants a key, and none is sent/],
    [{ Authorization: 'Bearer old' }, /does not accept the key/],
  ] as const) {
    void double.faultNext({ kind: 'respond', status: 401, body: '{"error":"unauthorized"}' });
    const { verdict } = await configured({ ...input, settings: { ...input.settings, headers } });
    assert.equal(verdict.kind, 'keyMissing');
    assert.match(inEnglish(verdict.summary), finding);
  }
});

test('proxy: it requires authentication, does not run, or answers itself', async () => {
  await using proxy = await startForwardProxy({
    to: 1,
    intercept: (_, socket) => {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n');
      return true;
    },
  });
  const found = async (url: string, proxyUrl: string): Promise<void> => {
    const env = { HTTP_PROXY: proxyUrl, HTTPS_PROXY: proxyUrl };
    environment(env);
    const { verdict } = await configured(only(url, { machine: machineWith({ env }) }));
    assert.equal(verdict.kind, 'proxy', inEnglish(verdict.summary));
    assert.ok(inEnglish(verdict.summary).startsWith(`The proxy ${new URL(proxyUrl).host} is between`));
    assert.match(inEnglish(verdict.fix), /http\.noProxy/);
  };
  for (const url of ['http://ollama.test:11434', 'https://ollama.test']) await found(url, proxy.url);
  const { url } = proxy;
  await proxy.close();
  for (const target of ['http://ollama.test:11434', 'https://ollama.test']) await found(target, url);
  for (const answer of ['403 Forbidden', '502 Bad Gateway', '200 OK']) {
    await using page = await answering(answer, '<h1>The proxy of the company</h1>');
    await found('http://ollama.test:11434', page.url);
  }
});

test('gateway without its server', async () => {
  await using server = await answering('502 Bad Gateway', '<h1>nginx</h1>');
  const { verdict } = await configured(only(server.url));
  assert.ok(verdict.kind === 'gateway' && verdict.status === 502);
});

test('a certificate of an authority that is not trusted', { skip: certificatesMissing() }, async () => {
  await using authority = await privateAuthority();
  const server = createHttpsServer(await authority.certificate('IP:127.0.0.1'));
  const { verdict } = await configured(only(`https://${await listening(server)}`));
  server.close();
  assert.ok(verdict.kind === 'certificate' && verdict.problem === 'authority');
  assert.match(inEnglish(verdict.fix), /NODE_EXTRA_CA_CERTS/);
});

test('https asked of a port that speaks no TLS', async () => {
  // Answers a TLS handshake in plain text, as a server in Go does.
  await using server = await startRawServer(() => undefined, {
    onConnection: (socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
  });
  const { verdict } = await configured(only(server.url.replace('http:', 'https:')));
  assert.equal(verdict.kind, 'notTls');
});

test('a redirect is named and not followed', async () => {
  await using other = await startDouble();
  await using double = await startDouble();
  void double.faultNext({ kind: 'redirect', to: `${other.url}/api/version` });
  const { verdict } = await configured(only(double.url));
  assert.ok(verdict.kind === 'redirected');
  assert.equal(verdict.to, other.url);
  assert.deepEqual(other.requests, []);
});

test('a revoked approval ends the probe', async () => {
  await using double = await startDouble();
  const input = only(double.url, { mayContact: (o) => o === double.url && double.requests.length === 0 });
  assert.equal((await configured(input)).verdict.kind, 'notApproved');
  assert.deepEqual(
    double.requests.map(({ path }) => path),
    ['/api/version'],
  );
});

test('an error that is none of these', async () => {
  await using server = await answering('503 Service Unavailable', '{"error":"server busy"}');
  const { verdict } = await configured(only(server.url));
  assert.ok(verdict.kind === 'otherError' && verdict.error.kind === 'busy');
});

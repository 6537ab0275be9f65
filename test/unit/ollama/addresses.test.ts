/** Addresses with a path, IPv6 and https. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import tls from 'node:tls';
import { OllamaConnectionError } from '../../../src/ollama/index.ts';
import { startRawServer } from '../../support/double/index.ts';
import { chunked, clientFor, failureOf, wholeAnswer } from '../../support/faults.ts';

for (const prefix of ['', '/', '/ollama', '/a/b/', '/with%20space']) {
  test(`an address with the path "${prefix}" reaches the API below it`, async () => {
    await using server = await startRawServer((socket) => void socket.write(chunked(wholeAnswer)));
    await using client = clientFor(server.url + prefix);
    await client.generate({ prompt: 'x' });
    await client.healthCheck();
    const below = prefix.replace(/\/+$/, '');
    assert.deepEqual(
      server.requests.map(({ path }) => path),
      [`${below}/api/generate`, `${below}/`],
    );
  });
}

test('IPv6', async (t) => {
  const server = await startRawServer((socket) => void socket.write(chunked(wholeAnswer)), {
    host: '::1',
  }).catch(() => undefined);
  if (!server) return t.skip('no IPv6 here');
  await using _ = server;
  await using client = clientFor(`[::1]:${server.port}`);
  assert.equal((await client.generate({ prompt: 'x' })).text, 'one two');
});

/** Newer than the types, which are for the oldest Node that VS Code may have. */
const { setDefaultCACertificates } = tls as typeof tls & {
  setDefaultCACertificates?: (certificates: string[]) => void;
};

/** A new key and a certificate signed with it; undefined without openssl. */
function selfSigned(): ServerOptions | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'codeworm-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  try {
    const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1';
    const how = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '2',
    ];
    execFileSync(
      'openssl',
      [...how, '-keyout', key, '-out', cert, '-subj', '/CN=localhost', '-addext', names],
      { stdio: 'ignore' },
    );
    return { key: readFileSync(key), cert: readFileSync(cert) };
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('https: an unknown certificate is refused and explained; a known one works, on one connection', async (t) => {
  const options = selfSigned();
  if (!options) return t.skip('openssl is not installed');
  if (!setDefaultCACertificates) return t.skip('this Node cannot be told a certificate authority');
  let connections = 0;
  const server = createServer(options, (request, response) =>
    request.resume().on('end', () => response.end(wholeAnswer)),
  );
  server.on('secureConnection', () => connections++);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const known = tls.getCACertificates('default');
  try {
    await using stranger = clientFor(url);
    const error = await failureOf(stranger.generate({ prompt: 'x' }));
    assert.ok(error instanceof OllamaConnectionError && error.kind === 'certificate', String(error));
    assert.match(error.message, /not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\)/);
    assert.equal(connections, 0, 'no request was sent');

    setDefaultCACertificates([...known, String(options.cert)]);
    await using client = clientFor(url);
    assert.equal((await client.generate({ prompt: 'x' })).text, 'one two');
    assert.equal((await client.generate({ prompt: 'x' })).text, 'one two');
    assert.equal(connections, 1);

    await using confused = clientFor(url.replace('https', 'http'));
    assert.ok((await failureOf(confused.generate({ prompt: 'x' }))) instanceof OllamaConnectionError);
  } finally {
    setDefaultCACertificates(known);
    server.closeAllConnections();
    server.close();
  }
});

test('https to a server that speaks plain HTTP', async () => {
  await using server = await startRawServer(() => {}, {
    onConnection: (socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
  });
  await using client = clientFor(server.url.replace('http', 'https'));
  const error = await failureOf(client.generate({ prompt: 'x' }));
  assert.ok(error instanceof OllamaConnectionError && error.kind === 'certificate', String(error));
  assert.match(error.message, /does not speak TLS/);
});

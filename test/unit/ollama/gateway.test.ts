/**
 * Behind a real nginx: TLS of a private authority, a key, a path prefix, and two servers of which one fails.
 */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { networkInterfaces } from 'node:os';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import type { OllamaSettings } from '../../../src/ollama/index.ts';
import { certificatesMissing, privateAuthority, type Authority } from '../../support/certificates.ts';
import { ClientProcess } from '../../support/clientProcess.ts';
import {
  startDouble,
  type Gate,
  type OllamaDouble,
  type RecordedRequest,
} from '../../support/double/index.ts';
import { findNginx, startNginx, type Nginx } from '../../support/nginx.ts';

const nginx = findNginx();
const skip = 'missing' in nginx ? nginx.missing : certificatesMissing();
const hasIPv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
);

const key = 'Bearer a-key-of-the-team';
const tokensFor = (prompt: string): string[] => [
  `${prompt}: `,
  ...['one ', 'two ', 'three ', 'four ', 'five'],
];
const answerTo = (prompt: string): string => tokensFor(prompt).join('');
const isGeneration = ({ path, body }: RecordedRequest): boolean => path === '/api/generate' && !!body.prompt;

interface Ports {
  gateway: number;
  servers: [number, number];
  elsewhere: number;
}

function config({ gateway, servers, elsewhere }: Ports, keyFile: string, certFile: string): string {
  const to = (upstream: string): string =>
    `proxy_pass http://${upstream}/; proxy_set_header Host localhost; proxy_buffering off;`;
  const keptOnward = 'proxy_http_version 1.1; proxy_set_header Connection "";';
  const keyWanted = 'if ($may = 0) { return 401; }';
  return `
  map $http_authorization $may { default 0; "${key}" 1; }
  upstream servers {
    ${servers.map((port) => `server 127.0.0.1:${port} max_fails=1 fail_timeout=1s;`).join('\n    ')}
    keepalive 16;
  }
  upstream untouched { ${servers.map((port) => `server 127.0.0.1:${port} max_fails=0;`).join(' ')} }
  server {
    listen 127.0.0.1:${gateway} ssl;
    ${hasIPv6 ? `listen [::1]:${gateway} ssl;` : ''}
    ssl_certificate ${certFile};
    ssl_certificate_key ${keyFile};
    location /team/ollama/ { ${keyWanted} ${keptOnward} ${to('servers')} proxy_read_timeout 600s; }
    location /simple/ { ${keyWanted} ${to('servers')} }
    location /impatient/ { ${keyWanted} ${to('untouched')} proxy_read_timeout 1s; }
    location /moved/ { return 307 http://127.0.0.1:${elsewhere}$request_uri; }
    location ~ ^/renamed/(.*)$ { return 308 /team/ollama/$1; }
  }`;
}

describe('behind nginx', { skip }, () => {
  let authority: Authority;
  let gateway: Nginx;
  let client: ClientProcess;
  const servers: OllamaDouble[] = [];
  const gates: Gate[] = [];
  /** Requests to a server that no redirect may lead to. */
  const astray: string[] = [];
  const elsewhere = createServer((request, response) => {
    astray.push(JSON.stringify([request.url, request.headers]));
    response.end('{}');
  });

  const settings = (path: string, more: Partial<OllamaSettings> = {}): Partial<OllamaSettings> => ({
    baseUrl: `https://127.0.0.1:${gateway.port}/${path}`,
    headers: { Authorization: key },
    ...more,
  });
  const startServer = (): Promise<OllamaDouble> =>
    startDouble({ numParallel: 50, answer: ({ prompt }) => tokensFor(prompt) });
  const received = (): number => servers.reduce((sum, { requests }) => sum + requests.length, 0);

  before(async () => {
    authority = await privateAuthority();
    const { keyFile, certFile } = await authority.certificate('DNS:localhost,IP:127.0.0.1,IP:::1');
    servers.push(await startServer(), await startServer());
    elsewhere.listen(0, '127.0.0.1');
    await once(elsewhere, 'listening');
    const ports = {
      servers: [servers[0]!.port, servers[1]!.port] as [number, number],
      elsewhere: (elsewhere.address() as AddressInfo).port,
    };
    const { command } = nginx as { command: string };
    gateway = await startNginx(command, (port) => config({ ...ports, gateway: port }, keyFile, certFile));
    client = new ClientProcess({ NODE_EXTRA_CA_CERTS: authority.file });
  });

  beforeEach(async () => {
    for (const server of servers) await server.start();
    // The gateway does not use a failed server for a while (fail_timeout).
    const earlier = servers.map(({ requests }) => requests.length);
    while (servers.some(({ requests }, n) => requests.length === earlier[n]))
      await client.generate(settings('team/ollama'), ['x'], { attempts: 9, delayMs: 100 });
  });

  afterEach(() => {
    for (const gate of gates.splice(0)) gate.release();
  });

  after(async () => {
    await client?.[Symbol.asyncDispose]();
    await gateway?.stop();
    for (const server of servers) await server.close();
    elsewhere.close();
    await authority?.[Symbol.asyncDispose]();
  });

  const bases = [
    '127.0.0.1/team/ollama',
    '127.0.0.1/team/ollama/',
    'localhost/team/ollama',
    '[::1]/team/ollama',
  ];
  for (const base of bases.filter((text) => hasIPv6 || !text.startsWith('[')))
    test(`answers come over https://${base}`, async () => {
      const baseUrl = `https://${base.replace('/', `:${gateway.port}/`)}`;
      const outcomes = await client.generate(settings('', { baseUrl }), ['question']);
      assert.deepEqual(outcomes, [{ prompt: 'question', text: answerTo('question') }]);
    });

  test('without the key, or with a wrong one: 401, and no server gets the request', async () => {
    const before = received();
    for (const headers of [{}, { Authorization: 'Bearer wrong' }]) {
      const [outcome] = await client.generate(settings('team/ollama', { headers }), ['x']);
      assert.deepEqual([outcome?.name, outcome?.kind, outcome?.status], ['OllamaError', 'unauthorized', 401]);
      assert.match(outcome?.message ?? '', /wants a key/);
    }
    assert.equal(received(), before);
  });

  test('outside of the prefix nothing answers as Ollama would', async () => {
    const [outcome] = await client.generate(settings(''), ['x']);
    assert.deepEqual(
      [outcome?.name, outcome?.kind, outcome?.status],
      ['OllamaProtocolError', 'notOllama', 404],
    );
  });

  test('an unknown certificate authority: an error, and nothing is sent', async () => {
    const before = received();
    await using stranger = new ClientProcess({ NODE_EXTRA_CA_CERTS: undefined });
    const [outcome] = await stranger.generate(settings('team/ollama'), ['x'], { attempts: 3 });
    assert.deepEqual([outcome?.name, outcome?.kind], ['OllamaConnectionError', 'certificate']);
    assert.match(outcome?.message ?? '', /certificate of https:.* is not trusted .*certificate authority/);
    assert.equal(received(), before);
  });

  test('a certificate for another name is not trusted', async () => {
    const [outcome] = await client.generate(
      settings('', { baseUrl: `https://127.0.0.2:${gateway.port}/team/ollama` }),
      ['x'],
    );
    // If the system has no 127.0.0.2, nothing listens there.
    assert.ok(['certificate', 'unreachable'].includes(outcome?.kind ?? ''), outcome?.message);
  });

  test('http:// to the port that speaks TLS', async () => {
    const [outcome] = await client.generate(
      settings('', { baseUrl: `http://127.0.0.1:${gateway.port}/team/ollama` }),
      ['x'],
    );
    assert.deepEqual([outcome?.name, outcome?.status], ['OllamaProtocolError', 400]);
    assert.match(outcome?.message ?? '', /check the address/);
  });

  test('a redirect to another origin is refused, and nothing goes there', async () => {
    const [outcome] = await client.generate(settings('moved'), ['x'], { attempts: 3 });
    assert.deepEqual([outcome?.name, outcome?.kind], ['OllamaConnectionError', 'redirected']);
    assert.match(
      outcome?.message ?? '',
      /redirects to http:\/\/127\.0\.0\.1:\d+(?:\/\S*)?, and nothing is sent there/,
    );
    assert.deepEqual(astray, []);
  });

  test('a redirect within the origin is refused, and the address to set is named', async () => {
    const [outcome] = await client.generate(settings('renamed'), ['x'], { attempts: 3 });
    assert.deepEqual([outcome?.name, outcome?.kind], ['OllamaConnectionError', 'redirected']);
    assert.match(outcome?.message ?? '', /redirects to https?:\/\/[^ ]+, and nothing is sent there/);
  });

  test('a gateway with too short a timeout is reported', async () => {
    for (const server of servers) gates.push(server.hold('firstToken', isGeneration));
    const [outcome] = await client.generate(settings('impatient'), ['x']);
    assert.deepEqual(
      [outcome?.name, outcome?.kind, outcome?.status],
      ['OllamaTimeoutError', 'gatewayTimeout', 504],
    );
    assert.match(outcome?.message ?? '', /read timeout/);
  });

  test('while both are down: 502, reported as a failed connection, and retried', async () => {
    for (const server of servers) await server.stop();
    const outcomes = await client.generate(settings('team/ollama'), ['a', 'b', 'c'], {
      parallel: 3,
      attempts: 3,
    });
    for (const { name, kind, status, partialText, message } of outcomes) {
      assert.deepEqual([name, kind, status, partialText], ['OllamaConnectionError', 'gateway', 502, '']);
      assert.match(message ?? '', /gateway at https:.* cannot reach the server behind it/);
    }
    const patient = client.generate(settings('team/ollama'), ['d'], { attempts: 12, delayMs: 50 });
    await servers[1]!.start();
    assert.equal((await patient)[0]?.text, answerTo('d'));
  });
});

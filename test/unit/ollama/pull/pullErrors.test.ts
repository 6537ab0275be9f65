/** The errors of a pull, from the server's texts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  OllamaConnectionError,
  OllamaError,
  OllamaModelNotFoundError,
  OllamaProtocolError,
  type ErrorKind,
} from '../../../../src/ollama/index.ts';
import { classify } from '../../../../src/ollama/errors/classify.ts';
import { Registry, startDouble, startRawServer, type DoubleOptions } from '../../../support/double/index.ts';
import { clientFor, failureOf, json } from '../../../support/faults.ts';
import { withoutLeaks } from '../../../support/leaks.ts';

const model = 'small:1b';
const sizeBytes = 800_000_000;
const ignore = (): void => undefined;

function withRegistry(): DoubleOptions {
  return { pull: new Registry({ models: [{ name: model, sizeBytes, parameterSize: '1.2B' }] }).pull };
}

test('a gateway that wants a key is not the registry', () =>
  withoutLeaks(async () => {
    await using double = await startDouble(withRegistry());
    await using client = clientFor(double.url);
    for (const [status, kind] of [
      [401, 'unauthorized'],
      [403, 'forbidden'],
      [407, 'proxy'],
      [503, 'busy'],
      [504, 'gatewayTimeout'],
    ] as const) {
      void double.faultNext({ kind: 'respond', status, body: '{"error":"unauthorized"}' });
      const error = await failureOf(client.pullModel(model, ignore));
      assert.ok(error instanceof OllamaError && error.kind === kind, String(error));
    }
    void double.faultNext({ kind: 'respond', status: 500, body: '<html>connection refused</html>' });
    const error = await failureOf(client.pullModel(model, ignore));
    assert.ok(error instanceof OllamaProtocolError && error.kind === 'notOllama', String(error));
  }));

const manifest = 'https://registry.ollama.ai/v2/library/m/manifests/latest';
const dial = (reason: string): string => `pull model manifest: Get "${manifest}": ${reason}`;
const failures: [text: string, kind: ErrorKind, says: RegExp][] = [
  [
    'pull model manifest: file does not exist',
    'pullUnknown',
    /no model "m:1b" in the registry: check its name/,
  ],
  ['invalid model name', 'pullUnknown', /"m:1b" cannot be the name/],
  ['use either :local or :cloud, not both: "m:cloud:local"', 'pullUnknown', /check the name/],
  ...[
    'dial tcp: lookup registry.ollama.ai on 127.0.0.53:53: no such host',
    'dial tcp: lookup registry.ollama.ai: i/o timeout',
    'dial tcp: lookup registry.ollama.ai on [::1]:53: server misbehaving',
    'dial tcp: lookup registry.ollama.ai: Temporary failure in name resolution',
    'dial tcp 104.21.75.227:443: i/o timeout',
    'dial tcp 104.21.75.227:443: connect: connection refused',
    'dial tcp 104.21.75.227:443: connect: network is unreachable',
    'dial tcp 104.21.75.227:443: connect: no route to host',
    'dial tcp 104.21.75.227:443: connectex: No connection could be made because the target machine actively refused it.',
    'read tcp 10.0.0.5:51432->104.21.75.227:443: read: connection reset by peer',
    'read tcp 10.0.0.5:51432->104.21.75.227:443: wsarecv: An existing connection was forcibly closed by the remote host.',
    'net/http: TLS handshake timeout',
    'context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
    'EOF',
  ].map((reason): [string, ErrorKind, RegExp] => [
    dial(reason),
    'pullOffline',
    /cannot reach the registry .*network/,
  ]),
  ['max retries exceeded: unexpected EOF', 'pullOffline', /cannot reach the registry/],
  ['max retries exceeded: status 403', 'pullOffline', /cannot reach the registry/],
  ['context deadline exceeded', 'pullOffline', /cannot reach the registry/],
  ...[
    'tls: failed to verify certificate: x509: certificate signed by unknown authority',
    'x509: certificate has expired or is not yet valid',
    'remote error: tls: handshake failure',
  ].map((reason): [string, ErrorKind, RegExp] => [
    dial(reason),
    'pullOffline',
    /does not trust .*certificates/,
  ]),
  ...[
    'proxyconnect tcp: dial tcp 10.0.0.1:3128: connect: connection refused',
    'Proxy Authentication Required',
    'Forbidden',
  ].map((reason): [string, ErrorKind, RegExp] => [
    dial(reason),
    'pullOffline',
    /through its proxy: check HTTPS_PROXY/,
  ]),
  ['pull model manifest: 503: upstream connect error', 'pullOffline', /now \(503\): pull it again later/],
  ['unexpected status code 502', 'pullOffline', /now \(502\)/],
  ['pull model manifest: 429: {"error":"slow down"}', 'pullOffline', /now \(429\)/],
  ['write /models/blobs/sha256-1-partial: no space left on device', 'diskFull', /too full .*free some space/],
  [
    'write C:\\models\\sha256-1-partial: There is not enough space on the disk.',
    'diskFull',
    /what is downloaded is kept/,
  ],
  ['max retries exceeded: write /models/x: no space left on device', 'diskFull', /"m:1b"/],
  ['write /models/x: disk quota exceeded', 'diskFull', /"m:1b"/],
  [
    'digest mismatch, file must be downloaded again: want sha256:1, got sha256:2',
    'pullDamaged',
    /pull it again/,
  ],
  [
    'pull model manifest: 412: \n\nThe model you are attempting to pull requires a newer version of Ollama.\n\nPlease download the latest version at:\n\n\thttps://ollama.com/download\n\n',
    'tooOld',
    /Ollama at http:\/\/h:1 is too old for the model "m:1b": update Ollama/,
  ],
  [
    'pull model manifest: unauthorized: access denied',
    'pullRefused',
    /\(unauthorized: access denied\): check its name/,
  ],
  ['pull model manifest: 401: {"error":"Invalid username or password."}', 'pullRefused', /\(401\)/],
  ['pull model manifest: 403: {"error":"gated"}', 'pullRefused', /\(403\)/],
  ['pull model manifest: realm host "a" does not match original host "b"', 'pullRefused', /sign in/],
  ['insecure protocol http', 'pullRefused', /"m:1b" \(insecure protocol http\)/],
  [
    'this model requires MLX support, but the MLX runtime is not available',
    'server',
    /could not be pulled \(this model/,
  ],
  ['open /models/x: permission denied', 'server', /permission denied\): try again/],
];

for (const [text, kind, says] of failures)
  test(`a pull that fails with: ${text.slice(0, 90).trim()}`, () => {
    for (const status of [undefined, 500, 400]) {
      const body = status === undefined ? text : JSON.stringify({ error: text });
      const error = classify({ status, body, origin: 'http://h:1', path: '/api/pull', model: 'm:1b' });
      assert.deepEqual([error.kind, error.status], [kind, status]);
      assert.match(error.message, says);
      assert.match(error.message, /^\S[^\n]*: [a-z][^\n]*\.$/);
      assert.ok(error.message.includes('"m:1b"'), 'it names the model');
      assert.equal(error instanceof OllamaModelNotFoundError, kind === 'pullUnknown');
      assert.ok(!(error instanceof OllamaConnectionError), 'this server can be reached');
      const elsewhere = classify({
        status,
        body,
        origin: 'http://h:1',
        path: '/api/generate',
        model: 'm:1b',
      });
      assert.ok(!/^pull|diskFull|tooOld/.test(elsewhere.kind), elsewhere.kind);
    }
  });

test('a name in an address says nothing about what failed', () => {
  const body = `pull model manifest: Get "https://x509.test/v2/unauthorized/no such host/": boom`;
  const error = classify({ status: undefined, body, origin: 'http://h:1', path: '/api/pull', model: 'm' });
  assert.equal(error.kind, 'server');
  const offline = classify({
    status: undefined,
    body: 'Get "https://x509.test/v2/": dial tcp: no such host',
    origin: 'http://h:1',
    path: '/api/pull',
    model: 'm',
  });
  assert.match(offline.message, /check the network/);
});

test('an error line ends a pull through the wire as well', () =>
  withoutLeaks(async () => {
    await using double = await startDouble(withRegistry());
    await using client = clientFor(double.url);
    void double.faultNext({ kind: 'errorLine', at: 3, message: 'write x: no space left on device' });
    const error = await failureOf(client.pullModel(model, ignore));
    assert.ok(error instanceof OllamaError && error.kind === 'diskFull', String(error));
    await using odd = await startRawServer(
      (socket) => void socket.write(json('200 OK', { error: { message: 'digest mismatch' } })),
    );
    await using other = clientFor(odd.url);
    const object = await failureOf(other.pullModel(model, ignore));
    assert.ok(object instanceof OllamaError && object.kind === 'pullDamaged', String(object));
  }));

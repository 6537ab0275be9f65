/** Pulling a model: progress, cancelling, continuing, and all its errors. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  OllamaConnectionError,
  OllamaError,
  OllamaModelNotFoundError,
  OllamaProtocolError,
  OllamaTimeoutError,
  type ErrorKind,
  type PullProgress,
} from '../../../../src/ollama/index.ts';
import { classify } from '../../../../src/ollama/errors/classify.ts';
import { PullProgressTracker } from '../../../../src/ollama/pull/pull.ts';
import type { WirePullLine } from '../../../../src/ollama/api/wire.ts';
import {
  loadRecordings,
  Registry,
  startDouble,
  startRawServer,
  startReplay,
  type DoubleOptions,
  type PullStep,
  type RecordedRequest,
} from '../../../support/double/index.ts';
import { chunked, clientFor, failureOf, fetches, json, partsOf } from '../../../support/faults.ts';
import { deferred } from '../../../support/double/deferred.ts';
import { listenersOf, withoutLeaks } from '../../../support/leaks.ts';

const model = 'small:1b';
const sizeBytes = 800_000_000;
const pulls = ({ path }: RecordedRequest): boolean => path === '/api/pull';
const ignore = (): void => undefined;

function withRegistry(): DoubleOptions {
  return { pull: new Registry({ models: [{ name: model, sizeBytes, parameterSize: '1.2B' }] }).pull };
}

function lineOf(step: PullStep): WirePullLine {
  return { status: '', digest: '', total: 0, completed: 0, ...step };
}

const layer = (digest: string, total: number, completed: number): WirePullLine =>
  lineOf({ status: `pulling ${digest}`, digest, total, completed });

for (const [fetchName, fetch] of fetches) {
  test(`what is sent, and progress up to the installed model (${fetchName})`, () =>
    withoutLeaks(async () => {
      await using double = await startDouble(withRegistry());
      await using client = clientFor(double.url, {}, partsOf(fetch));
      const seen: PullProgress[] = [];
      await client.pullModel(model, (progress) => seen.push(progress));
      assert.deepEqual(double.requests[0]?.body, { model, stream: true });
      assert.deepEqual(
        [...new Set(seen.map(({ phase }) => phase))],
        ['manifest', 'downloading', 'verifying', 'writing'],
      );
      assert.deepEqual(seen.at(-1), {
        phase: 'writing',
        completedBytes: sizeBytes,
        totalBytes: sizeBytes,
        resumedBytes: 0,
      });
      const installed = (await client.installedModels()).find(({ name }) => name === model);
      assert.deepEqual([installed?.sizeBytes, installed?.parameterSize], [sizeBytes, '1.2B']);
      assert.deepEqual(double.requests.filter(pulls).length, 1);
    }));

  test(`cancelling reaches the server at once, and the next pull goes on (${fetchName})`, () =>
    withoutLeaks(async () => {
      await using double = await startDouble(withRegistry());
      await using client = clientFor(double.url, {}, partsOf(fetch));
      const gate = double.hold({ afterTokens: 5 });
      const controller = new AbortController();
      const reason = new Error('enough');
      const told: PullProgress[] = [];
      const fiveTold = deferred();
      const onProgress = (progress: PullProgress): void => {
        if (told.push(progress) === 5) fiveTold.resolve();
      };
      const pull = failureOf(client.pullModel(model, onProgress, controller.signal));
      const [request] = await Promise.all([gate.reached, fiveTold.promise]);
      controller.abort(reason);
      assert.equal(await pull, reason);
      assert.equal(await request.finished, 'cancelled');
      await double.waitForNoConnections();
      assert.equal(listenersOf(controller.signal), 0);
      gate.release();
      assert.deepEqual(
        (await client.installedModels()).map(({ name }) => name),
        ['tiny:latest'],
      );

      const seen: PullProgress[] = [];
      await client.pullModel(model, (progress) => seen.push(progress));
      const resumed = seen.find(({ totalBytes }) => totalBytes > 0)!;
      assert.ok(resumed.resumedBytes > 0 && resumed.completedBytes === resumed.resumedBytes);
      assert.ok(resumed.completedBytes >= told[4]!.completedBytes);
      assert.equal(seen.at(-1)?.resumedBytes, resumed.resumedBytes, 'only what was there before');
      assert.equal(seen.at(-1)?.completedBytes, sizeBytes);
    }));
}

test('aborted before it begins: nothing is sent', () =>
  withoutLeaks(async () => {
    await using double = await startDouble(withRegistry());
    await using client = clientFor(double.url);
    const reason = new Error('never');
    assert.equal(await failureOf(client.pullModel(model, ignore, AbortSignal.abort(reason))), reason);
    assert.equal(double.requests.length, 0);
  }));

test('cancelled by who is told: the lines that came with it are not told any more', () =>
  withoutLeaks(async () => {
    const lines = ['pulling manifest', 'verifying sha256 digest', 'writing manifest', 'success'];
    const body = lines.map((status) => `${JSON.stringify({ status })}\n`).join('');
    await using server = await startRawServer((socket) => void socket.write(chunked(body)));
    await using client = clientFor(server.url);
    const controller = new AbortController();
    let told = 0;
    const cancel = (): void => {
      told++;
      controller.abort(new Error('seen enough'));
    };
    const error = await failureOf(client.pullModel(model, cancel, controller.signal));
    assert.deepEqual([(error as Error).message, told], ['seen enough', 1]);
  }));

test('what the callback throws is what the pull rejects with, and the connection is closed', () =>
  withoutLeaks(async () => {
    await using double = await startDouble(withRegistry());
    await using client = clientFor(double.url);
    const gate = double.hold({ afterTokens: 3 });
    const bug = new TypeError('a bug of the caller');
    const error = await failureOf(
      client.pullModel(model, () => {
        throw bug;
      }),
    );
    assert.equal(error, bug);
    await double.waitForNoConnections();
    gate.release();
  }));

test('close() ends a pull like everything else', () =>
  withoutLeaks(async () => {
    await using double = await startDouble(withRegistry());
    await using client = clientFor(double.url);
    const gate = double.hold({ afterTokens: 3 });
    const pull = failureOf(client.pullModel(model, ignore));
    const request = await gate.reached;
    await client.close();
    const error = await pull;
    assert.ok(error instanceof OllamaConnectionError && error.kind === 'closed', String(error));
    assert.equal(await request.finished, 'cancelled');
    gate.release();
  }));

test('silence ends a pull at the idle limit', () =>
  withoutLeaks(async () => {
    await using double = await startDouble(withRegistry());
    await using client = clientFor(double.url, { idleTimeoutMs: 200 });
    const gate = double.hold({ afterTokens: 3 });
    const error = await failureOf(client.pullModel(model, ignore));
    assert.ok(error instanceof OllamaTimeoutError && error.kind === 'idleTimeout', String(error));
    gate.release();
  }));

test('a model that is there already: all of it counts as resumed', () =>
  withoutLeaks(async () => {
    await using double = await startDouble(withRegistry());
    await using client = clientFor(double.url);
    await client.pullModel(model, ignore);
    let last: PullProgress | undefined;
    await client.pullModel(model, (progress) => (last = progress));
    assert.deepEqual(
      [last?.resumedBytes, last?.completedBytes, last?.totalBytes],
      [sizeBytes, sizeBytes, sizeBytes],
    );
  }));

test('a model that the registry does not have', () =>
  withoutLeaks(async () => {
    await using double = await startDouble(withRegistry());
    await using client = clientFor(double.url);
    const error = await failureOf(client.pullModel('nobody/nothing', ignore));
    assert.ok(error instanceof OllamaModelNotFoundError && error.kind === 'pullUnknown', String(error));
    assert.deepEqual([error.model, double.requests.length], ['nobody/nothing', 1]);
    const invalid = await failureOf(client.pullModel('not a name', ignore));
    assert.ok(invalid instanceof OllamaModelNotFoundError && invalid.kind === 'pullUnknown', String(invalid));
  }));

for (const how of ['close', 'reset', 'end'] as const)
  for (const afterLines of [1, 4])
    test(`a stream that breaks off (${how}) after ${afterLines} lines is no success, and not tried again`, () =>
      withoutLeaks(async () => {
        await using double = await startDouble(withRegistry());
        await using client = clientFor(double.url);
        void double.faultNext({ kind: 'cut', how, afterLines, plusBytes: 7 });
        const error = await failureOf(client.pullModel(model, ignore));
        assert.ok(error instanceof OllamaProtocolError && error.kind === 'cut', String(error));
        assert.match(error.message, /"small:1b" broke off .*: pull it again/);
        assert.equal(double.requests.length, 1);
        await client.pullModel(model, ignore);
      }));

for (const [name, text, kind] of [
  ['not JSON', 'nonsense\n', 'garbled'],
  ['JSON of something else', '{"response":"x","done":true}\n', 'garbled'],
  ['an array', '[]\n', 'garbled'],
] as const)
  test(`a line that is ${name}`, () =>
    withoutLeaks(async () => {
      await using double = await startDouble(withRegistry());
      await using client = clientFor(double.url);
      void double.faultNext({ kind: 'insert', at: 2, text });
      const error = await failureOf(client.pullModel(model, ignore));
      assert.ok(error instanceof OllamaProtocolError && error.kind === kind, String(error));
    }));

test('what comes after the success changes nothing', () =>
  withoutLeaks(async () => {
    await using double = await startDouble(withRegistry());
    await using client = clientFor(double.url);
    void double.faultNext({ kind: 'append', text: 'nonsense\n' });
    await client.pullModel(model, ignore);
  }));

test('a recorded server without a network', () =>
  withoutLeaks(async () => {
    for (const name of ['pull-unreachable-registry', 'pull-unreachable-registry-nostream']) {
      const recording = loadRecordings().find((one) => one.name === name)!;
      await using server = await startReplay(recording);
      await using client = clientFor(server.url);
      const seen: PullProgress[] = [];
      const error = await failureOf(client.pullModel('llama3.2', (progress) => seen.push(progress)));
      assert.ok(error instanceof OllamaError && error.kind === 'pullOffline', String(error));
      assert.match(error.message, /cannot reach the registry of the model "llama3\.2": check the network/);
      assert.equal(seen.length, name.endsWith('nostream') ? 0 : 1);
    }
  }));

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
    /what has come is kept/,
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

test('phases: unknown words keep the last one, and layers are whole once they are verified', () => {
  const tally = new PullProgressTracker();
  const phaseAfter = (status: string): string => tally.take(lineOf({ status })).phase;
  assert.equal(tally.progress.phase, 'manifest');
  assert.equal(phaseAfter('something new'), 'manifest');
  assert.equal(phaseAfter('pulling manifest'), 'manifest');
  assert.deepEqual(tally.take(layer('a', 100, 10)), {
    phase: 'downloading',
    completedBytes: 10,
    totalBytes: 100,
    resumedBytes: 10,
  });
  assert.equal(tally.take(lineOf({ status: 'half way there' })).completedBytes, 10);
  assert.deepEqual(tally.take(lineOf({ status: 'verifying sha256 digest' })), {
    phase: 'verifying',
    completedBytes: 100,
    totalBytes: 100,
    resumedBytes: 10,
  });
  assert.equal(phaseAfter('writing manifest'), 'writing');
  assert.equal(phaseAfter('removing unused layers'), 'cleaning');
  assert.equal(phaseAfter("couldn't remove unused layers: busy"), 'cleaning');
});

test('what the server takes back is taken back, and a total it leaves out is the one it told', () => {
  const tally = new PullProgressTracker();
  tally.take(layer('a', 100, 40));
  assert.deepEqual([tally.take(layer('a', 0, 60)).completedBytes, tally.progress.totalBytes], [60, 100]);
  const { completedBytes, resumedBytes } = tally.take(layer('a', 100, 30));
  assert.deepEqual([completedBytes, resumedBytes], [30, 30]);
  assert.equal(tally.take(layer('a', 100, 999)).completedBytes, 100);
});

const digests = ['a', 'b', 'c'];
const size = fc.integer({ min: 0, max: 1000 });
/** A server's growing numbers for one layer. */
const growing = fc
  .tuple(fc.integer({ min: 1, max: 1000 }), fc.array(size, { maxLength: 6 }))
  .map(([total, sizes]) => ({
    total,
    sizes: sizes.map((one) => Math.min(one, total)).toSorted((x, y) => x - y),
  }));

test('tallies of any lines stay within their totals', () => {
  const anyLine = fc.record({
    status: fc.constantFrom(
      'pulling manifest',
      'pulling x',
      'verifying sha256 digest',
      'writing manifest',
      '?',
    ),
    digest: fc.constantFrom('', ...digests),
    total: size,
    completed: size,
  });
  fc.assert(
    fc.property(fc.array(anyLine), (lines) => {
      const tally = new PullProgressTracker();
      for (const line of lines) {
        const { completedBytes, totalBytes, resumedBytes } = tally.take(line);
        assert.ok(completedBytes <= totalBytes && resumedBytes <= completedBytes && resumedBytes >= 0);
      }
    }),
  );
});

test('tallies of growing layers never shrink, whatever the order of the layers', () => {
  fc.assert(
    fc.property(fc.array(growing, { maxLength: 3 }), fc.array(fc.nat()), (layers, turns) => {
      const queues = layers.map(({ total, sizes }, index) =>
        sizes.map((completed) => layer(digests[index]!, total, completed)),
      );
      const inTurn = queues.flat();
      const mixed: WirePullLine[] = [];
      for (let turn = 0; mixed.length < inTurn.length; turn++) {
        const left = queues.filter((queue) => queue.length > 0);
        mixed.push(left[(turns[turn] ?? 0) % left.length]!.shift()!);
      }
      const end = (lines: WirePullLine[]): PullProgress => {
        const tally = new PullProgressTracker();
        let before = 0;
        for (const line of lines) {
          const { completedBytes } = tally.take(line);
          assert.ok(completedBytes >= before);
          before = completedBytes;
        }
        return { ...tally.progress, phase: 'downloading' };
      };
      assert.deepEqual(end(mixed), end(inTurn));
    }),
  );
});

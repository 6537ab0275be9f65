import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, test } from 'node:test';
import {
  loadRecordings,
  startDouble,
  startRawServer,
  startReplay,
  type Fault,
  type OllamaDouble,
} from '../../support/double/index.ts';
import { joined, post, type JsonAnswer } from '../../support/double/jsonClient.ts';
import { recordedAnswer, sendOverWire, type WireAnswer } from '../../support/double/wireClient.ts';

const body = JSON.stringify({ model: 'tiny', prompt: 'Why?' });
const wireRequest = { method: 'POST', path: '/api/generate', body };

function generate(double: OllamaDouble, fields: object = {}, signal?: AbortSignal): Promise<JsonAnswer> {
  return post(double, '/api/generate', { model: 'tiny', prompt: 'Why?', ...fields }, signal);
}

/** Sends a request on a plain socket. Resolves with what was received, and how the connection ended. */
async function exchange(url: string, text: string): Promise<{ received: string; error: string | undefined }> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let received = '';
  let error: string | undefined;
  socket.on('data', (data) => (received += data.toString()));
  socket.on('error', (reason: NodeJS.ErrnoException) => (error = reason.code));
  socket.write(text);
  await new Promise((resolve) => socket.once('close', resolve));
  return { received, error };
}

const rawText = `POST /api/generate HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

/** The response to a request whose answer, `a`, `b`, `c`, gets a fault. */
async function spoiled(fault: Fault): Promise<WireAnswer> {
  await using double = await startDouble({ answer: () => ['a', 'b', 'c'] });
  const used = double.faultNext(fault);
  const answer = await sendOverWire(double.url, wireRequest);
  assert.equal((await used).path, '/api/generate');
  return answer;
}

/** The texts of valid lines, and invalid lines unchanged. */
function texts(answer: WireAnswer): string[] {
  return answer.body
    .split('\n')
    .filter(Boolean)
    .map((line) => /"response":"(\w?)"|$/.exec(line)![1] ?? line);
}

describe('a fault', () => {
  test('may be any response', async () => {
    const answer = await spoiled({
      kind: 'respond',
      status: 503,
      headers: { 'Retry-After': '7', 'Content-Type': 'text/html' },
      body: '<html>',
    });
    assert.equal(answer.status, 503);
    assert.deepEqual(
      answer.headers.find(([name]) => name === 'Retry-After'),
      ['Retry-After', '7'],
    );
    assert.equal(answer.body, '<html>');
    const redirect = await spoiled({ kind: 'redirect', to: '/elsewhere' });
    assert.deepEqual([redirect.status, redirect.headers[0]], [307, ['Location', '/elsewhere']]);
  });

  test('affects only the matching request, once', async () => {
    await using double = await startDouble();
    void double.faultNext(({ path }) => path === '/api/generate', { kind: 'respond', status: 500 });
    assert.equal((await fetch(double.url)).status, 200);
    assert.equal((await generate(double)).status, 500);
    assert.equal((await generate(double)).status, 200);
  });

  const cuts: [Fault, string[], complete: boolean][] = [
    [{ kind: 'cut', how: 'close', afterLines: 0 }, [], false],
    [{ kind: 'cut', how: 'close', afterLines: 2 }, ['a', 'b'], false],
    [{ kind: 'cut', how: 'close', afterLines: 1, plusBytes: 5 }, ['a', '{"mod'], false],
    [{ kind: 'cut', how: 'end', afterLines: 3 }, ['a', 'b', 'c'], true],
    [{ kind: 'cut', how: 'close', afterBytes: 9 }, ['{"model":'], false],
    [{ kind: 'errorLine', at: 1, message: 'died' }, ['a', '{"error":"died"}'], true],
    [{ kind: 'insert', at: 2, text: 'garbage\n' }, ['a', 'b', 'garbage', 'c', ''], true],
    [{ kind: 'append', text: '{"more":1}\n' }, ['a', 'b', 'c', '', '{"more":1}'], true],
    [{ kind: 'mapLines', map: (line) => ({ ...line, response: 'x' }) }, ['x', 'x', 'x', 'x'], true],
    [
      { kind: 'mapLines', map: (_, index) => (index === 1 ? undefined : `${index}\r\n`) },
      ['0\r', '2\r', '3\r'],
      true,
    ],
  ];
  for (const [fault, wanted, complete] of cuts) {
    test(`may change the stream: ${JSON.stringify(fault)}`, async () => {
      const answer = await spoiled(fault);
      assert.deepEqual(texts(answer), wanted);
      assert.equal(answer.complete, complete);
    });
  }

  test('may reset, after what was written has arrived', async () => {
    await using double = await startDouble({ answer: () => ['a', 'b', 'c'] });
    void double.faultNext({ kind: 'cut', how: 'reset', afterLines: 2 });
    const { received, error } = await exchange(double.url, rawText);
    assert.equal(error, 'ECONNRESET');
    assert.equal(received.match(/"response"/g)?.length, 2);
  });

  test('may leave no answer: closed, reset, raw bytes, a dead server', async () => {
    await using double = await startDouble();
    const meet = async (fault: Fault): Promise<{ received: string; error: string | undefined }> => {
      void double.faultNext(fault);
      return exchange(double.url, rawText);
    };
    assert.deepEqual(await meet({ kind: 'closeBeforeHeaders' }), { received: '', error: undefined });
    assert.deepEqual(await meet({ kind: 'resetBeforeHeaders' }), { received: '', error: 'ECONNRESET' });
    assert.deepEqual(await meet({ kind: 'raw', bytes: 'SSH-2.0\r\n', ending: 'close' }), {
      received: 'SSH-2.0\r\n',
      error: undefined,
    });
    assert.deepEqual(
      double.requests.map(({ state }) => state),
      ['failed', 'failed', 'failed'],
    );
    await meet({ kind: 'stop' });
    assert.equal((await exchange(double.url, rawText)).error, 'ECONNREFUSED');
  });

  test('may compress the stream, line by line', async () => {
    await using double = await startDouble({ answer: () => ['a', 'b'] });
    void double.faultNext({ kind: 'gzip' });
    const zipped = await fetch(`${double.url}/api/generate`, { method: 'POST', body });
    assert.equal(zipped.headers.get('content-encoding'), 'gzip');
    assert.equal((await zipped.text()).split('\n').length, 4);
  });

  test('may send the stream in small pieces, controlled by the test', async () => {
    await using double = await startDouble({ answer: () => ['a'] });
    let pieces = 0;
    void double.faultNext({ kind: 'trickle', bytes: 7, pace: () => void pieces++ });
    const answer = await generate(double);
    assert.equal(joined(answer), 'a');
    assert.equal(
      pieces,
      answer.text
        .split('\n')
        .slice(0, -1)
        .reduce((sum, line) => sum + Math.ceil((line.length + 1) / 7), 0),
    );
  });

  test('may be made by hand while the request is held', async () => {
    await using double = await startDouble();
    const gate = double.hold('loading');
    const pending = exchange(double.url, rawText);
    const request = await gate.reached;
    await request.writeRaw('HTTP/1.1 200 OK\r\n');
    await request.cut('reset');
    assert.deepEqual(await pending, { received: 'HTTP/1.1 200 OK\r\n', error: 'ECONNRESET' });
    await request.closed;
    assert.equal(request.state, 'failed');
  });
});

describe('the raw server', () => {
  test('reads whole requests, sized and chunked, on kept connections', async () => {
    await using server = await startRawServer(
      (socket) => void socket.write('HTTP/1.1 204 No Content\r\n\r\n'),
    );
    const chunked = 'POST /b HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n1\r\n!\r\n0\r\n\r\n';
    const socket = connect(server.port, '127.0.0.1');
    socket.write(rawText + chunked.slice(0, 60));
    await once(socket, 'data');
    socket.write(chunked.slice(60));
    await once(socket, 'data');
    assert.deepEqual(
      server.requests.map((request) => [request.path, request.body, request.connectionId]),
      [
        ['/api/generate', body, 1],
        ['/b', 'hi!', 1],
      ],
    );
    socket.destroy();
    await server.waitForNoConnections();
  });
});

describe('a replay', () => {
  const recordings = loadRecordings();

  test('repeats every recording byte for byte', async () => {
    for (const recording of recordings) {
      await using replay = await startReplay(recording);
      assert.deepEqual(
        await sendOverWire(replay.url, recording.request),
        recordedAnswer(recording),
        recording.name,
      );
    }
  });

  test('finds the matching recording', async () => {
    // Another server, or another moment, may have had the same request.
    const asked = recordings.filter(({ name }) => !name.startsWith('ps-') && name !== 'tags-capabilities');
    await using replay = await startReplay(asked);
    for (const recording of asked) {
      assert.deepEqual(
        await sendOverWire(replay.url, recording.request),
        recordedAnswer(recording),
        recording.name,
      );
    }
    assert.equal((await sendOverWire(replay.url, { method: 'GET', path: '/never' })).status, 501);
  });

  test('can be cut after any byte, closed or reset', async () => {
    const recording = recordings.find(({ name }) => name === 'generate-stream')!;
    const whole = recording.response.chunks.map(([, text]) => text).join('');
    await using replay = await startReplay(recording);
    for (const cutHow of ['close', 'reset'] as const) {
      for (const cutAfter of [1, 100, 300, whole.length - 1]) {
        replay.options = { cutAfter, cutHow };
        const { received, error } = await exchange(replay.url, rawText);
        assert.equal(received, whole.slice(0, cutAfter));
        assert.equal(error, cutHow === 'reset' ? 'ECONNRESET' : undefined);
      }
    }
  });
});

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { describe, test } from 'node:test';
import { startDouble, type OllamaDouble } from '../../support/double/index.ts';
import { post, type JsonAnswer } from '../../support/double/jsonClient.ts';
import { sendOverWire } from '../../support/double/wireClient.ts';

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

/** Resources that keep the process alive, after closed ones are released. */
async function resources(): Promise<string[]> {
  for (let turn = 0; ; turn++) {
    const left = process.getActiveResourcesInfo().filter((name) => /TCP|Timeout/.test(name));
    if (left.length === 0 || turn === 1000) return left;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('a request', () => {
  test('shows each phase, and is held at each gate', async () => {
    await using double = await startDouble();
    const gates = (['loading', 'reading', 'firstToken', { afterTokens: 3 }, 'final'] as const).map((point) =>
      double.hold(point),
    );
    const pending = generate(double);
    const seen: string[] = [];
    for (const gate of gates) {
      const request = await gate.reached;
      seen.push(`${request.state} ${request.tokensWritten} ${request.status ?? 'no headers'}`);
      gate.release();
    }
    assert.deepEqual(seen.slice(0, 4), [
      'loading 0 no headers',
      'reading 0 no headers',
      'reading 0 no headers',
      'writing 3 200',
    ]);
    await pending;
    const request = double.requests[0]!;
    assert.equal(await request.finished, 'done');
    assert.deepEqual(request.states, ['received', 'loading', 'reading', 'writing', 'done']);
    await assert.rejects(request.phase('queued'), /ended as 'done'/);
  });

  test('waits for its turn, and is refused when too many wait', async () => {
    await using double = await startDouble({ maxQueue: 1 });
    const gate = double.hold('final');
    const first = generate(double);
    const one = await gate.reached;
    const second = generate(double);
    const two = await double.nextRequest((request) => request !== one);
    await two.phase('queued');
    assert.equal((await generate(double)).status, 503);
    gate.release();
    assert.deepEqual([(await first).status, (await second).status], [200, 200]);
  });

  test('runs in parallel with numParallel, and waits for another one with other options', async () => {
    await using double = await startDouble({ numParallel: 2 });
    const gate = double.hold('final');
    const [first, second] = [generate(double), generate(double)];
    while (gate.held.length < 2) await new Promise((resolve) => setImmediate(resolve));
    const third = generate(double, { options: { num_ctx: 99 } });
    const three = await double.nextRequest(({ body: { options } }) => options?.['num_ctx'] === 99);
    await three.phase('queued');
    gate.release();
    await Promise.all([first, second, third]);
    assert.deepEqual(
      double.loads.map(({ numCtx }) => numCtx),
      [4096, 99],
    );
  });

  for (const point of ['loading', 'reading', 'firstToken', 'final'] as const) {
    test(`that is cancelled at ${point} ends there, and frees its place`, async () => {
      await using double = await startDouble();
      const gate = double.hold(point);
      const aborter = new AbortController();
      const pending = generate(double, {}, aborter.signal);
      const request = await gate.reached;
      aborter.abort();
      await assert.rejects(pending);
      await request.closed;
      assert.equal(request.state, 'cancelled');
      assert.ok(request.closedAt);
      gate.release();
      assert.equal(double.loaded().length, point === 'loading' ? 0 : 1);
      assert.equal((await generate(double)).status, 200);
    });
  }

  test('that is cancelled while queued is dropped', async () => {
    await using double = await startDouble();
    const gate = double.hold('final');
    const first = generate(double);
    const one = await gate.reached;
    const aborter = new AbortController();
    const second = generate(double, {}, aborter.signal);
    const two = await double.nextRequest((request) => request !== one);
    await two.phase('queued');
    const missed = Promise.all([
      assert.rejects(two.phase('writing'), /ended as 'cancelled'/),
      assert.rejects(two.tokens(1), /before reaching 1 tokens/),
    ]);
    aborter.abort();
    await assert.rejects(second);
    await Promise.all([two.closed, missed]);
    gate.release();
    await first;
    assert.deepEqual(two.states, ['received', 'queued', 'cancelled']);
  });

  test('that is cancelled while loading leaves the load to the next waiting request', async () => {
    await using double = await startDouble();
    const gate = double.hold('loading', ({ body: { system } }) => system === 'first');
    const aborter = new AbortController();
    const first = generate(double, { system: 'first' }, aborter.signal);
    await gate.reached;
    const second = generate(double);
    await (await double.nextRequest(({ body: { system } }) => system === undefined)).phase('queued');
    aborter.abort();
    await assert.rejects(first);
    assert.equal((await second).status, 200);
    assert.equal(double.loads.length, 1);
  });

  test('fails when the process of its model dies', async () => {
    await using double = await startDouble();
    const early = double.hold('firstToken');
    const first = generate(double);
    await early.reached;
    double.killRunner('tiny');
    assert.equal((await first).status, 500);
    early.release();
    const late = double.hold({ afterTokens: 2 });
    const second = generate(double);
    await late.reached;
    double.killRunner('tiny');
    assert.match(String((await second).lines.at(-1)?.['error']), /unexpected EOF/);
    assert.deepEqual(double.loaded(), []);
  });
});

describe('connections', () => {
  test('are kept, counted and told apart', async () => {
    await using double = await startDouble();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let count = 0; count < 3; count++) {
      const [response] = await once(get(`${double.url}/api/version`, { agent }), 'response');
      response.resume();
      await once(response, 'end');
    }
    assert.deepEqual([double.connections.total, double.connections.open], [1, 1]);
    assert.deepEqual(
      double.requests.map(({ connectionId }) => connectionId),
      [1, 1, 1],
    );
    agent.destroy();
    await double.waitForNoConnections();
  });

  test('can be dropped while they are idle, and a gateway may move the API', async () => {
    await using double = await startDouble({ pathPrefix: '/ollama' });
    const agent = new Agent({ keepAlive: true });
    const paths = ['/ollama', '/ollama/api/version', '/api/version', '/ollama/api/nosuch'];
    const statuses: (number | undefined)[] = [];
    for (const path of paths) {
      const [response] = (await once(get(double.url + path, { agent }), 'response')) as [IncomingMessage];
      statuses.push(response.resume().statusCode);
      const closed = once(response.socket, 'close');
      await once(response, 'end');
      double.dropConnections(path === '/ollama' ? 'close' : 'reset');
      await Promise.all([closed, double.waitForNoConnections()]);
    }
    assert.deepEqual(statuses, [200, 200, 404, 404]);
    assert.equal(double.connections.total, 4);
    double.forgetRequests();
    assert.equal(double.requests.length, 0);
    agent.destroy();
  });

  test('drop when the server stops; it starts again on the same port with nothing loaded', async () => {
    await using double = await startDouble();
    const { url } = double;
    const gate = double.hold({ afterTokens: 1 });
    const pending = generate(double);
    const request = await gate.reached;
    await double.stop();
    await assert.rejects(pending);
    assert.equal(request.state, 'failed');
    await assert.rejects(fetch(url));
    await double.start();
    gate.release();
    assert.equal(double.url, url);
    assert.deepEqual(double.loaded(), []);
    assert.equal((await generate(double)).status, 200);
  });

  test('and timers are all gone after close, even in the middle of everything', async () => {
    assert.deepEqual(await resources(), [], 'left by an earlier test');
    const double = await startDouble({
      loadMs: 60_000,
      models: [{ name: 'tiny' }, { name: 'quick', loadMs: 0 }],
    });
    await sendOverWire(double.url, { ...wireRequest, body: '{"model":"quick","prompt":"x"}' });
    const loading = exchange(double.url, rawText);
    await (await double.nextRequest(({ body: { model } }) => model === 'tiny')).phase('loading');
    void double.faultNext({ kind: 'silent' });
    const silent = exchange(double.url, rawText);
    await double.nextRequest(({ body: { model } }) => model === 'tiny');
    const waiting = assert.rejects(
      double.nextRequest(({ path }) => path === '/never'),
      /closed/,
    );
    await double.close();
    await Promise.all([loading, silent, waiting]);
    assert.equal(double.connections.open, 0);
    assert.deepEqual(await resources(), []);
  });
});

/** Connections and time: no connection, silence, a server that is only slow. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { lookup } from 'node:dns/promises';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  OllamaClient,
  OllamaConnectionError,
  OllamaError,
  OllamaTimeoutError,
} from '../../../src/ollama/index.ts';
import { startDouble, startRawServer } from '../../support/double/index.ts';
import {
  chunk,
  chunked,
  clientFor,
  failureOf,
  fetches,
  lastChunk,
  line,
  outcomeOf,
  partsOf,
  settingsFor,
  sized,
  streamHead,
  wholeAnswer,
  written,
} from '../../support/faults.ts';
import { withoutLeaks } from '../../support/leaks.ts';

async function refusedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

for (const [fetchName, fetch] of fetches) {
  test(`refused (${fetchName})`, () =>
    withoutLeaks(async () => {
      await using client = clientFor(`http://127.0.0.1:${await refusedPort()}`, {}, partsOf(fetch));
      const error = await failureOf(client.generate({ prompt: 'x' }));
      assert.ok(error instanceof OllamaConnectionError && error.kind === 'unreachable');
      assert.match(error.message, /Nothing answers at .*start Ollama/);
      assert.equal(error.partialText, '');
      assert.equal(await client.healthCheck(), false);
      assert.equal(await client.prewarm(), false);
      assert.deepEqual(await client.listModels(), []);
    }));

  test(`a host that does not exist (${fetchName})`, () =>
    withoutLeaks(async () => {
      await using client = clientFor('http://nowhere.invalid:11434', {}, partsOf(fetch));
      const error = await failureOf(client.generate({ prompt: 'x' }));
      assert.ok(error instanceof OllamaConnectionError, String(error));
      assert.match(error.message, /is not known/);
    }));

  test(`connected and silent, then silent in mid-stream (${fetchName})`, () =>
    withoutLeaks(async () => {
      let answers: (string | Buffer)[] = [''];
      await using server = await startRawServer(
        (socket) => void written(socket, Buffer.concat(answers.map((a) => Buffer.from(a as string)))),
      );
      await using client = clientFor(server.url, { idleTimeoutMs: 60 }, partsOf(fetch));
      const silent = async (partial: string): Promise<void> => {
        const { error, text } = await outcomeOf(client.stream({ prompt: 'x' }));
        assert.ok(error instanceof OllamaTimeoutError && error.kind === 'idleTimeout', String(error));
        assert.match(error.message, /has been silent for 0\.06 s/);
        assert.deepEqual([error.partialText, text, error.status], [partial, partial, undefined]);
      };
      await silent('');
      answers = ['HTTP/1.1 200 OK\r\nX-Half'];
      await silent('');
      answers = [streamHead];
      await silent('');
      answers = [streamHead, chunk(`${line('one')}\n`)];
      await silent('one');
      answers = [streamHead, chunk(`${line('one')}\n${line('two').slice(0, 40)}`)];
      await silent('one');
      answers = [chunked(wholeAnswer)];
      assert.equal((await client.generate({ prompt: 'x' })).text, 'one two');
    }));

  test(`slow but steady for longer than any limit succeeds (${fetchName})`, () =>
    withoutLeaks(async () => {
      const texts = Array.from({ length: 12 }, (_, index) => `${index} `);
      await using double = await startDouble({ answer: () => texts });
      void double.faultNext({ kind: 'trickle', bytes: 100_000, pace: 40 });
      await using client = clientFor(
        double.url,
        { connectTimeoutMs: 200, idleTimeoutMs: 300 },
        partsOf(fetch),
      );
      assert.equal((await client.generate({ prompt: 'x' })).text, texts.join(''));
    }));

  test(`the first byte may take many times the connect timeout (${fetchName})`, () =>
    withoutLeaks(async () => {
      await using server = await startRawServer(async (socket) => {
        await sleep(250);
        await written(socket, chunked(wholeAnswer));
      });
      await using client = clientFor(server.url, { connectTimeoutMs: 40 }, partsOf(fetch));
      assert.equal((await client.generate({ prompt: 'x' })).text, 'one two');
    }));

  test(`the server goes away and comes back between two requests (${fetchName})`, () =>
    withoutLeaks(async () => {
      await using double = await startDouble();
      await using client = clientFor(double.url, {}, partsOf(fetch));
      await client.generate({ prompt: 'x' });
      await double.stop();
      const error = await failureOf(client.generate({ prompt: 'x' }));
      assert.ok(error instanceof OllamaConnectionError, String(error));
      await double.start();
      assert.ok((await client.generate({ prompt: 'x' })).text);
    }));
}

/** A server that accepts no connection, so that connecting to it never ends. */
async function unacceptingPort(): Promise<{ port: number; close: () => Promise<void> }> {
  const { spawn } = await import('node:child_process');
  // A listening socket with a backlog of 0 that never accepts: the system answers one connection, then no
  // more.
  const script = `const s = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    process.send(s.address().port); process.kill(process.pid, 'SIGSTOP'); });`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const [port] = (await once(child, 'message')) as [number];
  return {
    port,
    close: async () => {
      child.kill('SIGKILL');
      await once(child, 'close');
    },
  };
}

test(
  'a connection that is not accepted ends at the connect timeout',
  { skip: process.platform !== 'linux' },
  () =>
    withoutLeaks(async () => {
      const { port, close } = await unacceptingPort();
      const client = new OllamaClient(
        settingsFor(`http://127.0.0.1:${port}`, { connectTimeoutMs: 150, idleTimeoutMs: 150 }),
      );
      try {
        const errors = await Promise.all(
          Array.from({ length: 6 }, () => failureOf(client.generate({ prompt: 'x' }))),
        );
        assert.ok(errors.every((error) => error instanceof OllamaTimeoutError));
        const late = errors.filter((error) => (error as OllamaError).kind === 'connectTimeout');
        assert.ok(late.length > 0);
        assert.match((late[0] as OllamaError).message, /did not accept a connection within 0\.15 s/);
      } finally {
        await client.close();
        await close();
      }
    }),
);

test('a blocked process does not blame the server', () =>
  withoutLeaks(async () => {
    await using double = await startDouble();
    await using client = clientFor(double.url, { connectTimeoutMs: 80, idleTimeoutMs: 80 });
    const hold = (): void => {
      const until = performance.now() + 200;
      while (performance.now() < until);
    };
    const stream = client.stream({ prompt: 'x' });
    let texts = 0;
    const first = stream.next();
    hold();
    for (let step = await first; !step.done; step = await stream.next()) {
      if (step.value.type === 'text' && texts++ < 2) hold();
    }
    assert.ok(texts > 2);
  }));

test('headers that trickle are not silence', () =>
  withoutLeaks(async () => {
    await using server = await startRawServer(async (socket, { path }) => {
      if (path !== '/api/generate') return void socket.write(sized('200 OK', '{}'));
      for (const byte of Buffer.from(streamHead.slice(0, 40))) {
        await written(socket, Buffer.of(byte));
        await sleep(15);
      }
      await written(
        socket,
        Buffer.concat([Buffer.from(streamHead.slice(40)), chunk(wholeAnswer), Buffer.from(lastChunk)]),
      );
    });
    await using client = clientFor(server.url, { idleTimeoutMs: 250 });
    assert.equal((await client.generate({ prompt: 'x' })).text, 'one two');
  }));

test('a long upload to a slow server is not silence', () =>
  withoutLeaks(async () => {
    let bursts = 0;
    await using listener = await listening(
      createServer((socket) => takeInBursts(socket, 8_000_000, 100, () => bursts++)),
    );
    // More bytes than the system buffers, so that the bytes sent show that the server reads.
    await using client = clientFor(listener.url, { idleTimeoutMs: 350 });
    assert.equal((await client.generate({ prompt: 'x'.repeat(48_000_000) })).text, 'one two');
    assert.ok(bursts >= 5, 'it took longer than the limit, else this proves nothing');
  }));

/**
 * Reads `bytes` bytes, rests for `restMs` milliseconds, and repeats that. Answers when it has read the whole
 * request.
 */
function takeInBursts(socket: Socket, bytes: number, restMs: number, onRest: () => void): void {
  let received = 0;
  let burst = 0;
  let head = '';
  socket.on('error', () => {});
  socket.on('data', (data) => {
    if (head.length < 1000) head += data.toString('latin1');
    if (head.startsWith('GET')) return void socket.write(sized('200 OK', '{}'));
    received += data.length;
    burst += data.length;
    if (received >= Number(/content-length: (\d+)/i.exec(head)?.[1]))
      return void socket.write(chunked(wholeAnswer));
    if (burst < bytes) return;
    burst = 0;
    onRest();
    socket.pause();
    setTimeout(() => socket.resume(), restMs);
  });
}

async function listening(server: Server): Promise<{ url: string } & AsyncDisposable> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, [Symbol.asyncDispose]: close };
}

test('an error before the request was read', () =>
  withoutLeaks(async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => {
        socket.pause();
        socket.end(sized('413 Request Entity Too Large', 'too large', { Connection: 'close' }));
      });
    });
    await using listener = await listening(server);
    await using client = clientFor(listener.url);
    const error = (await failureOf(client.generate({ prompt: 'x'.repeat(200_000) }))) as OllamaError;
    assert.ok(error instanceof OllamaError, String(error));
    assert.equal(error.status, 413);
  }));

for (const [family, host] of [
  ['IPv4', '127.0.0.1'],
  ['IPv6', '::1'],
] as const) {
  test(`"localhost" finds a server that listens on ${family} only`, async (t) => {
    const addresses = await lookup('localhost', { all: true });
    if (!addresses.some(({ address }) => address === host))
      return t.skip(`localhost has no ${family} address here`);
    await using server = await startRawServer((socket) => void socket.write(chunked(wholeAnswer)), { host });
    await using client = clientFor(`localhost:${server.port}`);
    assert.equal((await client.generate({ prompt: 'x' })).text, 'one two');
  });
}

/**
 * Connections and time: no connection, silence, a connection closed meanwhile, a server that is only slow.
 */
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
  OllamaProtocolError,
  OllamaTimeoutError,
} from '../../../src/ollama/index.ts';
import { startDouble, startRawServer } from '../../support/double/index.ts';
import {
  chunk,
  chunked,
  clientFor,
  failureOf,
  fetches,
  json,
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

  test(`the first byte may take many times the connect limit (${fetchName})`, () =>
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
  'a connection that is not accepted ends at the connect limit',
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

test('a process that was held up itself does not blame the server', () =>
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

test('an error that comes before the request was read', () =>
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

test('a kept connection that the server closed meanwhile: one invisible retry', () =>
  withoutLeaks(async () => {
    let dropped = 0;
    await using server = await startRawServer((socket, request) => {
      // Closes the connection at every second request, as if both happened at the same time.
      const nth = server.requests.filter(({ connectionId }) => connectionId === request.connectionId).length;
      if (nth > 1 && dropped++ < 1) socket.destroy();
      else socket.write(chunked(wholeAnswer));
    });
    await using client = clientFor(server.url);
    await client.generate({ prompt: 'first' });
    const { text, parts, error } = await outcomeOf(client.stream({ prompt: 'second' }));
    assert.deepEqual([error, text], [undefined, 'one two']);
    assert.equal(parts.filter(({ type }) => type === 'retry').length, 0);
    assert.equal(server.requests.length, 3);
    assert.equal(server.connections.total, 2);
  }));

test('a kept connection on which the answer began is not tried again', () =>
  withoutLeaks(async () => {
    await using server = await startRawServer(async (socket, request) => {
      if (!request.body.includes('second')) return void socket.write(chunked(wholeAnswer));
      await written(socket, 'HTTP/1.1 200 OK\r\nX-Half');
      socket.destroy();
    });
    await using client = clientFor(server.url);
    await client.generate({ prompt: 'first' });
    assert.ok((await failureOf(client.generate({ prompt: 'second' }))) instanceof OllamaConnectionError);
    assert.equal(server.requests.length, 2);
  }));

test('a fresh connection that is closed is not tried again, and a second kept one only once', () =>
  withoutLeaks(async () => {
    await using server = await startRawServer((socket, request) => {
      if (request.body.includes('good')) socket.write(chunked(wholeAnswer));
      else socket.destroy();
    });
    await using client = clientFor(server.url);
    assert.ok((await failureOf(client.generate({ prompt: 'bad' }))) instanceof OllamaConnectionError);
    assert.equal(server.requests.length, 1);
    await Promise.all([client.generate({ prompt: 'good' }), client.generate({ prompt: 'good' })]);
    assert.ok((await failureOf(client.generate({ prompt: 'bad' }))) instanceof OllamaConnectionError);
    assert.equal(server.requests.length, 5, 'one on the kept connection, one on a new one');
  }));

test('requests one after another use one connection, also after errors whose answers were whole', () =>
  withoutLeaks(async () => {
    await using double = await startDouble();
    await using client = clientFor(double.url);
    for (let count = 0; count < 5; count++) await client.generate({ prompt: 'x' });
    await client.listModels();
    await client.healthCheck();
    await client.prewarm();
    assert.equal(double.connections.total, 1);
  }));

test('at most 20 idle connections are kept', () =>
  withoutLeaks(async () => {
    await using double = await startDouble({ numParallel: 50 });
    await using client = clientFor(double.url);
    const gate = double.hold('final');
    const calls = Array.from({ length: 40 }, () => client.generate({ prompt: 'x' }));
    while (double.connections.open < 40) await new Promise((resolve) => setImmediate(resolve));
    gate.release();
    await Promise.all(calls);
    while (double.connections.open > 20) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(double.connections.open, 20);
  }));

const redirectsWithin: [status: string, location: (url: string) => string][] = [
  ['301 Moved Permanently', () => '/new/api/generate'],
  ['302 Found', (url) => `${url}/new/api/generate`],
  ['307 Temporary Redirect', () => '../new/api/generate'],
  ['308 Permanent Redirect', () => '//HOST/new/api/generate'],
];

for (const [fetchName, fetch] of fetches) {
  for (const [status, location] of redirectsWithin) {
    test(`a redirect within the origin is refused, and named: ${status} (${fetchName})`, () =>
      withoutLeaks(async () => {
        await using server = await startRawServer((socket, { path, headers }) => {
          if (path.startsWith('/new/')) return void socket.write(chunked(wholeAnswer));
          const to = location(server.url).replace('HOST', headers['host'] ?? '');
          socket.write(sized(status, '<html>moved</html>', { Location: to }));
        });
        await using client = clientFor(server.url, {}, partsOf(fetch));
        const error = await failureOf(client.generate({ prompt: 'where' }));
        assert.ok(error instanceof OllamaConnectionError && error.kind === 'redirected');
        assert.ok(error.message.includes(`redirects to ${server.url}/new, and nothing`), error.message);
        assert.equal(server.requests.length, 1);
      }));
  }

  test(`a redirect to another origin is refused, and nothing is sent there (${fetchName})`, () =>
    withoutLeaks(async () => {
      await using other = await startRawServer((socket) => void socket.write(chunked(wholeAnswer)));
      await using server = await startRawServer(
        (socket, { path }) =>
          void socket.write(sized('307 Temporary Redirect', '', { Location: other.url + path })),
      );
      await using client = clientFor(
        server.url,
        { headers: { Authorization: 'Bearer key' } },
        partsOf(fetch),
      );
      const error = await failureOf(client.generate({ prompt: 'x' }));
      assert.ok(
        error instanceof OllamaConnectionError && error.kind === 'redirected' && error.status === 307,
      );
      assert.match(error.message, new RegExp(`redirects to ${other.url}.*base URL`));
      assert.equal(await client.healthCheck(), false);
      assert.deepEqual([other.requests.length, other.connections.total], [0, 0]);
    }));

  test(`a redirect to nowhere is refused (${fetchName})`, () =>
    withoutLeaks(async () => {
      await using server = await startRawServer(
        (socket) => void socket.write(sized('302 Found', '', { Location: 'http://[' })),
      );
      await using client = clientFor(server.url, {}, partsOf(fetch));
      const error = await failureOf(client.generate({ prompt: 'x' }));
      assert.ok(error instanceof OllamaConnectionError && error.kind === 'redirected', String(error));
    }));
}

test('an error whose text never ends is told all the same', { timeout: 20_000 }, () =>
  withoutLeaks(async () => {
    await using server = await startRawServer(
      (socket) => void socket.write('HTTP/1.1 401 Unauthorized\r\nContent-Length: 100\r\n\r\n'),
    );
    await using client = clientFor(server.url, { idleTimeoutMs: 50 });
    const error = (await failureOf(client.generate({ prompt: 'x' }))) as OllamaError;
    assert.deepEqual([error.kind, error.status], ['unauthorized', 401]);
  }),
);

test('an answer to a short question is limited: prewarm and lists end as well', () =>
  withoutLeaks(async () => {
    await using server = await startRawServer(
      (socket) => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"mod'),
    );
    await using client = clientFor(server.url, { idleTimeoutMs: 50 });
    assert.ok((await failureOf(client.installedModels())) instanceof OllamaTimeoutError);
    assert.deepEqual(
      [await client.healthCheck(), await client.prewarm(), await client.listModels()],
      [false, false, []],
    );
  }));

const strangeAnswers = [
  '',
  'null',
  '[]',
  '{"models":{}}',
  '{"models":[null,5,{"name":7}]}',
  '{"mod',
  '<html></html>',
  '\ufeff{"models":[]}',
];

test('lists that are none are empty, and never a crash', () =>
  withoutLeaks(async () => {
    let body = '';
    await using server = await startRawServer((socket) => void socket.write(sized('200 OK', body)));
    await using client = clientFor(server.url);
    for (body of strangeAnswers) {
      assert.deepEqual(await client.listModels(), [], body);
      const loaded = await client.loadedModels().catch((error: unknown) => error);
      assert.ok(Array.isArray(loaded) || loaded instanceof OllamaProtocolError, body);
      const version = await client.version().catch((error: unknown) => error);
      assert.ok(version === '' || version instanceof OllamaProtocolError, body);
    }
  }));

test('a prewarm that gets an error line in a 200 says false', () =>
  withoutLeaks(async () => {
    await using server = await startRawServer(
      (socket) => void socket.write(json('200 OK', { error: 'CUDA error: something' })),
    );
    await using client = clientFor(server.url);
    assert.equal(await client.prewarm(), false);
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

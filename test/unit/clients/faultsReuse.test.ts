/** Kept connections, redirects, and answers to short requests. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  OllamaConnectionError,
  type OllamaError,
  OllamaProtocolError,
  OllamaTimeoutError,
} from '../../../src/ollama/index.ts';
import { startDouble, startRawServer } from '../../support/double/index.ts';
import { chunked, failureOf, json, outcomeOf, sized, written } from '../../support/faults.ts';
import { withoutLeaks } from '../../support/leaks.ts';
import { wholeOf, wires } from '../../support/wires.ts';

const redirectsWithin: [status: string, location: (path: string, url: string) => string][] = [
  ['301 Moved Permanently', (path) => `/new${path}`],
  ['302 Found', (path, url) => `${url}/new${path}`],
  ['307 Temporary Redirect', (path) => `../../new${path}`],
  ['308 Permanent Redirect', (path) => `//HOST/new${path}`],
];

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

for (const wire of wires) {
  test(`a kept connection that the server closed meanwhile: one invisible retry (${wire.name})`, () =>
    withoutLeaks(async () => {
      let dropped = 0;
      await using server = await startRawServer((socket, request) => {
        // Closes the connection at every second request, as if both happened at the same time.
        const nth = server.requests.filter(
          ({ connectionId }) => connectionId === request.connectionId,
        ).length;
        if (nth > 1 && dropped++ < 1) socket.destroy();
        else socket.write(chunked(wholeOf(wire)));
      });
      await using client = wire.clientFor(server.url);
      await client.generate({ prompt: 'first' });
      const { text, parts, error } = await outcomeOf(client.stream({ prompt: 'second' }));
      assert.deepEqual([error, text], [undefined, 'one two']);
      assert.equal(parts.filter(({ type }) => type === 'retry').length, 0);
      assert.equal(server.requests.length, 3);
      assert.equal(server.connections.total, 2);
    }));

  test(`a kept connection on which the answer began is not retried (${wire.name})`, () =>
    withoutLeaks(async () => {
      await using server = await startRawServer(async (socket, request) => {
        if (!request.body.includes('second')) return void socket.write(chunked(wholeOf(wire)));
        await written(socket, 'HTTP/1.1 200 OK\r\nX-Half');
        socket.destroy();
      });
      await using client = wire.clientFor(server.url);
      await client.generate({ prompt: 'first' });
      assert.ok((await failureOf(client.generate({ prompt: 'second' }))) instanceof OllamaConnectionError);
      assert.equal(server.requests.length, 2);
    }));

  test(`a new connection that is closed is not retried, and a second kept one only once (${wire.name})`, () =>
    withoutLeaks(async () => {
      await using server = await startRawServer((socket, request) => {
        if (request.body.includes('good')) socket.write(chunked(wholeOf(wire)));
        else socket.destroy();
      });
      await using client = wire.clientFor(server.url);
      assert.ok((await failureOf(client.generate({ prompt: 'bad' }))) instanceof OllamaConnectionError);
      assert.equal(server.requests.length, 1);
      await Promise.all([client.generate({ prompt: 'good' }), client.generate({ prompt: 'good' })]);
      assert.ok((await failureOf(client.generate({ prompt: 'bad' }))) instanceof OllamaConnectionError);
      assert.equal(server.requests.length, 5, 'one on the kept connection, one on a new one');
    }));

  test(`successive requests use one connection, also after complete error responses (${wire.name})`, () =>
    withoutLeaks(async () => {
      await using double = await startDouble({ protocol: wire.protocol });
      await using client = wire.clientFor(double.url);
      for (let count = 0; count < 5; count++) await client.generate({ prompt: 'x' });
      await client.listModels();
      await client.healthCheck();
      await client.prewarm();
      assert.equal(double.connections.total, 1);
    }));

  test(`at most 20 idle connections are kept (${wire.name})`, () =>
    withoutLeaks(async () => {
      await using double = await startDouble({ protocol: wire.protocol, numParallel: 50 });
      await using client = wire.clientFor(double.url);
      const gate = double.hold('final');
      const calls = Array.from({ length: 40 }, () => client.generate({ prompt: 'x' }));
      while (double.connections.open < 40) await new Promise((resolve) => setImmediate(resolve));
      gate.release();
      await Promise.all(calls);
      while (double.connections.open > 20) await new Promise((resolve) => setImmediate(resolve));
      assert.equal(double.connections.open, 20);
    }));

  for (const [status, location] of redirectsWithin) {
    test(`a redirect within the origin is refused, and named: ${status} (${wire.name})`, () =>
      withoutLeaks(async () => {
        await using server = await startRawServer((socket, { path, headers }) => {
          if (path.startsWith('/new/')) return void socket.write(chunked(wholeOf(wire)));
          const to = location(path, server.url).replace('HOST', headers['host'] ?? '');
          socket.write(sized(status, '<html>moved</html>', { Location: to }));
        });
        await using client = wire.clientFor(server.url);
        const error = await failureOf(client.generate({ prompt: 'where' }));
        assert.ok(error instanceof OllamaConnectionError && error.kind === 'redirected');
        assert.ok(error.message.includes(`redirects to ${server.url}/new, and nothing`), error.message);
        assert.equal(server.requests.length, 1);
      }));
  }

  test(`a redirect to another origin is refused, and nothing is sent there (${wire.name})`, () =>
    withoutLeaks(async () => {
      await using other = await startRawServer((socket) => void socket.write(chunked(wholeOf(wire))));
      await using server = await startRawServer(
        (socket, { path }) =>
          void socket.write(sized('307 Temporary Redirect', '', { Location: other.url + path })),
      );
      await using client = wire.clientFor(server.url, { headers: { Authorization: 'Bearer key' } });
      const error = await failureOf(client.generate({ prompt: 'x' }));
      assert.ok(
        error instanceof OllamaConnectionError && error.kind === 'redirected' && error.status === 307,
      );
      assert.match(error.message, new RegExp(`redirects to ${other.url}.*base URL`));
      assert.equal(await client.healthCheck(), false);
      assert.deepEqual([other.requests.length, other.connections.total], [0, 0]);
    }));

  test(`a redirect to nowhere is refused (${wire.name})`, () =>
    withoutLeaks(async () => {
      await using server = await startRawServer(
        (socket) => void socket.write(sized('302 Found', '', { Location: 'http://[' })),
      );
      await using client = wire.clientFor(server.url);
      const error = await failureOf(client.generate({ prompt: 'x' }));
      assert.ok(error instanceof OllamaConnectionError && error.kind === 'redirected', String(error));
    }));

  test(`an error whose text never ends is still reported (${wire.name})`, { timeout: 20_000 }, () =>
    withoutLeaks(async () => {
      await using server = await startRawServer(
        (socket) => void socket.write('HTTP/1.1 401 Unauthorized\r\nContent-Length: 100\r\n\r\n'),
      );
      await using client = wire.clientFor(server.url, { idleTimeoutMs: 50 });
      const error = (await failureOf(client.generate({ prompt: 'x' }))) as OllamaError;
      assert.deepEqual([error.kind, error.status], ['unauthorized', 401]);
    }),
  );

  test(`short requests have a time limit: prewarm and lists end too (${wire.name})`, () =>
    withoutLeaks(async () => {
      await using server = await startRawServer(
        (socket) => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"mod'),
      );
      await using client = wire.clientFor(server.url, { idleTimeoutMs: 50 });
      assert.ok((await failureOf(client.installedModels())) instanceof OllamaTimeoutError);
      assert.deepEqual(
        [await client.healthCheck(), await client.prewarm(), await client.listModels()],
        [false, false, []],
      );
    }));

  test(`invalid lists are empty, without an error (${wire.name})`, () =>
    withoutLeaks(async () => {
      let body = '';
      await using server = await startRawServer((socket) => void socket.write(sized('200 OK', body)));
      await using client = wire.clientFor(server.url);
      for (body of strangeAnswers) {
        assert.deepEqual(await client.listModels(), [], body);
        const loaded = await client.loadedModels().catch((error: unknown) => error);
        assert.ok(Array.isArray(loaded) || loaded instanceof OllamaProtocolError, body);
        const version = await client.version().catch((error: unknown) => error);
        assert.ok(version === '' || version instanceof OllamaProtocolError, body);
      }
    }));

  test(`a prewarm with an error line in a 200 resolves with false (${wire.name})`, () =>
    withoutLeaks(async () => {
      await using server = await startRawServer(
        (socket) => void socket.write(json('200 OK', { error: 'CUDA error: something' })),
      );
      await using client = wire.clientFor(server.url);
      assert.equal(await client.prewarm(), false);
    }));
}

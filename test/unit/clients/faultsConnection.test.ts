/** Connections and time: no connection, silence, a server that is only slow. */
import assert from 'node:assert/strict';
import { lookup } from 'node:dns/promises';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { OllamaConnectionError, OllamaError, OllamaTimeoutError } from '../../../src/ollama/index.ts';
import { startDouble, startRawServer } from '../../support/double/index.ts';
import {
  chunk,
  chunked,
  failureOf,
  lastChunk,
  outcomeOf,
  sized,
  streamHead,
  written,
} from '../../support/faults.ts';
import { withoutLeaks } from '../../support/leaks.ts';
import { listening, refusedPort, takeInBursts, unacceptingPort } from '../../support/slowServers.ts';
import { wholeOf, wires } from '../../support/wires.ts';

for (const wire of wires) {
  test(`refused (${wire.name})`, () =>
    withoutLeaks(async () => {
      await using client = wire.clientFor(`http://127.0.0.1:${await refusedPort()}`);
      const error = await failureOf(client.generate({ prompt: 'x' }));
      assert.ok(error instanceof OllamaConnectionError && error.kind === 'unreachable');
      assert.match(error.message, /Nothing answers at .*start /);
      assert.equal(error.partialText, '');
      assert.equal(await client.healthCheck(), false);
      assert.equal(await client.prewarm(), false);
      assert.deepEqual(await client.listModels(), []);
    }));

  test(`a host that does not exist (${wire.name})`, () =>
    withoutLeaks(async () => {
      await using client = wire.clientFor('http://nowhere.invalid:11434');
      const error = await failureOf(client.generate({ prompt: 'x' }));
      assert.ok(error instanceof OllamaConnectionError, String(error));
      assert.match(error.message, /is not known/);
    }));

  test(`connected and silent, then silent in mid-stream (${wire.name})`, () =>
    withoutLeaks(async () => {
      let answers: (string | Buffer)[] = [''];
      await using server = await startRawServer(
        (socket) => void written(socket, Buffer.concat(answers.map((a) => Buffer.from(a as string)))),
      );
      await using client = wire.clientFor(server.url, { idleTimeoutMs: 60 });
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
      answers = [streamHead, chunk(wire.piece('one'))];
      await silent('one');
      answers = [streamHead, chunk(wire.piece('one') + wire.piece('two').slice(0, 40))];
      await silent('one');
      answers = [chunked(wholeOf(wire))];
      assert.equal((await client.generate({ prompt: 'x' })).text, 'one two');
    }));

  test(`slow but steady for longer than any limit succeeds (${wire.name})`, () =>
    withoutLeaks(async () => {
      const texts = Array.from({ length: 12 }, (_, index) => `${index} `);
      await using double = await startDouble({ protocol: wire.protocol, answer: () => texts });
      void double.faultNext({ kind: 'trickle', bytes: 100_000, pace: 40 });
      await using client = wire.clientFor(double.url, { connectTimeoutMs: 200, idleTimeoutMs: 300 });
      assert.equal((await client.generate({ prompt: 'x' })).text, texts.join(''));
    }));

  test(`the first byte may take many times the connect timeout (${wire.name})`, () =>
    withoutLeaks(async () => {
      await using server = await startRawServer(async (socket) => {
        await sleep(250);
        await written(socket, chunked(wholeOf(wire)));
      });
      await using client = wire.clientFor(server.url, { connectTimeoutMs: 40 });
      assert.equal((await client.generate({ prompt: 'x' })).text, 'one two');
    }));

  test(`the server goes away and comes back between two requests (${wire.name})`, () =>
    withoutLeaks(async () => {
      await using double = await startDouble({ protocol: wire.protocol });
      await using client = wire.clientFor(double.url);
      await client.generate({ prompt: 'x' });
      await double.stop();
      const error = await failureOf(client.generate({ prompt: 'x' }));
      assert.ok(error instanceof OllamaConnectionError, String(error));
      await double.start();
      assert.ok((await client.generate({ prompt: 'x' })).text);
    }));

  test(
    `a connection that is not accepted ends at the connect timeout (${wire.name})`,
    { skip: process.platform !== 'linux' },
    () =>
      withoutLeaks(async () => {
        const { port, close } = await unacceptingPort();
        const client = wire.clientFor(`http://127.0.0.1:${port}`, {
          connectTimeoutMs: 150,
          idleTimeoutMs: 150,
        });
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

  test(`a blocked process does not blame the server (${wire.name})`, () =>
    withoutLeaks(async () => {
      await using double = await startDouble({ protocol: wire.protocol });
      await using client = wire.clientFor(double.url, { connectTimeoutMs: 80, idleTimeoutMs: 80 });
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

  test(`headers that trickle are not silence (${wire.name})`, () =>
    withoutLeaks(async () => {
      await using server = await startRawServer(async (socket, { path }) => {
        if (path !== wire.path) return void socket.write(sized('200 OK', wire.others));
        for (const byte of Buffer.from(streamHead.slice(0, 24))) {
          await written(socket, Buffer.of(byte));
          await sleep(15);
        }
        await written(
          socket,
          Buffer.concat([Buffer.from(streamHead.slice(24)), chunk(wholeOf(wire)), Buffer.from(lastChunk)]),
        );
      });
      await using client = wire.clientFor(server.url, { idleTimeoutMs: 250 });
      assert.equal((await client.generate({ prompt: 'x' })).text, 'one two');
    }));

  test(`a long upload to a slow server is not silence (${wire.name})`, () =>
    withoutLeaks(async () => {
      let bursts = 0;
      await using listener = await listening(
        createServer((socket) => takeInBursts(wire, socket, 4_000_000, 60, () => bursts++)),
      );
      // More bytes than the system buffers, so that the bytes sent show that the server reads.
      await using client = wire.clientFor(listener.url, { idleTimeoutMs: 250 });
      assert.equal((await client.generate({ prompt: 'x'.repeat(24_000_000) })).text, 'one two');
      assert.ok(bursts >= 5, 'it took longer than the limit, else this proves nothing');
    }));

  test(`an error before the request was read (${wire.name})`, () =>
    withoutLeaks(async () => {
      const server = createServer((socket) => {
        socket.on('error', () => {});
        socket.once('data', () => {
          socket.pause();
          socket.end(sized('413 Request Entity Too Large', 'too large', { Connection: 'close' }));
        });
      });
      await using listener = await listening(server);
      await using client = wire.clientFor(listener.url);
      const error = (await failureOf(client.generate({ prompt: 'x'.repeat(200_000) }))) as OllamaError;
      assert.ok(error instanceof OllamaError, String(error));
      assert.equal(error.status, 413);
    }));

  for (const [family, host] of [
    ['IPv4', '127.0.0.1'],
    ['IPv6', '::1'],
  ] as const) {
    test(`"localhost" finds a server that listens on ${family} only (${wire.name})`, async (t) => {
      const addresses = await lookup('localhost', { all: true });
      if (!addresses.some(({ address }) => address === host))
        return t.skip(`localhost has no ${family} address here`);
      await using server = await startRawServer((socket) => void socket.write(chunked(wholeOf(wire))), {
        host,
      });
      await using client = wire.clientFor(`localhost:${server.port}`);
      assert.equal((await client.generate({ prompt: 'x' })).text, 'one two');
    });
  }
}

/** Many calls and unusual readers at once, and a client that is closed and used again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OllamaConnectionError } from '../../../src/ollama/index.ts';
import { startDouble, startRawServer } from '../../support/double/index.ts';
import { chunk, chunked, failureOf, lastChunk, outcomeOf, streamHead } from '../../support/faults.ts';
import { wholeOf, wires } from '../../support/wires.ts';
import { listenersOf, withoutLeaks } from '../../support/leaks.ts';

for (const wire of wires) {
  test(`${wire.name}: an unread stream sends nothing`, () =>
    withoutLeaks(async () => {
      await using double = await startDouble({ protocol: wire.protocol });
      await using client = wire.clientFor(double.url);
      const stream = client.stream({ prompt: 'x' });
      assert.deepEqual(await stream.return({} as never), { done: true, value: {} });
      assert.deepEqual(await stream.next(), { done: true, value: undefined });
      assert.equal(double.requests.length, 0);
    }));

  test(`${wire.name}: several calls of next at once get the events in order`, () =>
    withoutLeaks(async () => {
      await using double = await startDouble({ protocol: wire.protocol, answer: () => ['a', 'b', 'c'] });
      await using client = wire.clientFor(double.url);
      const stream = client.stream({ prompt: 'x' });
      const steps = await Promise.all(Array.from({ length: 9 }, () => stream.next()));
      const texts = steps.flatMap(({ done, value }) => (!done && value.type === 'text' ? [value.text] : []));
      assert.deepEqual(texts, ['a', 'b', 'c']);
      assert.equal(steps.filter(({ done, value }) => done && value).length, 1, 'one of them gets the result');
    }));

  test(`${wire.name}: a next after the error finds the stream done, also after return`, () =>
    withoutLeaks(async () => {
      await using double = await startDouble({ protocol: wire.protocol });
      await using client = wire.clientFor(double.url);
      void double.faultNext({ kind: 'errorLine', at: 2, message: 'boom' });
      const stream = client.stream({ prompt: 'x' });
      while (!(await stream.next().catch(() => ({ done: true }))).done);
      assert.deepEqual(await stream.next(), { done: true, value: undefined });

      void double.faultNext({ kind: 'errorLine', at: 2, message: 'boom' });
      const other = client.stream({ prompt: 'x' });
      await other.next();
      await double.requests.at(-1)!.finished;
      await new Promise((resolve) => setImmediate(resolve));
      await other.return({} as never);
      assert.deepEqual(await other.next(), { done: true, value: undefined });
    }));

  test(`${wire.name}: 200 calls at once: all complete, never more than 50 connections`, () =>
    withoutLeaks(async () => {
      let open = 0;
      let most = 0;
      await using server = await startRawServer((socket) => void socket.write(chunked(wholeOf(wire))), {
        onConnection: (socket) => {
          most = Math.max(most, ++open);
          socket.once('close', () => open--);
        },
      });
      await using client = wire.clientFor(server.url);
      for (let round = 0; round < 3; round++) {
        const results = await Promise.all(
          Array.from({ length: 200 }, () => client.generate({ prompt: 'x' })),
        );
        assert.ok(results.every(({ text }) => text === 'one two'));
      }
      assert.ok(most <= 50, `${most} connections`);
      await client.close();
      await server.waitForNoConnections();
    }));

  test(`${wire.name}: 200 calls with one signal, aborted at once: all end, no warning, no listener`, () =>
    withoutLeaks(async () => {
      await using double = await startDouble({ protocol: wire.protocol });
      await using client = wire.clientFor(double.url);
      const gate = double.hold('firstToken');
      const controller = new AbortController();
      const { signal } = controller;
      const calls = Array.from({ length: 200 }, (_, index) =>
        index % 2
          ? failureOf(client.generateWithRetry({ prompt: 'x', signal }))
          : outcomeOf(client.stream({ prompt: 'x', signal })).then(({ error }) => error),
      );
      await gate.reached;
      controller.abort('all');
      assert.deepEqual(new Set(await Promise.all(calls)), new Set(['all']));
      assert.equal(listenersOf(signal), 0);
      await double.waitForNoConnections();
      gate.release();
      assert.ok((await client.generate({ prompt: 'x' })).text);
    }));

  test(`${wire.name}: a stream whose reader pauses does not block others, and ends when it is left`, () =>
    withoutLeaks(async () => {
      await using double = await startDouble({
        protocol: wire.protocol,
        numParallel: 2,
        answer: () => Array.from({ length: 50 }, (_, i) => `${i} `),
      });
      await using client = wire.clientFor(double.url);
      const stream = client.stream({ prompt: 'x' });
      await stream.next();
      assert.ok((await client.generate({ prompt: 'y' })).text.endsWith('49 '));
      await stream.return({} as never);
      await client.close();
      await double.waitForNoConnections();
    }));

  test(`${wire.name}: a call after close opens a new pool; close with nothing open is fine`, () =>
    withoutLeaks(async () => {
      await using double = await startDouble({ protocol: wire.protocol });
      await using client = wire.clientFor(double.url);
      await client.close();
      assert.ok(await client.healthCheck());
      await client.close();
      await client.close();
      await double.waitForNoConnections();
      assert.ok(await client.prewarm());
    }));

  // If the server loads its model before it answers, there is no loading time.
  test(
    `${wire.name}: close ends a prewarm, and one that starts right after it is independent`,
    { skip: wire.protocol === 'openai' },
    () =>
      withoutLeaks(async () => {
        await using double = await startDouble({ protocol: wire.protocol });
        await using client = wire.clientFor(double.url);
        const gate = double.hold('loading');
        const first = client.prewarm();
        const joined = client.prewarm();
        const request = await gate.reached;
        const closing = client.close();
        const second = client.prewarm();
        assert.equal(await request.finished, 'cancelled');
        gate.release();
        await closing;
        assert.deepEqual(await Promise.all([first, joined, second]), [false, false, true]);
      }),
  );

  test(`${wire.name}: a fetch that ignores its signal cannot delay an abort`, () =>
    withoutLeaks(async () => {
      await using client = wire.clientFor('http://127.0.0.1:9', {}, { fetch: () => new Promise(() => {}) });
      const controller = new AbortController();
      const calls = [
        failureOf(client.generate({ prompt: 'x', signal: controller.signal })),
        failureOf(client.installedModels(controller.signal)),
      ];
      await new Promise((resolve) => setImmediate(resolve));
      controller.abort('enough');
      assert.deepEqual(await Promise.all(calls), ['enough', 'enough']);
    }));

  test(`${wire.name}: a fetch that throws is an error like any other`, () =>
    withoutLeaks(async () => {
      const fetch = (): never => {
        throw new TypeError('no network here');
      };
      await using client = wire.clientFor('http://127.0.0.1:9', {}, { fetch });
      assert.ok((await failureOf(client.generate({ prompt: 'x' }))) instanceof OllamaConnectionError);
      assert.equal(await client.healthCheck(), false);
    }));

  test(`${wire.name}: an answer that arrives byte by byte is complete`, () =>
    withoutLeaks(async () => {
      const bytes = Buffer.concat([
        Buffer.from(streamHead),
        chunk(wire.piece('naïve 😀 ') + wholeOf(wire)),
        Buffer.from(lastChunk),
      ]);
      await using server = await startRawServer(async (socket) => {
        for (const byte of bytes) {
          socket.write(Buffer.of(byte));
          await new Promise((resolve) => setImmediate(resolve));
        }
      });
      await using client = wire.clientFor(server.url);
      assert.equal((await client.generate({ prompt: 'x' })).text, 'naïve 😀 one two');
    }));
}

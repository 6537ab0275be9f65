/** Abort, leave and close in every phase: callers are told at once, the server sees it, nothing leaks. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  OllamaConnectionError,
  type OllamaError,
  type Fetch,
  type OllamaClient,
  type StreamEvent,
} from '../../../src/ollama/index.ts';
import {
  startDouble,
  startRawServer,
  type Gate,
  type OllamaDouble,
  type RecordedRequest,
} from '../../support/double/index.ts';
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
  streamHead,
  wholeAnswer,
} from '../../support/faults.ts';
import { listenersOf, withoutLeaks } from '../../support/leaks.ts';

const generates = ({ path }: RecordedRequest): boolean => path === '/api/generate';

/** Where the server holds a request. */
const places: Record<string, (double: OllamaDouble) => Gate> = {
  'while the model loads': (double) => double.hold('loading', generates),
  'while the prompt is read': (double) => double.hold('reading', generates),
  'in mid-stream': (double) => double.hold({ afterTokens: 3 }, generates),
  'before the last line': (double) => double.hold('final', generates),
};

const reasons: [name: string, reason: unknown, expected?: (given: unknown) => void][] = [
  ['an error', new Error('enough')],
  ['a word', 'enough'],
  ['null', null],
  ['nothing', undefined, (given) => assert.equal((given as Error).name, 'AbortError')],
];

/** Reads events until the stream ends. Returns its error, or undefined. */
async function endOf(
  stream: AsyncIterable<StreamEvent>,
  seen: StreamEvent[] = [],
): Promise<{ error: unknown } | undefined> {
  try {
    for await (const part of stream) seen.push(part);
    return undefined;
  } catch (error) {
    return { error };
  }
}

for (const [fetchName, fetch] of fetches) {
  for (const [place, bring] of Object.entries(places)) {
    const each = (what: string, run: (stage: Stage) => Promise<void>): void => {
      test(`${what} ${place} (${fetchName})`, () => withoutLeaks(() => onStage(fetch, bring, run)));
    };
    for (const [name, reason, expected] of reasons) {
      each(`abort with ${name}`, async ({ client, arrived }) => {
        const controller = new AbortController();
        const end = endOf(client.stream({ prompt: 'x', signal: controller.signal }));
        const drained = failureOf(client.generate({ prompt: 'y', signal: controller.signal }));
        const request = await arrived;
        controller.abort(reason);
        const outcome = await end;
        assert.ok(outcome, 'it fails');
        if (expected) expected(outcome.error);
        else assert.equal(outcome.error, reason);
        assert.equal(await drained, outcome.error);
        assert.equal(await request.finished, 'cancelled');
        assert.equal(listenersOf(controller.signal), 0);
      });
    }
    each('break', async ({ client, arrived }) => {
      for await (const part of client.stream({ prompt: 'x' })) {
        if (part.type === 'phase') await arrived;
        break;
      }
      assert.equal(await (await arrived).finished, 'cancelled');
    });
    each('return while a next is waiting', async ({ client, arrived }) => {
      const stream = client.stream({ prompt: 'x' });
      const end = endOf({ [Symbol.asyncIterator]: () => ({ next: () => stream.next() }) });
      const request = await arrived;
      const left = await stream.return({} as never);
      assert.equal(left.done, true);
      assert.equal(await end, undefined, 'the waiting next is simply over');
      assert.equal(await request.finished, 'cancelled');
      assert.deepEqual(await stream.next(), { done: true, value: undefined });
    });
    each('throw', async ({ client, arrived }) => {
      const stream = client.stream({ prompt: 'x' });
      const first = stream.next();
      const request = await arrived;
      const own = new Error('mine');
      assert.equal(await failureOf(stream.throw(own)), own);
      await first;
      assert.equal(await request.finished, 'cancelled');
    });
    each('close', async ({ client, arrived }) => {
      const seen: StreamEvent[] = [];
      const end = endOf(client.stream({ prompt: 'x' }), seen);
      const drained = failureOf(client.generate({ prompt: 'y' }));
      const request = await arrived;
      await Promise.all([client.close(), client.close()]);
      const text = seen.map((part) => (part.type === 'text' ? part.text : '')).join('');
      const errors = [(await end)?.error, await drained];
      for (const error of errors) {
        assert.ok(error instanceof OllamaConnectionError && error.kind === 'closed');
      }
      assert.equal((errors[0] as OllamaError).partialText, text);
      assert.equal(await request.finished, 'cancelled');
    });
  }
}

interface Stage {
  client: OllamaClient;
  arrived: Promise<RecordedRequest>;
}

async function onStage(
  fetch: Fetch | undefined,
  bring: (double: OllamaDouble) => Gate,
  run: (stage: Stage) => Promise<void>,
): Promise<void> {
  await using double = await startDouble({ numParallel: 2 });
  await using client = clientFor(double.url, {}, partsOf(fetch));
  const gate = bring(double);
  await run({ client, arrived: gate.reached });
  gate.release();
  assert.ok((await client.generate({ prompt: 'again' })).text, 'the client is usable afterwards');
  await client.close();
  if (!fetch) await double.waitForNoConnections();
}

test('text that had arrived but was not read is in the error when the client is closed', () =>
  withoutLeaks(async () => {
    await using double = await startDouble({ answer: () => ['a', 'b', 'c', 'd'] });
    await using client = clientFor(double.url);
    const gate = double.hold({ afterTokens: 3 });
    const stream = client.stream({ prompt: 'x' });
    for (
      let step = await stream.next();
      !step.done && step.value.type !== 'text';
      step = await stream.next()
    );
    const request = await gate.reached;
    await request.tokens(3);
    const waiting = failureOf(
      (async () => {
        for await (const _ of stream);
      })(),
    );
    await new Promise((resolve) => setImmediate(resolve));
    await client.close();
    assert.equal(((await waiting) as OllamaError).partialText, 'abc');
  }));

for (const [fetchName, fetch] of fetches) {
  test(`a signal that was aborted already sends nothing (${fetchName})`, () =>
    withoutLeaks(async () => {
      await using double = await startDouble();
      await using client = clientFor(double.url, {}, partsOf(fetch));
      const signal = AbortSignal.abort('no');
      assert.equal(await failureOf(client.generate({ prompt: 'x', signal })), 'no');
      assert.equal(await failureOf(client.generateWithRetry({ prompt: 'x', signal })), 'no');
      assert.equal((await outcomeOf(client.stream({ prompt: 'x', signal }))).error, 'no');
      assert.equal((await outcomeOf(client.streamWithRetry({ prompt: 'x', signal }))).error, 'no');
      assert.equal(await client.healthCheck(signal), false);
      assert.equal(await client.prewarm(signal), false);
      assert.deepEqual(await client.listModels(signal), []);
      assert.equal(await failureOf(client.unload(signal)), 'no');
      assert.equal(double.connections.total, 0);
    }));

  test(`abort after any number of microtasks sends nothing or is seen by the server (${fetchName})`, () =>
    withoutLeaks(async () => {
      await using double = await startDouble();
      await using client = clientFor(double.url, {}, partsOf(fetch));
      for (let count = 0; count < 40; count++) {
        const controller = new AbortController();
        const failure = failureOf(client.generate({ prompt: 'x', signal: controller.signal }));
        for (let turn = 0; turn < count; turn++) await Promise.resolve();
        controller.abort('stop');
        assert.equal(await failure, 'stop', `after ${count} microtasks`);
        assert.equal(listenersOf(controller.signal), 0);
      }
      await client.close();
      if (!fetch) await double.waitForNoConnections();
    }));
}

test('a stream that nobody reads sends nothing', () =>
  withoutLeaks(async () => {
    await using double = await startDouble();
    await using client = clientFor(double.url);
    const stream = client.stream({ prompt: 'x' });
    assert.deepEqual(await stream.return({} as never), { done: true, value: {} });
    assert.deepEqual(await stream.next(), { done: true, value: undefined });
    assert.equal(double.requests.length, 0);
  }));

test('several next at once get the parts in order', () =>
  withoutLeaks(async () => {
    await using double = await startDouble({ answer: () => ['a', 'b', 'c'] });
    await using client = clientFor(double.url);
    const stream = client.stream({ prompt: 'x' });
    const steps = await Promise.all(Array.from({ length: 9 }, () => stream.next()));
    const texts = steps.flatMap(({ done, value }) => (!done && value.type === 'text' ? [value.text] : []));
    assert.deepEqual(texts, ['a', 'b', 'c']);
    assert.equal(steps.filter(({ done, value }) => done && value).length, 1, 'one of them gets the result');
  }));

test('a next that comes after the error finds the stream over; so does one after return', () =>
  withoutLeaks(async () => {
    await using double = await startDouble();
    await using client = clientFor(double.url);
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

test('200 calls at once: all complete, never more than 50 connections', () =>
  withoutLeaks(async () => {
    let open = 0;
    let most = 0;
    await using server = await startRawServer((socket) => void socket.write(chunked(wholeAnswer)), {
      onConnection: (socket) => {
        most = Math.max(most, ++open);
        socket.once('close', () => open--);
      },
    });
    await using client = clientFor(server.url);
    for (let round = 0; round < 3; round++) {
      const results = await Promise.all(Array.from({ length: 200 }, () => client.generate({ prompt: 'x' })));
      assert.ok(results.every(({ text }) => text === 'one two'));
    }
    assert.ok(most <= 50, `${most} connections`);
    await client.close();
    await server.waitForNoConnections();
  }));

test('200 calls with one signal, aborted at once: all end, no warning, no listener', () =>
  withoutLeaks(async () => {
    await using double = await startDouble();
    await using client = clientFor(double.url);
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

test('a stream whose reader rests is not in the way of others, and ends when it is left', () =>
  withoutLeaks(async () => {
    await using double = await startDouble({
      numParallel: 2,
      answer: () => Array.from({ length: 50 }, (_, i) => `${i} `),
    });
    await using client = clientFor(double.url);
    const stream = client.stream({ prompt: 'x' });
    await stream.next();
    assert.ok((await client.generate({ prompt: 'y' })).text.endsWith('49 '));
    await stream.return({} as never);
    await client.close();
    await double.waitForNoConnections();
  }));

test('a call after close opens a new pool; close with nothing open is fine', () =>
  withoutLeaks(async () => {
    await using double = await startDouble();
    await using client = clientFor(double.url);
    await client.close();
    assert.ok(await client.healthCheck());
    await client.close();
    await client.close();
    await double.waitForNoConnections();
    assert.ok(await client.prewarm());
  }));

test('close ends a prewarm, and one that starts right after it is its own', () =>
  withoutLeaks(async () => {
    await using double = await startDouble();
    await using client = clientFor(double.url);
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
  }));

test('a fetch that heeds no signal cannot hold up an abort', () =>
  withoutLeaks(async () => {
    await using client = clientFor('http://127.0.0.1:9', {}, { fetch: () => new Promise(() => {}) });
    const controller = new AbortController();
    const calls = [
      failureOf(client.generate({ prompt: 'x', signal: controller.signal })),
      failureOf(client.installedModels(controller.signal)),
    ];
    await new Promise((resolve) => setImmediate(resolve));
    controller.abort('enough');
    assert.deepEqual(await Promise.all(calls), ['enough', 'enough']);
  }));

test('a fetch that throws is an error like any other', () =>
  withoutLeaks(async () => {
    const fetch = (): never => {
      throw new TypeError('no network here');
    };
    await using client = clientFor('http://127.0.0.1:9', {}, { fetch });
    assert.ok((await failureOf(client.generate({ prompt: 'x' }))) instanceof OllamaConnectionError);
    assert.equal(await client.healthCheck(), false);
  }));

test('an answer that trickles byte by byte comes out whole', () =>
  withoutLeaks(async () => {
    const bytes = Buffer.concat([
      Buffer.from(streamHead),
      chunk(`${line('naïve 😀 ')}\n${wholeAnswer}`),
      Buffer.from(lastChunk),
    ]);
    await using server = await startRawServer(async (socket) => {
      for (const byte of bytes) {
        socket.write(Buffer.of(byte));
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
    await using client = clientFor(server.url);
    assert.equal((await client.generate({ prompt: 'x' })).text, 'naïve 😀 one two');
  }));

/** Abort, leave and close in every phase: callers are told at once, the server sees it, nothing leaks. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  OllamaConnectionError,
  type OllamaError,
  type ModelClient,
  type StreamEvent,
} from '../../../src/ollama/index.ts';
import {
  startDouble,
  type Gate,
  type OllamaDouble,
  type RecordedRequest,
} from '../../support/double/index.ts';
import { failureOf, outcomeOf } from '../../support/faults.ts';
import { listenersOf, withoutLeaks } from '../../support/leaks.ts';
import { wires, type Wire } from '../../support/wires.ts';

const generates = ({ path }: RecordedRequest): boolean => wires.some((wire) => wire.path === path);

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

for (const wire of wires) {
  for (const [place, bring] of Object.entries(places)) {
    const each = (what: string, run: (stage: Stage) => Promise<void>): void => {
      test(`${what} ${place} (${wire.name})`, () => withoutLeaks(() => onStage(wire, bring, run)));
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
  client: ModelClient;
  arrived: Promise<RecordedRequest>;
}

async function onStage(
  wire: Wire,
  bring: (double: OllamaDouble) => Gate,
  run: (stage: Stage) => Promise<void>,
): Promise<void> {
  await using double = await startDouble({ protocol: wire.protocol, numParallel: 2 });
  await using client = wire.clientFor(double.url);
  const gate = bring(double);
  await run({ client, arrived: gate.reached });
  gate.release();
  assert.ok((await client.generate({ prompt: 'again' })).text, 'the client is usable afterwards');
  await client.close();
  await double.waitForNoConnections();
}

for (const wire of wires) {
  test(`a signal that was aborted already sends nothing (${wire.name})`, () =>
    withoutLeaks(async () => {
      await using double = await startDouble({ protocol: wire.protocol });
      await using client = wire.clientFor(double.url);
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

  test(`abort after any number of microtasks sends nothing or is seen by the server (${wire.name})`, () =>
    withoutLeaks(async () => {
      await using double = await startDouble({ protocol: wire.protocol });
      await using client = wire.clientFor(double.url);
      for (let count = 0; count < 40; count++) {
        const controller = new AbortController();
        const failure = failureOf(client.generate({ prompt: 'x', signal: controller.signal }));
        for (let turn = 0; turn < count; turn++) await Promise.resolve();
        controller.abort('stop');
        assert.equal(await failure, 'stop', `after ${count} microtasks`);
        assert.equal(listenersOf(controller.signal), 0);
      }
      await client.close();
      await double.waitForNoConnections();
    }));

  test(`received but unread text is in the error when the client is closed (${wire.name})`, () =>
    withoutLeaks(async () => {
      await using double = await startDouble({ protocol: wire.protocol, answer: () => ['a', 'b', 'c', 'd'] });
      await using client = wire.clientFor(double.url);
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
}

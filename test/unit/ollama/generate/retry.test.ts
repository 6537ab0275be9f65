/** What is retried, when, and with which delay. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  defaultRetryPolicy,
  OllamaConnectionError,
  OllamaContextError,
  OllamaError,
  OllamaModelError,
  OllamaProtocolError,
  OllamaTimeoutError,
} from '../../../../src/ollama/index.ts';
import { retryAfterMs } from '../../../../src/http/retryAfter.ts';
import { isRetryable, retryDelayMs } from '../../../../src/http/client/retry.ts';
import { startDouble, type Fault } from '../../../support/double/index.ts';
import { clientFor, failureOf, outcomeOf, wholeAnswer } from '../../../support/faults.ts';
import { listenersOf, withoutLeaks } from '../../../support/leaks.ts';

const quick = { attempts: 3, delayMs: 1 };
const html = { 'Content-Type': 'text/html' };

test('the default policy: 3 attempts, 2 s x attempt', () => {
  assert.deepEqual(defaultRetryPolicy, { attempts: 3, delayMs: 2000 });
  const error = new OllamaConnectionError('x');
  assert.deepEqual(
    [1, 2].map((attempt) => retryDelayMs(defaultRetryPolicy, attempt, error)),
    [2000, 4000],
  );
});

test('Retry-After in seconds and as a date, never more than 30 s, never less than 0', () => {
  const now = Date.parse('Sun, 22 Nov 2026 11:27:25 GMT');
  const cases: [string | null, number | undefined][] = [
    [null, undefined],
    ['', undefined],
    ['0', 0],
    [' 7 ', 7000],
    ['3600', 30_000],
    ['99999999999999999999', 30_000],
    ['Sun, 22 Nov 2026 11:27:30 GMT', 5000],
    ['Sun, 22 Nov 2026 12:27:30 GMT', 30_000],
    ['Sun, 22 Nov 2026 11:00:00 GMT', 0],
    ['Sunday, 22-Nov-26 11:27:30 GMT', 5000],
    ['1.5', undefined],
    ['-5', undefined],
    ['soon', undefined],
    ['NaN', undefined],
  ];
  for (const [header, expected] of cases) assert.equal(retryAfterMs(header, now), expected, String(header));
});

const passing: [name: string, fault: Fault][] = [
  ['closed before the headers', { kind: 'closeBeforeHeaders' }],
  ['reset before the headers', { kind: 'resetBeforeHeaders' }],
  ['429', { kind: 'respond', status: 429 }],
  ['429 with Retry-After', { kind: 'respond', status: 429, headers: { 'Retry-After': '0' } }],
  ['503', { kind: 'respond', status: 503, body: '{"error":"server busy, please try again."}' }],
  ['502 with HTML', { kind: 'respond', status: 502, headers: html, body: '<html></html>' }],
  ['504 with HTML', { kind: 'respond', status: 504, headers: html, body: '<html></html>' }],
  [
    'a dead runner',
    { kind: 'respond', status: 500, body: '{"error":"model runner has unexpectedly stopped"}' },
  ],
  [
    'a load that took too long',
    {
      kind: 'respond',
      status: 500,
      body: '{"error":"timed out waiting for llama-server to start - progress 0.5"}',
    },
  ],
  [
    'an error line of a dead runner, first',
    { kind: 'errorLine', at: 0, message: 'an error was encountered while running the model: unexpected EOF' },
  ],
  ['closed after the headers', { kind: 'cut', how: 'close', afterLines: 0, plusBytes: 5 }],
  ['ended without a line', { kind: 'cut', how: 'end', afterLines: 0 }],
];

for (const [name, fault] of passing) {
  test(`retried: ${name}`, () =>
    withoutLeaks(async () => {
      await using double = await startDouble();
      await using client = clientFor(double.url);
      for (let count = 0; count < 2; count++) void double.faultNext(fault);
      const { text, result, retries, error } = await outcomeOf(
        client.streamWithRetry({ prompt: 'x' }, quick),
      );
      assert.equal(error, undefined);
      assert.equal(text, result?.text);
      assert.deepEqual(
        retries.map(({ attempt }) => attempt),
        [1, 2],
      );
      assert.ok(retries.every(({ error }) => error instanceof OllamaError && error.partialText === ''));

      // On a kept connection, a connection error would cost one more invisible retry.
      await client.close();
      for (let count = 0; count < 3; count++) void double.faultNext(fault);
      const before = double.requests.length;
      assert.ok((await failureOf(client.generateWithRetry({ prompt: 'x' }, quick))) instanceof OllamaError);
      assert.equal(double.requests.length - before, 3, 'three attempts, not more');
      assert.ok((await client.generateWithRetry({ prompt: 'x' }, quick)).text);
    }));
}

const lasting: [name: string, fault: Fault][] = [
  [
    'a wrong option',
    { kind: 'respond', status: 500, body: '{"error":"option \\"num_ctx\\" must be of type integer"}' },
  ],
  ['any other 500', { kind: 'respond', status: 500, body: '{"error":"who knows"}' }],
  ['a damaged model', { kind: 'respond', status: 500, body: '{"error":"invalid file magic"}' }],
  ['an unknown model', { kind: 'respond', status: 404, body: '{"error":"model \'tiny\' not found"}' }],
  ['400', { kind: 'respond', status: 400, body: '{"error":"invalid model name"}' }],
  ['401', { kind: 'respond', status: 401, body: '{"error":"unauthorized"}' }],
  ['403', { kind: 'respond', status: 403 }],
  [
    'a prompt that is too long',
    { kind: 'respond', status: 400, body: '{"error":"the input length exceeds the context length"}' },
  ],
  ['another program', { kind: 'respond', status: 200, headers: html, body: '<html>\n</html>\n' }],
  ['a redirect elsewhere', { kind: 'redirect', to: 'http://127.0.0.1:9/' }],
  ['a line that is not JSON', { kind: 'insert', at: 0, text: 'oops\n' }],
];

for (const [name, fault] of lasting) {
  test(`not retried: ${name}`, () =>
    withoutLeaks(async () => {
      await using double = await startDouble();
      await using client = clientFor(double.url);
      void double.faultNext(fault);
      const { error, retries } = await outcomeOf(client.streamWithRetry({ prompt: 'x' }, quick));
      assert.ok(error instanceof OllamaError, String(error));
      assert.deepEqual([retries.length, double.requests.length], [0, 1]);
    }));
}

for (const [name, fault] of [
  ['cut', { kind: 'cut', how: 'reset', afterLines: 2 }],
  ['ended', { kind: 'cut', how: 'end', afterLines: 2 }],
  [
    'an error line',
    { kind: 'errorLine', at: 2, message: 'an error was encountered while running the model: unexpected EOF' },
  ],
  ['out of memory', { kind: 'errorLine', at: 2, message: 'CUDA error: out of memory' }],
] as [string, Fault][]) {
  test(`not retried once text has been delivered, drained or not: ${name}`, () =>
    withoutLeaks(async () => {
      await using double = await startDouble({ answer: () => ['one ', 'two ', 'three'] });
      await using client = clientFor(double.url);
      void double.faultNext(fault);
      const { error, text, retries } = await outcomeOf(client.streamWithRetry({ prompt: 'x' }, quick));
      assert.deepEqual(
        [text, (error as OllamaError).partialText, retries.length],
        ['one two ', 'one two ', 0],
      );
      void double.faultNext(fault);
      const drained = (await failureOf(client.generateWithRetry({ prompt: 'x' }, quick))) as OllamaError;
      assert.deepEqual([drained.partialText, double.requests.length], ['one two ', 2]);
    }));
}

test('delivered thinking counts as text', () =>
  withoutLeaks(async () => {
    await using double = await startDouble({
      models: [{ name: 'tiny', capabilities: ['completion', 'thinking'] }],
    });
    await using client = clientFor(double.url);
    void double.faultNext({ kind: 'cut', how: 'reset', afterLines: 1 });
    const { error, thinking } = await outcomeOf(client.streamWithRetry({ prompt: 'x' }, quick));
    assert.ok(error instanceof OllamaProtocolError && thinking !== '');
    assert.equal(double.requests.length, 1);
  }));

test('one attempt means one; generate and stream make one', () =>
  withoutLeaks(async () => {
    await using double = await startDouble();
    await using client = clientFor(double.url);
    const calls = [
      () => client.generateWithRetry({ prompt: 'x' }, { attempts: 1, delayMs: 1 }),
      () => client.generate({ prompt: 'x' }),
      async () => {
        for await (const _ of client.stream({ prompt: 'x' }));
      },
    ];
    for (const call of calls) {
      void double.faultNext({ kind: 'respond', status: 503 });
      assert.ok((await failureOf(call())) instanceof OllamaError);
    }
    assert.equal(double.requests.length, 3);
  }));

test("the server's delay counts more than the policy's; the event has the delay", () =>
  withoutLeaks(async () => {
    await using double = await startDouble();
    await using client = clientFor(double.url);
    void double.faultNext({ kind: 'respond', status: 429, headers: { 'Retry-After': '900' } });
    const stream = client.streamWithRetry({ prompt: 'x' }, quick);
    for await (const part of stream) {
      if (part.type !== 'retry') continue;
      assert.deepEqual([part.attempt, part.delayMs, part.error.status], [1, 30_000, 429]);
      break;
    }
  }));

test('the waiting ends at once on abort, on leaving, on close', () =>
  withoutLeaks(async () => {
    await using double = await startDouble();
    await using client = clientFor(double.url);
    const busy = { kind: 'respond', status: 503, headers: { 'Retry-After': '30' } } as const;
    const controller = new AbortController();
    const ends: ((stream: AsyncGenerator) => unknown)[] = [
      () => controller.abort('enough'),
      (stream) => stream.return(undefined),
      () => client.close(),
    ];
    for (const [index, end] of ends.entries()) {
      void double.faultNext(busy);
      const stream = client.streamWithRetry({
        prompt: 'x',
        ...(index === 0 ? { signal: controller.signal } : {}),
      });
      for (
        let step = await stream.next();
        step.done || step.value.type !== 'retry';
        step = await stream.next()
      );
      const waiting = outcomeOf(stream);
      await end(stream);
      const { error } = await waiting;
      if (index === 0) assert.equal(error, 'enough');
      if (index === 1) assert.equal(error, undefined);
      if (index === 2) assert.equal((error as OllamaError).kind, 'closed');
    }
    assert.equal(listenersOf(controller.signal), 0);
    assert.equal(double.requests.length, 3);
  }));

test('a delay longer than the maximum of a timer does not fire at once', () =>
  withoutLeaks(async () => {
    await using double = await startDouble();
    await using client = clientFor(double.url);
    void double.faultNext({ kind: 'respond', status: 503 });
    const stream = client.streamWithRetry({ prompt: 'x' }, { attempts: 2, delayMs: 1e12 });
    for (
      let step = await stream.next();
      step.done || step.value.type !== 'retry';
      step = await stream.next()
    );
    void stream.next();
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(double.requests.length, 1);
    await stream.return(undefined as never);
  }));

test('a server that was down comes back during the retries', () =>
  withoutLeaks(async () => {
    await using double = await startDouble();
    await using client = clientFor(double.url);
    await client.generate({ prompt: 'x' });
    await double.stop();
    const stream = client.streamWithRetry({ prompt: 'x' }, { attempts: 5, delayMs: 5 });
    let started: Promise<void> | undefined;
    let text = '';
    for await (const part of stream) {
      if (part.type === 'retry') started ??= double.start();
      if (part.type === 'text') text += part.text;
    }
    await started;
    assert.ok(text);
  }));

test('idle timeouts are retried, gateway pages with status 200 are not', () => {
  assert.ok(isRetryable(new OllamaTimeoutError('x', { kind: 'idleTimeout' })));
  assert.ok(isRetryable(new OllamaProtocolError('x', { kind: 'cut' })));
  for (const error of [
    new OllamaProtocolError('x', { kind: 'garbled' }),
    new OllamaProtocolError('x', { kind: 'notOllama' }),
    new OllamaConnectionError('x', { kind: 'certificate' }),
    new OllamaConnectionError('x', { kind: 'closed' }),
    new OllamaModelError('x', { kind: 'damagedModel' }),
    new OllamaContextError('x', 1, 1),
    new Error('x'),
    undefined,
    'x',
  ]) {
    assert.equal(isRetryable(error), false, String(error));
  }
  assert.ok(wholeAnswer);
});

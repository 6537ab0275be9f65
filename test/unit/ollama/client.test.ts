/** The client's contract, point by point. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  checkSettings,
  defaultRetryPolicy,
  defaultSettings,
  OllamaClient,
  type Fetch,
  type Logger,
} from '../../../src/ollama/index.ts';
import { startDouble, startRawServer } from '../../support/double/index.ts';
import {
  chunked,
  clientFor,
  bothFetches,
  lastLine,
  line,
  outcomeOf,
  partsOf,
  settingsFor,
} from '../../support/faults.ts';
import { withoutLeaks } from '../../support/leaks.ts';

function recordingLogger(): { log: Logger; events: string[]; facts: string } {
  const recorder = { events: [] as string[], facts: '' };
  const note = (message: string, ...facts: unknown[]): void => {
    recorder.events.push(message);
    recorder.facts += JSON.stringify(facts);
  };
  return Object.assign(recorder, { log: { debug: note, info: note, warn: note, error: note } });
}

test('the settings of the user', () => {
  const { baseUrl, model, temperature, numCtx, numPredict, keepAlive, connectTimeoutMs, idleTimeoutMs } =
    defaultSettings;
  assert.deepEqual(
    [baseUrl, model, temperature, numCtx, numPredict, keepAlive],
    ['http://localhost:11434', 'qwen2.5:7b', 0.3, 16_384, 4096, -1],
  );
  assert.deepEqual([connectTimeoutMs, idleTimeoutMs], [10_000, 600_000]);
  assert.deepEqual(defaultRetryPolicy, { attempts: 3, delayMs: 2000 });
  checkSettings(defaultSettings);
});

test('making a client does nothing: no connection, no timer', () =>
  withoutLeaks(async () => {
    const before = process.getActiveResourcesInfo();
    const client = new OllamaClient(settingsFor('http://127.0.0.1:9'));
    assert.deepEqual(process.getActiveResourcesInfo(), before);
    await client.close();
  }));

for (const [fetchName, fetch] of bothFetches) {
  test(`health: GET /, true on 200 and on nothing else (${fetchName})`, () =>
    withoutLeaks(async () => {
      await using double = await startDouble();
      await using client = clientFor(double.url, {}, partsOf(fetch));
      assert.equal(await client.healthCheck(), true);
      assert.deepEqual(
        double.requests.map(({ method, path }) => `${method} ${path}`),
        ['GET /'],
      );
      for (const status of [204, 301, 401, 404, 500, 503]) {
        void double.faultNext({ kind: 'respond', status });
        assert.equal(await client.healthCheck(), false, String(status));
      }
      await double.stop();
      assert.equal(await client.healthCheck(), false);
    }));

  test(`generate: what is sent, and the whole result (${fetchName})`, () =>
    withoutLeaks(async () => {
      const last = {
        prompt_eval_count: 20,
        prompt_eval_duration: 5e8,
        eval_count: 30,
        eval_duration: 2e9,
        total_duration: 6e9,
        load_duration: 3e9,
        model: 'tiny:latest',
      };
      await using server = await startRawServer(
        (socket) =>
          void socket.write(
            chunked(`${line('Hello ')}\n`, `${line('world', { thinking: 'hm' })}\n`, `${lastLine(last)}\n`),
          ),
      );
      await using client = clientFor(server.url, {}, partsOf(fetch));
      const result = await client.generate({ prompt: 'Say hello', system: 'Be brief' });
      assert.deepEqual(result, {
        text: 'Hello world',
        thinking: 'hm',
        toolCalls: [],
        model: 'tiny:latest',
        promptTokens: 20,
        completionTokens: 30,
        totalTokens: 50,
        totalDurationMs: 6000,
        loadDurationMs: 3000,
        promptDurationMs: 500,
        tokensPerSecond: 15,
        doneReason: 'stop',
        numCtx: 16_384,
      });
      const [request] = server.requests;
      assert.deepEqual(
        [request?.method, request?.path, request?.headers['connection']],
        ['POST', '/api/generate', 'keep-alive'],
      );
      assert.deepEqual(JSON.parse(request?.body ?? ''), {
        model: 'tiny',
        prompt: 'Say hello',
        system: 'Be brief',
        stream: true,
        truncate: false,
        keep_alive: -1,
        options: { num_ctx: 16_384, temperature: 0.3, num_predict: 4096 },
      });
    }));

  test(`stream: text and thinking as they come, the same result (${fetchName})`, () =>
    withoutLeaks(async () => {
      await using double = await startDouble({
        models: [{ name: 'tiny', capabilities: ['completion', 'thinking'] }],
        thinking: () => ['let me ', 'see'],
        answer: () => ['one ', 'two'],
      });
      await using client = clientFor(double.url, {}, partsOf(fetch));
      const gate = double.hold({ afterTokens: 3 });
      const stream = client.stream({ prompt: 'x' });
      const seen: string[] = [];
      for (let step = await stream.next(); !step.done; step = await stream.next()) {
        if (step.value.type !== 'phase' && 'text' in step.value)
          seen.push(`${step.value.type}:${step.value.text}`);
        // The first text has arrived while the server still holds back the second.
        if (seen.length === 3) gate.release();
      }
      assert.deepEqual(seen, ['thinking:let me ', 'thinking:see', 'text:one ', 'text:two']);
      const whole = await client.generate({ prompt: 'x' });
      assert.deepEqual([whole.text, whole.thinking], ['one two', 'let me see']);
    }));
}

test('0 is a value, not "unset"; what is left out falls back to the settings', () =>
  withoutLeaks(async () => {
    await using double = await startDouble({ answer: () => 'x' });
    await using client = clientFor(double.url, { temperature: 0.7, numPredict: 99 });
    await client.generate({ prompt: 'x', temperature: 0, maxTokens: 0 });
    await client.generate({ prompt: 'x', temperature: 1.5, maxTokens: 5, suffix: 'end' });
    await client.generate({ prompt: 'x' });
    await using zero = clientFor(double.url, { temperature: 0, numPredict: 0, keepAlive: 0 });
    await zero.generate({ prompt: 'x' });
    // Without a limit, the answer may use all that the context window has left, so that the question is never
    // dropped.
    const rest = 16_384 - Math.ceil(49 * 1.15);
    const sent = double.requests.map(({ body }) => [
      body.options?.['temperature'],
      body.options?.['num_predict'],
      body.keep_alive,
    ]);
    assert.deepEqual(sent, [
      [0, rest, -1],
      [1.5, 5, -1],
      [0.7, 99, -1],
      [0, rest, 0],
    ]);
    assert.equal(double.requests[1]?.body.suffix, 'end');
    assert.ok(!('system' in double.requests[0]!.body) && !('suffix' in double.requests[0]!.body));
  }));

test('speed is tokens over writing time, not over load time too; nothing is divided by zero', () =>
  withoutLeaks(async () => {
    let last: Record<string, unknown> = {
      eval_count: 100,
      eval_duration: 2e9,
      load_duration: 60e9,
      total_duration: 63e9,
    };
    await using server = await startRawServer((socket) => void socket.write(chunked(`${lastLine(last)}\n`)));
    await using client = clientFor(server.url);
    assert.equal((await client.generate({ prompt: 'x' })).tokensPerSecond, 50);
    last = { eval_count: 100, eval_duration: 0 };
    assert.equal((await client.generate({ prompt: 'x' })).tokensPerSecond, 0);
  }));

test('an old server that leaves everything out', () =>
  withoutLeaks(async () => {
    await using server = await startRawServer(
      (socket) => void socket.write(chunked('{"response":"hi"}\n', '{"done":true}\n')),
    );
    await using client = clientFor(server.url);
    const { totalDurationMs, ...result } = await client.generate({ prompt: 'x' });
    assert.ok(totalDurationMs > 0, 'measured here');
    assert.deepEqual(result, {
      text: 'hi',
      thinking: '',
      toolCalls: [],
      model: 'tiny',
      promptTokens: 0,
      completionTokens: 0,
      totalTokens: 0,
      loadDurationMs: 0,
      promptDurationMs: 0,
      tokensPerSecond: 0,
      doneReason: '',
      numCtx: 16_384,
    });
  }));

test('the log never has a prompt, an answer or a key', () =>
  withoutLeaks(async () => {
    await using double = await startDouble({ answer: () => 'SECRET-answer' });
    const recorder = recordingLogger();
    await using client = clientFor(
      double.url.replace('//', '//me:SECRET-password@'),
      { headers: { 'X-Key': 'SECRET-key' } },
      { log: recorder.log },
    );
    await client.prewarm();
    void double.faultNext({ kind: 'respond', status: 503, body: '{"error":"SECRET-text"}' });
    await client.generateWithRetry(
      { prompt: 'SECRET-prompt', system: 'SECRET-system' },
      { attempts: 2, delayMs: 1 },
    );
    void double.faultNext({ kind: 'respond', status: 500, body: '{"error":"SECRET out of memory"}' });
    await client.prewarm();
    await double.stop();
    await client.prewarm();
    assert.ok(recorder.events.includes('generation_retry') && recorder.events.includes('prewarm_failed'));
    assert.doesNotMatch(recorder.facts, /SECRET/);
  }));

test('a prompt of any length and any characters arrives as it is', () =>
  withoutLeaks(async () => {
    await using double = await startDouble({ tokenize: () => ['x'] });
    await using client = clientFor(double.url);
    const prompt = 'naïve 😀 \u0000 "\\\n\u2028 \ud83d'.repeat(20_000);
    await client.generate({ prompt });
    assert.equal(double.requests[0]?.body.prompt, prompt.replaceAll(/\ud83d(?!\ude00)/g, '\ud83d'));
  }));

test('an empty prompt loads the model and answers nothing', () =>
  withoutLeaks(async () => {
    await using double = await startDouble();
    await using client = clientFor(double.url);
    const { text, result } = await outcomeOf(client.stream({ prompt: '' }));
    assert.deepEqual([text, result?.text, result?.doneReason], ['', '', 'load']);
  }));

test('a custom fetch gets every request, and may answer from anywhere', () =>
  withoutLeaks(async () => {
    const urls: string[] = [];
    const fetch: Fetch = async (url) => {
      urls.push(url);
      return new Response(`${line('mine')}\n${lastLine()}\n`);
    };
    await using client = clientFor('http://ollama.test/x', {}, { fetch });
    assert.equal((await client.generate({ prompt: 'x' })).text, 'mine');
    assert.deepEqual(urls, ['http://ollama.test/x/api/generate']);
  }));

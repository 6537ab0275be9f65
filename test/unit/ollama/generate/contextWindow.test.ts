/**
 * The context window of requests and what it leaves for the answer, with a double that loads, limits and
 * refuses.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { OllamaContextError, OwnWindows, type Guard } from '../../../../src/ollama/index.ts';
import { answerLimit } from '../../../../src/http/client/answerLimit.ts';
import { defaultCharsPerToken, ModelStats } from '../../../../src/http/client/modelStats.ts';
import { estimateTokens, promptSizeOf } from '../../../../src/http/client/promptSize.ts';
import { defaultTokenize } from '../../../support/double/tokens.ts';
import { startDouble, startRawServer, type OllamaDouble } from '../../../support/double/index.ts';
import { chunked, clientFor, failureOf, lastLine, line } from '../../../support/faults.ts';
import { withoutLeaks } from '../../../support/leaks.ts';

const mib = 2 ** 20;
const code = 'const value = compute(first, second) + other[index];\n';
const numbers = Array.from({ length: 5000 }, (_, index) => `n${index} `).join('');
/** Permits everything. With a guard, the server is asked before each prompt, as in the extension. */
const guard: Guard = {
  mayContact: () => true,
  apiKey: () => Promise.resolve(undefined),
  promptSent: () => undefined,
};

function sent(double: OllamaDouble, option: 'num_ctx' | 'num_predict'): unknown[] {
  return double.requests
    .filter(({ path }) => path === '/api/generate' || path === '/api/chat')
    .map(({ body }) => body.options?.[option]);
}

/** Loads the model as another program does. */
async function loadElsewhere(double: OllamaDouble, numCtx: number): Promise<void> {
  await using other = clientFor(double.url, { numCtx });
  assert.ok(await other.prewarm());
}

test('never more than the model was trained for, from its first load on', () =>
  withoutLeaks(async () => {
    await using double = await startDouble({ models: [{ name: 'tiny', contextLength: 2048 }] });
    await using client = clientFor(double.url, {}, { guard });
    assert.equal((await client.promptBudget()).numCtx, 2048);
    assert.ok(await client.prewarm());
    assert.equal((await client.generate({ prompt: 'x' })).numCtx, 2048);
    await client.generate({ messages: [{ role: 'user', content: 'x' }] });
    assert.deepEqual(sent(double, 'num_ctx'), [2048, 2048, 2048]);
    assert.equal(double.loads.length, 1);
    assert.equal(double.requests.filter(({ path }) => path === '/api/show').length, 1, 'asked once');
  }));

test('facts learned later cause no reload, but limit the prompts', () =>
  withoutLeaks(async () => {
    await using double = await startDouble({ models: [{ name: 'tiny', contextLength: 9000 }] });
    await using client = clientFor(double.url);
    await client.generate({ prompt: 'x' });
    await client.loadedModels();
    await client.generate({ prompt: 'x' });
    await client.installedModels();
    await client.loadedModels();
    await client.generate({ prompt: 'x' });
    assert.deepEqual(sent(double, 'num_ctx'), [16_384, 16_384, 16_384]);
    assert.equal(double.loads.length, 1);
    assert.equal((await client.promptBudget()).numCtx, 9000);
    assert.equal(client.adoptedNumCtx('tiny'), undefined);
  }));

test('an answer is limited to the rest of the context window, and the result reports it', () =>
  withoutLeaks(async () => {
    await using double = await startDouble({ answer: () => numbers });
    await using client = clientFor(double.url, { numCtx: 1024 });
    for (const numPredict of [4096, 0, -1, -2]) {
      const result = await client.generate({ prompt: code.repeat(30), maxTokens: numPredict });
      assert.ok(result.promptTokens! > 300 && result.totalTokens! <= 1024, `${result.totalTokens}`);
      assert.deepEqual([result.doneReason, result.windowFull], ['length', true]);
      assert.ok(result.completionTokens! > 100);
    }
    const short = await client.generate({ prompt: code.repeat(30), maxTokens: 20 });
    assert.deepEqual(
      [short.doneReason, short.completionTokens, 'windowFull' in short],
      ['length', 20, false],
    );
    assert.deepEqual(sent(double, 'num_predict').at(-1), 20);
    assert.equal(double.loads.length, 1);
  }));

test('once the tokens of a model are known, a prompt that leaves no room for an answer is not sent', () =>
  withoutLeaks(async () => {
    await using double = await startDouble();
    await using client = clientFor(double.url, { numCtx: 1024 });
    await client.generate({ prompt: code.repeat(20) });
    const prompt = code.repeat(100).slice(0, Math.round(1005 * client.charsPerToken('tiny')));
    const error = await failureOf(client.generate({ prompt }));
    assert.ok(error instanceof OllamaContextError, String(error));
    assert.match(error.message, /no room for an answer/);
    assert.equal(sent(double, 'num_ctx').length, 1);
    assert.ok((await client.generate({ prompt, maxTokens: 1 })).promptTokens! <= 1024);
  }));

test('after a refusal the next prompt fits', () =>
  withoutLeaks(async () => {
    // One token per character: far more than any estimate.
    await using double = await startDouble({ tokenize: (text) => text.split('') });
    await using client = clientFor(double.url, { numCtx: 2048 });
    const error = await failureOf(client.generate({ prompt: code.repeat(60) }));
    assert.ok(error instanceof OllamaContextError && error.promptTokens > 3000);
    const { numCtx, charsPerToken } = await client.promptBudget();
    assert.equal(charsPerToken, 1);
    const fitting = code.repeat(Math.floor((numCtx * 0.75 * charsPerToken) / code.length));
    assert.ok((await client.generate({ prompt: fitting })).text);
  }));

test('a refusal replaces earlier measurements, even without numbers', () => {
  for (const tokens of [5000, 0]) {
    const stats = new ModelStats();
    const usual = { promptTokens: 2500, loadDurationMs: 0 } as never;
    for (let count = 0; count < 50; count++) stats.note('m', 10_000, usual);
    assert.equal(stats.charsPerToken('m'), 4);
    stats.noteRefusal('m', 10_000, tokens || 4096);
    assert.ok(10_000 / stats.charsPerToken('m') > (tokens || 4096));
    stats.noteRefusal('m', 10_000, 100);
    assert.ok(stats.charsPerToken('m') < 3, 'a refusal never makes an estimate more hopeful');
  }
});

test('a smaller context window in a refusal limits the prompts, until another one is requested', () =>
  withoutLeaks(async () => {
    const refusal =
      '{"error":"request (5000 tokens) exceeds the available context size (4096 tokens), try increasing it"}';
    await using server = await startRawServer((socket, { path }) => {
      const body = path === '/api/generate' ? refusal : '{"models":[]}';
      const status = path === '/api/generate' ? '400 Bad Request' : '200 OK';
      socket.write(`HTTP/1.1 ${status}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    });
    await using client = clientFor(server.url);
    assert.ok((await failureOf(client.generate({ prompt: code.repeat(200) }))) instanceof OllamaContextError);
    assert.deepEqual((await client.promptBudget()).numCtx, 4096);
    assert.equal(client.numCtxFor('tiny'), 16_384, 'what is sent stays as it is: no reload');
  }));

test('counts of uncached tokens only are ignored; measurements are limited', () =>
  withoutLeaks(async () => {
    let counted = 2000;
    await using server = await startRawServer((socket) => {
      socket.write(chunked(`${line('ok')}\n`, `${lastLine({ prompt_eval_count: counted })}\n`));
    });
    await using client = clientFor(server.url);
    const prompt = 'x'.repeat(8000);
    await client.generate({ prompt });
    assert.equal(client.charsPerToken('tiny'), 4);
    for (counted of [1, 5, 800, 1200]) await client.generate({ prompt });
    assert.equal(client.charsPerToken('tiny'), 4);
    for (counted of [100_000, 100_000]) await client.generate({ prompt });
    assert.equal(client.charsPerToken('tiny'), 1);
    await using fresh = clientFor(server.url);
    for (counted of [3, 900]) await fresh.generate({ prompt });
    assert.equal(fresh.charsPerToken('tiny'), defaultCharsPerToken);
  }));

for (const [other, ownSize, what] of [
  [32_768, 16_384, 'larger'],
  [8192, 16_384, 'smaller, but large enough'],
] as const) {
  test(`a ${what} context window of another program is used unchanged: prewarm, prompts, conversations`, () =>
    withoutLeaks(async () => {
      await using double = await startDouble({ models: [{ name: 'tiny', contextLength: 131_072 }] });
      await loadElsewhere(double, other);
      await using client = clientFor(double.url, { numCtx: ownSize }, { guard });
      assert.equal((await client.promptBudget()).numCtx, ownSize);
      assert.equal(client.adoptedNumCtx('tiny:latest'), other);
      assert.ok(await client.prewarm());
      assert.equal((await client.generate({ prompt: 'x' })).numCtx, other);
      await client.generate({ messages: [{ role: 'user', content: 'x' }] });
      assert.deepEqual(sent(double, 'num_ctx').slice(1), [other, other, other]);
      assert.equal(double.loads.length, 1, 'loaded once, by the other program');
      double.unload('tiny');
      await using later = clientFor(double.url, { numCtx: ownSize }, { guard });
      assert.equal((await later.generate({ prompt: 'x' })).numCtx, ownSize, 'gone: ours');
    }));
}

test('a too small context window of another program is replaced, once', () =>
  withoutLeaks(async () => {
    await using double = await startDouble({ models: [{ name: 'tiny', contextLength: 131_072 }] });
    await loadElsewhere(double, 2048);
    await using client = clientFor(double.url, {}, { guard });
    assert.equal((await client.generate({ prompt: 'x' })).numCtx, 16_384, 'less than half of ours');
    double.unload('tiny');
    await loadElsewhere(double, 10_000);
    await using other = clientFor(double.url, {}, { guard });
    assert.equal((await other.generate({ prompt: 'x' })).numCtx, 10_000);
    assert.equal(
      (await other.generate({ prompt: code.repeat(500) })).numCtx,
      16_384,
      'the prompt needs ours',
    );
    assert.equal((await other.generate({ prompt: 'x' })).numCtx, 16_384, 'no way back');
    assert.deepEqual(
      double.loads.map(({ numCtx }) => numCtx),
      [2048, 16_384, 10_000, 16_384],
    );
  }));

test('a model loaded with our own earlier settings is reloaded with the new size', () =>
  withoutLeaks(async () => {
    await using double = await startDouble();
    const ownWindows = new OwnWindows();
    for (const numCtx of [16_384, 8192]) {
      await using client = clientFor(double.url, { numCtx }, { guard, ownWindows });
      assert.ok(await client.prewarm());
      assert.equal((await client.generate({ prompt: 'x' })).numCtx, numCtx);
    }
    assert.equal(double.loads.length, 2);
  }));

test("out of memory with another program's context window: recovery starts with ours", () =>
  withoutLeaks(async () => {
    await using double = await startDouble({
      models: [{ name: 'tiny', sizeBytes: mib, memoryPerTokenBytes: 1024, contextLength: 131_072 }],
    });
    await loadElsewhere(double, 32_768);
    await using client = clientFor(double.url, {}, { guard });
    assert.equal((await client.generate({ prompt: 'x' })).numCtx, 32_768);
    // Without the client's knowledge it is unloaded, and the memory is no longer enough.
    double.unload('tiny');
    double.set({ memoryBytes: mib + 5000 * 1024 });
    const result = await client.generateWithRetry({ prompt: 'x' }, { attempts: 3, delayMs: 1 });
    assert.equal(result.numCtx, 4096);
    assert.equal(client.reducedNumCtx('tiny'), 4096);
    assert.equal(client.adoptedNumCtx('tiny'), undefined);
    await client.loadedModels();
    assert.equal((await client.generate({ prompt: 'x' })).numCtx, 4096);
  }));

test('prompt and answer fit the window, whatever the text and the limit', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', 'bc ', '7', '{', '\n', '世', 'word '),
    maxLength: 3000,
  });
  fc.assert(
    fc.property(
      text,
      fc.integer({ min: -2, max: 9000 }),
      fc.integer({ min: 600, max: 4096 }),
      (prompt, wanted, window) => {
        const size = promptSizeOf({ prompt });
        const charsPerToken = Math.min(
          8,
          Math.max(1, prompt.length / Math.max(1, defaultTokenize(prompt).length)),
        );
        const limit = answerLimit({ size, charsPerToken, isCalibrated: false, window, wanted });
        const tokens = defaultTokenize(prompt).length;
        assert.ok(wanted <= 0 || limit <= wanted);
        const estimated = estimateTokens(size, charsPerToken);
        assert.ok(prompt === '' ? limit === wanted : limit > 0);
        if (prompt && estimated * 1.15 + 32 <= window) assert.ok(tokens + limit <= window);
      },
    ),
  );
});

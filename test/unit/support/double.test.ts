import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startDouble, type OllamaDouble } from '../../support/double/index.ts';
import { getJson, joined, post, type JsonAnswer } from '../../support/double/jsonClient.ts';

function generate(double: OllamaDouble, body: object, signal?: AbortSignal): Promise<JsonAnswer> {
  return post(double, '/api/generate', { model: 'tiny', prompt: 'Why?', ...body }, signal);
}

async function* failing(): AsyncGenerator<string> {
  yield 'a';
  throw new Error('boom');
}

describe('an answer', () => {
  test('has the tokens the test gave, and a final line that counts them', async () => {
    await using double = await startDouble({ answer: () => ['one', ' two', ' <three>'] });
    const answer = await generate(double, {});
    assert.equal(joined(answer), 'one two <three>');
    assert.match(answer.text, /\\u003cthree\\u003e/);
    const last = answer.lines.at(-1)!;
    assert.equal(last['done_reason'], 'stop');
    assert.equal(last['eval_count'], 3);
    assert.equal((last['context'] as number[]).length, (last['prompt_eval_count'] as number) + 3);
  });

  test('may come from an asynchronous source, which is closed when the client disconnects', async () => {
    let cleanedUp = false;
    async function* endless(): AsyncGenerator<string> {
      try {
        for (let index = 0; ; index++) yield `${index} `;
      } finally {
        cleanedUp = true;
      }
    }
    await using double = await startDouble({ answer: endless });
    const aborter = new AbortController();
    const pending = generate(double, {}, aborter.signal);
    const request = await double.nextRequest();
    await request.tokens(50);
    aborter.abort();
    await assert.rejects(pending);
    await request.closed;
    assert.equal(request.state, 'cancelled');
    await double.waitForNoConnections();
    assert.ok(cleanedUp);
  });

  test('of a thinking model starts with thinking, unless that is disabled', async () => {
    await using double = await startDouble({
      models: [{ name: 'tiny', capabilities: ['completion', 'thinking'] }],
      thinking: () => ['hm', 'm'],
      answer: () => ['yes'],
    });
    const thought = await generate(double, {});
    assert.equal(joined(thought, 'thinking'), 'hmm');
    assert.equal(joined(thought), 'yes');
    assert.equal(joined(await generate(double, { think: false }), 'thinking'), '');
    const [whole] = (await generate(double, { stream: false })).lines;
    assert.equal(whole?.['thinking'], 'hmm');
  });

  test('is cut by num_predict and by a stop sequence that spans tokens', async () => {
    await using double = await startDouble({ answer: () => ['a', 'b', 'EN', 'D', 'c'] });
    const cut = await generate(double, { options: { num_predict: 2 } });
    assert.equal(joined(cut), 'ab');
    assert.equal(cut.lines.at(-1)?.['done_reason'], 'length');
    const stopped = await generate(double, { options: { stop: ['END'] } });
    assert.equal(joined(stopped), 'ab');
    assert.equal(stopped.lines.at(-1)?.['done_reason'], 'stop');
  });

  test('is unbounded with num_predict 0, and ten windows long without it', async () => {
    const tokens = Array.from({ length: 100 }, (_, index) => `${index}`);
    await using double = await startDouble({ answer: () => tokens, linesPerPacket: 100 });
    const count = async (num_predict: number | null): Promise<number> =>
      (await generate(double, { prompt: 'x', raw: true, options: { num_ctx: 4, num_predict } })).lines
        .length - 1;
    assert.deepEqual([await count(0), await count(-1), await count(null)], [100, 40, 40]);
  });

  test('knows system prompt, suffix, chat and raw', async () => {
    const seen: string[] = [];
    await using double = await startDouble({
      answer: ({ prompt, system, suffix }) => {
        seen.push([prompt, system, suffix].join('|'));
        return ['.'];
      },
    });
    await generate(double, { system: 'S' });
    await generate(double, { suffix: 'X' });
    const messages = [
      { role: 'system', content: 'S' },
      { role: 'user', content: 'hello' },
    ];
    await post(double, '/api/chat', { model: 'tiny', messages });
    assert.deepEqual(seen, ['Why?|S|', 'Why?||X', 'hello|S|']);
    const raw = await generate(double, { raw: true });
    assert.equal(raw.lines.at(-1)?.['context'], undefined);
  });

  test('that fails in the test becomes an error: a response at first, a line later', async () => {
    await using double = await startDouble({ answer: failing });
    const later = await generate(double, {});
    assert.deepEqual([later.status, later.lines.at(-1)], [200, { error: 'boom' }]);
    double.set({
      answer: () => {
        throw new Error('boom');
      },
    });
    const first = await generate(double, {});
    assert.deepEqual([first.status, first.lines], [500, [{ error: 'boom' }]]);
  });
});

describe('the window', () => {
  const long = 'word '.repeat(600);

  test('cuts an overlong prompt silently to half, unless truncate or shift is false', async () => {
    await using double = await startDouble();
    const options = { num_ctx: 512 };
    const silent = await generate(double, { prompt: long, options });
    assert.equal(silent.lines.at(-1)?.['prompt_eval_count'], 258);
    const refused = await generate(double, { prompt: long, options, truncate: false });
    assert.equal(refused.status, 400);
    const inner = JSON.parse(refused.lines[0]!['error'] as string) as { error: Record<string, unknown> };
    assert.equal(inner.error['n_ctx'], 512);
    assert.equal(double.loads.length, 1);
    const unshifted = await generate(double, { prompt: long, options, shift: false });
    assert.match(String(unshifted.lines[0]!['error']), /longer than the context length/);
  });

  test('is clamped to the trained length, as /api/ps shows', async () => {
    await using double = await startDouble({
      models: [{ name: 'tiny', contextLength: 8192 }],
      gpuShare: 0.5,
    });
    await generate(double, { options: { num_ctx: 100_000 } });
    const { models } = (await getJson(double, '/api/ps')) as { models: Record<string, number>[] };
    assert.equal(models[0]?.['context_length'], 8192);
    assert.equal(models[0]?.['size_vram'], (models[0]?.['size'] ?? 0) / 2);
  });

  test('is read from the cache as far as the prompt starts like an earlier one', async () => {
    await using double = await startDouble();
    const reading = async (body: object): Promise<number> =>
      (await generate(double, body)).lines.at(-1)!['prompt_eval_duration'] as number;
    const first = await reading({ prompt: `${long} one` });
    const second = await reading({ prompt: `${long} two` });
    const otherSystem = await reading({ prompt: `${long} two`, system: 'other' });
    assert.ok(second * 20 < first, `${second} against ${first}`);
    assert.ok(otherSystem > first / 2);
  });
});

/** Answers without a proper last line, and what is kept of them; and thinking that a model refuses. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OllamaError, ThinkSupport, type GenerateRequest } from '../../../../src/ollama/index.ts';
import { readInstalled } from '../../../../src/ollama/api/models.ts';
import { startDouble, startRawServer, startReplay, loadRecordings } from '../../../support/double/index.ts';
import {
  chunk,
  chunked,
  clientFor,
  json,
  lastLine,
  line,
  outcomeOf,
  sized,
  streamHead,
  wholeAnswer,
  written,
  type Outcome,
} from '../../../support/faults.ts';
import { withoutLeaks } from '../../../support/leaks.ts';

const quick = { attempts: 3, delayMs: 1 };

/** A client's results for these answers, one per request; the last answer repeats. */
async function asked(
  answers: readonly (string | Buffer)[],
  request: GenerateRequest = { prompt: 'x' },
): Promise<Outcome & { bodies: Record<string, unknown>[] }> {
  const bodies: Record<string, unknown>[] = [];
  await using server = await startRawServer(async (socket, { path, body }) => {
    if (path !== '/api/generate' && path !== '/api/chat')
      return void socket.end(sized('200 OK', '{"models":[]}'));
    bodies.push(JSON.parse(body) as Record<string, unknown>);
    await written(socket, Buffer.from(answers[Math.min(bodies.length, answers.length) - 1] as string));
  });
  await using client = clientFor(server.url);
  return { ...(await outcomeOf(client.streamWithRetry(request, quick))), bodies };
}

const fine: [name: string, bytes: Buffer, text: string][] = [
  ['a reason and no done', chunked(line('one'), '\n', `{"response":"","done_reason":"stop"}\n`), 'one'],
  ['a reason and done: false', chunked(`${line('one', { done_reason: 'stop' })}\n`), 'one'],
  [
    'a reason, and text after it',
    chunked(`${line('one ', { done_reason: 'length' })}\n${line('two')}\n`),
    'one two',
  ],
  ['null for the text', chunked(`${line('one')}\n${lastLine({ response: null, thinking: null })}\n`), 'one'],
  [
    'null in a message',
    chunked(
      '{"message":{"role":"assistant","content":null,"thinking":null,"tool_calls":null},"done":false}\n',
      '{"message":{"content":"one"},"done":false}\n{"message":null,"done":true,"done_reason":"stop"}\n',
    ),
    'one',
  ],
];

for (const [name, bytes, text] of fine)
  test(`an answer: ${name}`, () =>
    withoutLeaks(async () => {
      const { error, result, bodies } = await asked([bytes]);
      assert.deepEqual([error, result?.text, bodies.length], [undefined, text, 1]);
    }));

test('the reason is kept, but a proper last line after it counts instead', () =>
  withoutLeaks(async () => {
    const early = line('one', { done_reason: 'length' });
    assert.equal((await asked([chunked(`${early}\n`)])).result?.doneReason, 'length');
    const both = await asked([chunked(`${early}\n${lastLine()}\n`)]);
    assert.deepEqual([both.result?.doneReason, both.result?.completionTokens], ['stop', 2]);
  }));

test('an answer is complete when the connection breaks after the reason', () =>
  withoutLeaks(async () => {
    const bytes = Buffer.concat([
      Buffer.from(streamHead),
      chunk(`${line('one', { done_reason: 'stop' })}\n`),
    ]);
    await using server = await startRawServer(async (socket) => {
      await written(socket, bytes);
      socket.end();
    });
    await using client = clientFor(server.url);
    assert.equal((await client.generate({ prompt: 'x' })).text, 'one');
  }));

test('the recording of the repetition check: the text is kept, with a message', () =>
  withoutLeaks(async () => {
    const recording = loadRecordings().find(({ name }) => name === 'generate-repeat-guard')!;
    await using server = await startReplay(recording);
    await using client = clientFor(server.url);
    const { error, text } = await outcomeOf(client.stream({ prompt: 'x' }));
    assert.ok(error instanceof OllamaError && error.kind === 'repeated', String(error));
    assert.equal(error.partialText, text);
    assert.equal(text, ' await'.repeat(31));
    assert.match(error.message, /repeated itself/);
  }));

test('an answer that ends early without repetition is incomplete', () =>
  withoutLeaks(async () => {
    const lines = (token: (index: number) => string): Buffer =>
      chunked(...Array.from({ length: 40 }, (_, index) => `${line(token(index))}\n`));
    const kindOf = async (bytes: Buffer): Promise<unknown> =>
      ((await asked([bytes])).error as OllamaError).kind;
    assert.equal(await kindOf(lines((index) => `${index} `)), 'cut');
    assert.equal(
      await kindOf(lines((index) => (index < 38 ? 'x ' : 'y '))),
      'cut',
      'the end is another token',
    );
    assert.equal(await kindOf(lines((index) => ' '.repeat(index % 3) + 'x')), 'repeated');
    const whole = lines(() => 'x')
      .toString('latin1')
      .slice(0, -5);
    assert.equal((await asked([`${whole}${chunk(`${lastLine()}\n`).toString()}0\r\n\r\n`])).error, undefined);
  }));

const unparsable = `{"error":"error parsing tool call: raw='{\\"a\\":' err=unexpected end of JSON input"}\n`;

test('an answer that the server cannot parse is requested once more, also after thinking', () =>
  withoutLeaks(async () => {
    const broken = chunked(`${line('', { thinking: 'hm' })}\n`, unparsable);
    const better = await asked([broken, chunked(wholeAnswer)]);
    assert.deepEqual([better.error, better.text, better.bodies.length], [undefined, 'one two', 2]);
    const never = await asked([broken]);
    assert.equal((never.error as OllamaError).kind, 'unparsable');
    assert.deepEqual([never.bodies.length, never.retries.length], [2, 1]);
    const late = await asked([chunked(`${line('one')}\n`, unparsable)]);
    assert.deepEqual([late.bodies.length, (late.error as OllamaError).partialText], [1, 'one']);
  }));

const refusal = json('400 Bad Request', { error: '"tiny" does not support thinking' });
const badLevel = json('400 Bad Request', { error: 'think value "low" is not supported for this model' });

test('a model that does not think is asked again without it, invisibly', () =>
  withoutLeaks(async () => {
    const { error, text, retries, bodies } = await asked([refusal, chunked(wholeAnswer)], {
      prompt: 'x',
      think: true,
    });
    assert.deepEqual([error, text, retries], [undefined, 'one two', []]);
    const [first, second] = bodies;
    assert.deepEqual([first?.['think'], 'think' in second!], [true, false]);
    const { think: _, ...rest } = first!;
    assert.deepEqual(rest, second, 'nothing else differs');
  }));

test('a refusal of an option that was not sent is an error, and not repeated', () =>
  withoutLeaks(async () => {
    const { error, bodies } = await asked([refusal], { prompt: 'x' });
    assert.deepEqual([(error as OllamaError).kind, bodies.length], ['thinkUnsupported', 1]);
  }));

test('it is remembered for the model of that server, also by the next client', () =>
  withoutLeaks(async () => {
    await using double = await startDouble({
      models: [{ name: 'tiny' }, { name: 'agent', capabilities: ['completion', 'thinking'] }],
    });
    const thinkSupport = new ThinkSupport();
    for (const think of [true, 'low'] as const) {
      await using client = clientFor(double.url, {}, { thinkSupport });
      await client.generateWithRetry({ prompt: 'x', think }, quick);
      await client.generateWithRetry({ prompt: 'x', think, model: 'agent' }, quick);
    }
    const sent = double.requests
      .filter(({ path }) => path === '/api/generate')
      .map(({ body }) => [body['model'], body['think']]);
    assert.deepEqual(sent, [
      ['tiny', true],
      ['tiny', undefined],
      ['agent', true],
      ['tiny', undefined],
      ['agent', 'low'],
    ]);
    assert.equal(double.loads.length, 2, 'thinking reloads nothing');
  }));

test('a level that a model does not know does not prevent switching thinking off', () =>
  withoutLeaks(async () => {
    const thinkSupport = new ThinkSupport();
    const answers = [badLevel, chunked(wholeAnswer)];
    const sent: unknown[] = [];
    await using server = await startRawServer(async (socket, { body }) => {
      sent.push((JSON.parse(body) as { think?: unknown }).think);
      await written(socket, answers[Math.min(sent.length, 2) - 1]!);
    });
    await using client = clientFor(server.url, {}, { thinkSupport });
    for (const think of ['low', false] as const)
      await client.generateWithRetry({ prompt: 'x', think }, quick);
    assert.deepEqual(sent, ['low', undefined, false]);
  }));

test('models that know only levels get levels', () => {
  const support = new ThinkSupport();
  const value = (think: GenerateRequest['think'], model = 'gpt-oss:20b') =>
    support.valueFor('http://h', model, think);
  assert.deepEqual(
    [false, true, 'high' as const, undefined].map((think) => value(think)),
    ['low', 'medium', 'high', undefined],
  );
  assert.equal(value(false, 'someone/gpt-oss:latest'), 'low');
  assert.equal(value(false, 'qwen3:4b'), false);
  support.learn(
    'http://h',
    readInstalled({ models: [{ name: 'mine:latest', details: { family: 'gptoss' } }] }),
  );
  assert.deepEqual(
    [value(false, 'mine'), value(false, 'Mine:latest'), value(false, 'mine:7b')],
    ['low', 'low', false],
  );
  assert.equal(support.valueFor('http://other', 'mine', false), false, 'of that server alone');
});

test('null leaves temperature to the model and keep_alive to the server, at loading too', () =>
  withoutLeaks(async () => {
    await using double = await startDouble();
    await using client = clientFor(double.url, { temperature: null, keepAlive: null });
    await client.prewarm();
    await client.generate({ prompt: 'x' });
    await client.generate({ prompt: 'x', temperature: 0 });
    const sent = double.requests
      .filter(({ path }) => path === '/api/generate')
      .map(({ body }) => ['keep_alive' in body, (body.options as Record<string, unknown>)['temperature']]);
    assert.deepEqual(sent, [
      [false, undefined],
      [false, undefined],
      [false, 0],
    ]);
    assert.equal(double.loads.length, 1);
  }));

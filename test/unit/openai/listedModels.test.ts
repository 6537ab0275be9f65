/** With a guard, a prompt goes only to a model that the server lists, under its name there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OllamaModelNotFoundError, type Guard, type OllamaError } from '../../../src/ollama/index.ts';
import { startDouble, type DoubleOptions, type OllamaDouble } from '../../support/double/index.ts';
import { failureOf, outcomeOf } from '../../support/faults.ts';
import { withoutLeaks } from '../../support/leaks.ts';
import { openAIClientFor } from '../../support/wires.ts';

const guard: Guard = {
  mayContact: () => true,
  apiKey: () => Promise.resolve(undefined),
  promptSent: () => undefined,
};
const openai: DoubleOptions = {
  protocol: 'openai',
  answer: () => ['one'],
  models: [{ name: 'first' }, { name: 'second' }],
};
const asked = ({ requests }: OllamaDouble): unknown[] =>
  requests.filter(({ method }) => method === 'POST').map(({ body }) => (body as { model?: string }).model);

for (const [model, sent] of [
  ['', 'first'],
  ['second', 'second'],
] as const)
  test(`"${model}" is asked as "${sent}"`, () =>
    withoutLeaks(async () => {
      await using double = await startDouble(openai);
      await using client = openAIClientFor(double.url, { model }, { guard });
      await client.generate({ prompt: 'x' });
      assert.deepEqual(asked(double), [sent]);
    }));

for (const model of ['third', 'FIRST', 'first:latest', 'x://first', 'openai/first'])
  test(`"${model}", which the server does not list, gets no prompt; the error names the models`, () =>
    withoutLeaks(async () => {
      await using double = await startDouble(openai);
      await using client = openAIClientFor(double.url, { model }, { guard });
      const error = await failureOf(client.generateWithRetry({ prompt: 'x' }));
      assert.ok(error instanceof OllamaModelNotFoundError, String(error));
      assert.deepEqual([error.kind, error.model], ['modelNotFound', model]);
      assert.match(error.message, /does not have the model ".*": choose one of its models \(first, second\)/);
      assert.deepEqual(asked(double), []);
    }));

test('the same for the model of a request, and for a suggestion', () =>
  withoutLeaks(async () => {
    await using double = await startDouble(openai);
    await using client = openAIClientFor(double.url, { model: 'first' }, { guard });
    for (const request of [
      { prompt: 'x', model: 'third' },
      { prompt: 'x', suffix: 'y', model: 'third' },
    ])
      assert.ok((await failureOf(client.generate(request))) instanceof OllamaModelNotFoundError);
    assert.deepEqual(asked(double), []);
  }));

test('nothing is sent when the list cannot be read', () =>
  withoutLeaks(async () => {
    await using double = await startDouble(openai);
    void double.faultNext(({ path }) => path.endsWith('/models'), {
      kind: 'respond',
      status: 500,
      body: 'no',
    });
    await using client = openAIClientFor(double.url, { model: 'first' }, { guard });
    const error = (await failureOf(client.generate({ prompt: 'x' }))) as OllamaError;
    assert.equal(error.status, 500);
    assert.deepEqual(asked(double), []);
  }));

test('a server that is loading is waited for', () =>
  withoutLeaks(async () => {
    await using double = await startDouble({ ...openai, loading: true });
    await using client = openAIClientFor(double.url, { model: 'first' }, { guard });
    const running = outcomeOf(client.stream({ prompt: 'x' }));
    await double.nextRequest(({ path }) => path === '/health');
    double.set({ loading: false });
    const { parts, result, error } = await running;
    assert.equal(result?.text, 'one', String(error));
    assert.ok(parts.some((part) => part.type === 'phase' && part.phase === 'loading'));
  }));

test('without a guard, the name is sent as it is', () =>
  withoutLeaks(async () => {
    await using double = await startDouble(openai);
    await using client = openAIClientFor(double.url, { model: 'third' });
    await failureOf(client.generate({ prompt: 'x' })).catch(() => undefined);
    assert.deepEqual(asked(double), ['third']);
  }));

test('each prompt is recorded once, with who has asked, also one whose tokens are counted first', () =>
  withoutLeaks(async () => {
    const sent: [address: string, askedBy: string | undefined][] = [];
    const recording: Guard = { ...guard, promptSent: (address, askedBy) => sent.push([address, askedBy]) };
    await using double = await startDouble({ ...openai, defaultNumCtx: 1000 });
    await using client = openAIClientFor(double.url, { model: 'first' }, { guard: recording });
    await client.generate({ prompt: 'x', askedBy: 'some.extension' });
    await client.generate({ prompt: 'lorem '.repeat(350) });
    assert.ok(double.requests.some(({ path }) => path === '/tokenize'));
    assert.deepEqual(sent, [
      [double.url, 'some.extension'],
      [double.url, undefined],
    ]);
  }));

/** Suggestions by llama-server's own request for gaps. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { serverFormatFor } from '../../../src/completion/engine/index.ts';
import { chooseInfillModel } from '../../../src/completion/infillModel.ts';
import type { Answered } from '../../../src/completion/request.ts';
import type { SuggesterDependencies } from '../../../src/completion/suggester.ts';
import { startDouble, type DoubleOptions } from '../../support/double/index.ts';
import { withoutLeaks } from '../../support/leaks.ts';
import { suggesterFor, textOf, TypedDocument } from '../../support/suggestions.ts';
import { openAIClientFor } from '../../support/wires.ts';
import { after, before } from './typing.ts';

/** Its name says nothing about its tokens; the server knows them. */
const model = { name: 'house-model' };
const neighbors = [
  { path: 'src/b.ts', text: 'export const b = 1;\n' },
  { path: 'src/c.ts', text: 'export const c = 2;' },
];

async function makeWorld(options: DoubleOptions = {}, more: Partial<SuggesterDependencies> = {}) {
  const double = await startDouble({
    protocol: 'openai',
    models: [model],
    answer: () => 'width * height;',
    ...options,
  });
  const client = openAIClientFor(double.url, { model: model.name });
  const answers: Answered[] = [];
  const format = serverFormatFor({ ...model, capabilities: [] })!;
  const suggester = suggesterFor(client, {
    model: () => Promise.resolve({ name: model.name, format }),
    neighbors: () => Promise.resolve(neighbors),
    answered: (answer) => answers.push(answer),
    ...more,
  });
  return {
    double,
    answers,
    suggester,
    /** The bodies of its requests. */
    asked: () =>
      double.requests
        .filter(({ path }) => path === '/infill')
        .map(({ body }) => body as Record<string, unknown>),
    async [Symbol.asyncDispose]() {
      suggester.leave();
      await client.close();
      await double.close();
    },
  };
}

const inWorld = (
  body: (world: Awaited<ReturnType<typeof makeWorld>>, document: TypedDocument) => Promise<void>,
  options: DoubleOptions = {},
) =>
  withoutLeaks(async () => {
    await using world = await makeWorld(options);
    await body(world, new TypedDocument(world.suggester, before, after));
  });

describe('a suggestion of llama-server', () => {
  test('is asked for with both sides of the gap and the other files, and is streamed', () =>
    inWorld(async ({ asked, double }, document) => {
      assert.equal(textOf(await document.suggest()), 'width * height;');
      const [body = {}] = asked();
      const { input_prefix: prefix, input_suffix: suffix, input_extra: extra, stop } = body;
      assert.deepEqual([prefix, suffix, body['stream'], body['temperature']], [before, after, true, 0]);
      assert.deepEqual(
        extra,
        neighbors.map(({ path, text }) => ({ filename: path, text })),
      );
      assert.ok((stop as string[]).includes('\n'));
      assert.ok(double.requests.every(({ path, method }) => path === '/infill' || method === 'GET'));
    }));

  test('typing changes only the end of the prefix: the server reads little again, and reports it', () =>
    inWorld(async ({ asked, answers }, document) => {
      document.before = `${'const line = compute(first, second);\n'.repeat(40)}${before}`;
      await document.suggest();
      for (const key of ['1', ' ', '+', '\n']) {
        document.type(key);
        await document.suggest();
      }
      const bodies = asked();
      assert.equal(bodies.length, 5);
      for (const [at, body] of bodies.entries()) {
        assert.deepEqual(body['input_extra'], bodies[0]!['input_extra']);
        const earlier = bodies[Math.max(0, at - 1)]!['input_prefix'] as string;
        assert.ok((body['input_prefix'] as string).startsWith(earlier));
      }
      for (const { reused } of answers.slice(1)) assert.ok(reused > 0.9, String(reused));
    }));

  test('typing along costs no request, and a key that differs closes the connection', () =>
    inWorld(async ({ asked, double }, document) => {
      await document.suggest();
      document.type('width');
      assert.equal(textOf(await document.suggest()), ' * height;');
      assert.equal(asked().length, 1);
      document.type(' + ');
      const gate = double.hold({ afterTokens: 1 }, ({ path }) => path === '/infill');
      void document.suggest();
      const request = await gate.reached;
      document.type('7');
      await request.closed;
      gate.release();
    }));

  test('keeps within what the server does not cut, and moves its beginning in steps', () =>
    inWorld(async ({ asked }, document) => {
      const lines = 'const line = compute(first, second);\n'.repeat(3000);
      Object.assign(document, { before: lines, after: lines });
      await document.suggest();
      document.type('x');
      await document.suggest();
      const [first, second] = asked() as Record<string, string>[];
      assert.ok(first!['input_prefix']!.length <= 3 * 1024 && first!['input_prefix']!.length > 1000);
      assert.ok(first!['input_suffix']!.length <= 3 * 320);
      assert.equal(second!['input_prefix'], `${first!['input_prefix']}x`);
    }));

  test('has no other files where the context window has no place for them', () =>
    inWorld(
      async ({ asked }, document) => {
        await document.suggest();
        await document.suggest({ prefix: `${before}1` });
        assert.deepEqual(asked().at(-1)!['input_extra'], []);
      },
      { defaultNumCtx: 2048 },
    ));

  test('has empty texts at the beginning and at the end of a file', () =>
    inWorld(async ({ asked }, document) => {
      await document.suggest({ prefix: '', suffix: '', offset: 0 });
      const [body] = asked();
      assert.deepEqual([body!['input_prefix'], body!['input_suffix']], ['', '']);
    }));
});

test('the model is any of the server, unless each key would cost the whole prompt', async () => {
  const summary = { sizeBytes: 1e9, modifiedAt: '', digest: '', family: '', contextLength: 4096 };
  const rest = { parameterSize: '', quantization: '', capabilities: [], remoteHost: '' };
  const choose = (name: string, hasInfill: boolean) =>
    chooseInfillModel({
      wanted: '',
      inUse: name,
      installed: [{ name, ...summary, ...rest }],
      hasInfill,
      memoryBytes: undefined,
      modelInfo: () => Promise.resolve(undefined),
    });
  assert.equal((await choose('house-model', true)).format.via, 'infill');
  assert.equal((await choose('qwen2.5-coder-7b', true)).format.family?.id, 'qwen-coder');
  assert.equal((await choose('qwen2.5-coder-7b', false)).format.via, 'raw');
  await assert.rejects(choose('house-model', false), /noInfill/);
  await assert.rejects(choose('gemma3-4b', true), /rereads/);
});

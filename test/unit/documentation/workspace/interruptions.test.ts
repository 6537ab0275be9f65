// A question of the user's interrupts the page in hand, which continues afterwards.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import * as fc from 'fast-check';
import { defaultSettings, OllamaClient, type ModelClient } from '../../../../src/ollama/index.ts';
import { OpenAIClient } from '../../../../src/openai/index.ts';
import {
  startDouble,
  type AnswerRequest,
  type OllamaDouble,
  type RecordedRequest,
} from '../../../support/double/index.ts';
import { goodAnswer, modelOf, run, world, type World } from './runWorld.ts';

const paths: ReadonlySet<string> = new Set(['/api/generate', '/api/chat', '/v1/chat/completions']);
const isPage = ({ path, body }: RecordedRequest): boolean =>
  paths.has(path) && Boolean(body['prompt'] ?? body['messages']) && body['_debug_render_only'] !== true;

const promptOf = ({ body }: RecordedRequest): string =>
  body['messages'] === undefined
    ? String(body['prompt'])
    : (body['messages'] as { role: string; content: string }[]).find(({ role }) => role === 'user')!.content;

/** Before the first token, the prompt is being read. */
const pointAfter = (tokens: number) => (tokens === 0 ? 'reading' : { afterTokens: tokens });

/** Of different lengths, with line ends, code and a table. */
const longAnswer = goodAnswer
  .replace('It keeps', 'It returns a number, and keeps')
  .replace(
    'to the point.\n',
    'to the point:\n\n```ts\nif (ready) {\n  return work0();\n}\n```\n\n| a | b |\n| - | - |\n| 1 | 2 |\n',
  );

describe('a page that is interrupted', () => {
  let double: OllamaDouble;
  let client: ModelClient;
  let here: World;
  let written: number;

  /** The tokens of a text, counted when they are written. */
  async function* counted(text: string): AsyncGenerator<string> {
    for (const token of text.match(/\s?\w{1,4}|\s|[^\w\s]/g) ?? []) {
      written++;
      yield token;
    }
  }

  /** A model that continues what it has written. */
  const continuing = ({ lastRole, prompt }: AnswerRequest): AsyncGenerator<string> => {
    assert.ok(lastRole !== 'assistant' || longAnswer.startsWith(prompt), prompt);
    return counted(lastRole === 'assistant' ? longAnswer.slice(prompt.length) : longAnswer);
  };

  beforeEach(async () => {
    double = await startDouble({ answer: continuing });
    client = new OllamaClient({ ...defaultSettings, baseUrl: double.url, model: 'tiny:latest' });
    here = world(1);
    written = 0;
  });
  afterEach(async () => {
    await client.close();
    await double.close();
  });

  /** Writes a page, with a question after each of these numbers of tokens of a request. */
  async function interrupted(...after: number[]): Promise<{ page: string; requests: RecordedRequest[] }> {
    here.files.content.clear();
    const from = double.requests.length;
    let gate = after.length > 0 ? double.hold(pointAfter(after[0]!), isPage) : undefined;
    const handle = await run(here, modelOf(client));
    const ended = handle.ended.then(() => undefined);
    for (let count = 1; gate; count++) {
      const held = await Promise.race([gate.reached, ended]);
      if (!held) break;
      const question = await here.priorities.enter('own');
      assert.equal(await held.finished, 'cancelled');
      const next = after[count];
      gate.release();
      gate = next === undefined ? undefined : double.hold(pointAfter(next), isPage);
      question.end();
    }
    gate?.release();
    assert.deepEqual((await handle.ended).counts.written, 1);
    const [path] = here.files.pages;
    return {
      page: here.files.content.get(path!)!.replaceAll(/^<!-- codeworm .*|\*Written by.*/gm, ''),
      requests: double.requests.slice(from).filter(isPage),
    };
  }

  it('continues where it was, and is the same page as without questions', async () => {
    const { page } = await interrupted();
    const tokens = written;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 6 }), async (after) => {
        written = 0;
        const again = await interrupted(...after);
        assert.equal(again.page, page);
        // Of each interrupted request, at most the last word, and the token that was under way, are written again.
        assert.ok(written - tokens <= after.length * 8, `${written - tokens} after ${after.length}`);
        assert.equal(new Set(again.requests.map(promptOf)).size, 1);
      }),
      { numRuns: 15 },
    );
  });

  it('is finished although a question comes again and again after a few tokens', async () => {
    const { page } = await interrupted();
    const tokens = written;
    const questions = Math.ceil(tokens / 5);
    const again = await interrupted(...Array.from({ length: questions }, () => 8));
    assert.equal(again.page, page);
    assert.ok(again.requests.length > 5 && again.requests.length <= questions, String(again.requests.length));
  });

  it('continues on llama-server, too', async () => {
    await client.close();
    double.set({ protocol: 'openai' });
    client = new OpenAIClient({ ...defaultSettings, baseUrl: double.url, model: 'tiny' });
    const { page } = await interrupted();
    const tokens = written;
    written = 0;
    const again = await interrupted(30, 20, 5);
    assert.equal(again.page, page);
    assert.equal(again.requests.length, 4);
    assert.ok(written - tokens <= 3 * 8, `${written - tokens}`);
  });

  it('loses nothing while a question comes again and again before it has grown', async () => {
    const { page } = await interrupted();
    const tokens = written;
    written = 0;
    const again = await interrupted(40, ...Array.from({ length: 12 }, () => 0));
    assert.equal(again.page, page);
    assert.equal(again.requests.length, 14);
    assert.ok(written - tokens <= 14, `${written - tokens}`);
  });

  it('is written from the beginning, with the same prompt, where the template would end the answer', async () => {
    double.set({ models: [{ name: 'tiny', endsAnswers: true }] });
    const { page } = await interrupted();
    const again = await interrupted(30, 20);
    assert.equal(again.page, page);
    assert.ok(again.requests.every(({ path }) => path === '/api/generate'));
    assert.equal(again.requests.length, 3);
    assert.equal(new Set(again.requests.map(({ bodyText }) => bodyText)).size, 1);
  });

  it('is written from the beginning when the model has begun again, or doubles words at the seam', async () => {
    const { page } = await interrupted();
    for (const repeated of [
      () => longAnswer,
      (text: string) => text.trimEnd().split(' ').slice(-2).join(' ') + longAnswer.slice(text.length),
    ]) {
      double.set({
        answer: ({ lastRole, prompt }) => counted(lastRole === 'assistant' ? repeated(prompt) : longAnswer),
      });
      const again = await interrupted(30);
      assert.equal(again.page, page);
      assert.deepEqual(
        again.requests.map(({ path }) => path),
        ['/api/generate', '/api/chat', '/api/generate'],
      );
    }
  });

  it('is written from the beginning when the model had thought before, or is still thinking', async () => {
    double.set({
      models: [{ name: 'tiny', capabilities: ['completion', 'thinking'] }],
      thinking: () => 'Let me see.',
    });
    const { page } = await interrupted();
    const again = await interrupted(2, 40);
    assert.equal(again.page, page);
    assert.ok(again.requests.every(({ path }) => path === '/api/generate'));
  });

  it('is written from the beginning by a server that does not show its prompts', async () => {
    const { page } = await interrupted();
    const isRendering = ({ body }: RecordedRequest): boolean => body['_debug_render_only'] === true;
    void double.faultNext(isRendering, { kind: 'respond', status: 400, body: '{"error":"unknown field"}' });
    const again = await interrupted(20);
    assert.equal(again.page, page);
    assert.ok(again.requests.every(({ path }) => path === '/api/generate'));
  });
});

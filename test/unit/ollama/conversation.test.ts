import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  defaultSettings,
  OllamaClient,
  type ChatMessage,
  type GenerateRequest,
  type StreamEvent,
} from '../../../src/ollama/index.ts';
import { startDouble, type OllamaDouble } from '../../support/double/index.ts';

const file = Array.from({ length: 60 }, (_, line) => `const value${line} = compute(${line});`).join('\n');
const first = { system: 'Be brief.', prompt: `${file}\n\nExplain the file.` };

interface Turn {
  prompt: string;
  answer: string;
}

/** A question that continues a conversation. */
function asking(question: string, turns: Turn[]): GenerateRequest {
  const earlier = turns.flatMap(({ prompt, answer }): ChatMessage[] => [
    { role: 'user', content: prompt },
    { role: 'assistant', content: answer },
  ]);
  return { system: first.system, messages: [...earlier, { role: 'user', content: question }] };
}

function clientOf(double: OllamaDouble): OllamaClient {
  return new OllamaClient({ ...defaultSettings, model: 'tiny', baseUrl: double.url });
}

/** The double reports a reading time for 5,000 tokens per second, counting only what was not in its cache. */
const readTokens = (promptDurationMs: number): number => Math.round(promptDurationMs * 5);

describe('a request with messages', () => {
  test('goes to /api/chat, and the server reads only what is new', async () => {
    await using double = await startDouble();
    const client = clientOf(double);
    const one = await client.generate(first);
    assert.equal(readTokens(one.promptDurationMs), one.promptTokens);
    const history = [{ prompt: first.prompt, answer: one.text }];
    const two = await client.generate(asking('Why?', history));
    assert.ok(two.promptTokens! > one.promptTokens!, 'the whole conversation counts');
    assert.ok(readTokens(two.promptDurationMs) < 20, `${readTokens(two.promptDurationMs)} tokens were read`);
    history.push({ prompt: 'Why?', answer: two.text });
    const three = await client.generate(asking('And then?', history));
    assert.ok(
      readTokens(three.promptDurationMs) < 20,
      `${readTokens(three.promptDurationMs)} tokens were read`,
    );
    assert.deepEqual(
      double.requests.filter(({ method }) => method === 'POST').map(({ path }) => path),
      ['/api/generate', '/api/chat', '/api/chat'],
    );
    await client.close();
  });

  test('has the same runner options, so that nothing is loaded again', async () => {
    await using double = await startDouble();
    const client = clientOf(double);
    await client.generate(first);
    await client.generate(asking(first.prompt, [{ prompt: 'a', answer: 'b' }]));
    const [one, two] = double.requests.filter(({ method }) => method === 'POST').map(({ body }) => body);
    for (const field of ['model', 'options', 'keep_alive', 'truncate', 'stream'])
      assert.deepEqual(two?.[field], one?.[field], field);
    assert.deepEqual(
      Object.keys(two ?? {}).filter((key) => key === 'prompt' || key === 'system'),
      [],
    );
    assert.equal(double.loads.length, 1);
    await client.close();
  });

  test('tells thinking from text', async () => {
    await using double = await startDouble({
      models: [{ name: 'tiny', capabilities: ['completion', 'thinking'] }],
      thinking: () => 'Hm, so.',
      answer: () => 'It is so.',
    });
    const client = clientOf(double);
    const parts: StreamEvent[] = [];
    for await (const part of client.stream(asking(first.prompt, [{ prompt: 'a', answer: 'b' }])))
      parts.push(part);
    const joined = (type: string): string =>
      parts.map((part) => (part.type === type && 'text' in part ? part.text : '')).join('');
    assert.deepEqual([joined('thinking'), joined('text')], ['Hm, so.', 'It is so.']);
    await client.close();
  });

  test('that is interrupted keeps its text, and one that is too long is an error', async () => {
    await using double = await startDouble();
    const client = clientOf(double);
    const history = [{ prompt: 'a', answer: 'b' }];
    void double.faultNext({ kind: 'cut', afterLines: 3, how: 'reset' });
    await assert.rejects(client.generate(asking(first.prompt, history)), { partialText: /^This code/ });
    const long = [{ prompt: 'word '.repeat(20_000), answer: 'b' }];
    await assert.rejects(client.generate(asking(first.prompt, long)), { name: 'OllamaContextError' });
    await client.close();
  });
});

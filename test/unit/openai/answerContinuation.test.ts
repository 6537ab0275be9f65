import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { defaultSettings, type ChatMessage } from '../../../src/ollama/index.ts';
import { OpenAIClient } from '../../../src/openai/index.ts';
import { startDouble, type OllamaDouble, type RecordedRequest } from '../../support/double/index.ts';

const isRendering = ({ path }: RecordedRequest): boolean => path === '/apply-template';
const messages: ChatMessage[] = [
  { role: 'user', content: 'Write a page.' },
  { role: 'assistant', content: '## Purpose\n\nIt adds' },
];

describe('whether llama-server would continue a partial answer', () => {
  let double: OllamaDouble;
  let client: OpenAIClient;

  beforeEach(async () => {
    double = await startDouble({ protocol: 'openai', models: [{ name: 'tiny' }] });
    client = new OpenAIClient({ ...defaultSettings, baseUrl: double.url, model: 'tiny' });
  });
  afterEach(async () => {
    await client.close();
    await double.close();
  });

  it('is what it shows of its own prompt', async () => {
    assert.equal(await client.continuesAnswer({ system: 'You write pages.', messages }), true);
    assert.equal(await client.continuesAnswer({ messages: messages.slice(0, 1) }), false);
    double.set({ models: [{ name: 'tiny', endsAnswers: true }] });
    assert.equal(await client.continuesAnswer({ messages }), false);
  });

  it('is not known of a server that refuses, or shows something else', async () => {
    for (const [status, body] of [
      [200, '{}'],
      [200, '{"prompt":7}'],
      [404, '{"error":{"message":"File Not Found"}}'],
      [400, '{"error":{"message":"Assistant response prefill is incompatible with enable_thinking."}}'],
    ] as const) {
      void double.faultNext(isRendering, { kind: 'respond', status, body });
      assert.equal(await client.continuesAnswer({ messages }), false, body);
    }
  });

  it('is not asked of another server', async () => {
    void double.faultNext(({ path }) => path === '/v1/models', {
      kind: 'respond',
      status: 200,
      body: '{"data":[{"id":"tiny","owned_by":"vllm"}]}',
    });
    assert.equal(await client.continuesAnswer({ messages }), false);
    assert.deepEqual(double.requests.filter(isRendering), []);
  });
});

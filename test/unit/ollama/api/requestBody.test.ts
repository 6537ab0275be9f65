import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { requestBody } from '../../../../src/ollama/api/requestBody.ts';
import {
  defaultSettings,
  OllamaClient,
  OllamaError,
  type GenerateRequest,
  type ToolDefinition,
} from '../../../../src/ollama/index.ts';

const body = (request: GenerateRequest) => requestBody(defaultSettings, request, 'm', 4096);
const readFile: ToolDefinition = {
  name: 'read_file',
  description: 'Reads a file',
  parameters: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
};

describe('the body of a request', () => {
  test('a prompt is sent unchanged, with its images, suffix and options', () => {
    const { prompt, system, suffix, raw, images, think, messages, options } = body({
      prompt: 'p',
      system: 's',
      suffix: 'x',
      raw: true,
      images: ['aGk='],
      think: 'low',
      stop: ['<|end|>'],
      temperature: 0,
      maxTokens: 0,
    });
    assert.deepEqual(
      { prompt, system, suffix, raw, images, think, messages },
      {
        prompt: 'p',
        system: 's',
        suffix: 'x',
        raw: true,
        images: ['aGk='],
        think: 'low',
        messages: undefined,
      },
    );
    assert.deepEqual(options, { num_ctx: 4096, temperature: 0, num_predict: 0, stop: ['<|end|>'] });
  });

  test('unset options are not sent', () => {
    assert.deepEqual(Object.keys(body({ prompt: 'p', images: [], stop: [], tools: [] })).toSorted(), [
      'keep_alive',
      'model',
      'options',
      'prompt',
      'stream',
      'truncate',
    ]);
    assert.equal(body({ prompt: 'p', think: false }).think, false);
  });

  test('messages of all roles are sent with calls, results and images, the system prompt first', () => {
    const { messages, prompt } = body({
      system: 'be brief',
      messages: [
        { role: 'system', content: 'more' },
        { role: 'user', content: 'look', images: ['aGk='] },
        {
          role: 'assistant',
          content: '',
          toolCalls: [{ id: 'call_1', name: 'read_file', arguments: { path: 'README.md' } }],
        },
        { role: 'tool', content: '# Hello', toolName: 'read_file', toolCallId: 'call_1' },
      ],
    });
    assert.equal(prompt, undefined);
    assert.deepEqual(messages, [
      { role: 'system', content: 'be brief' },
      { role: 'system', content: 'more' },
      { role: 'user', content: 'look', images: ['aGk='] },
      {
        role: 'assistant',
        content: '',
        tool_calls: [
          { id: 'call_1', function: { index: 0, name: 'read_file', arguments: { path: 'README.md' } } },
        ],
      },
      { role: 'tool', content: '# Hello', tool_name: 'read_file', tool_call_id: 'call_1' },
    ]);
  });

  test('tools are sent as functions, and a prompt with them goes to the chat API', () => {
    const { messages, tools, prompt } = body({ prompt: 'read', tools: [readFile, { name: 'now' }] });
    assert.equal(prompt, undefined);
    assert.deepEqual(messages, [{ role: 'user', content: 'read' }]);
    assert.deepEqual(tools, [
      { type: 'function', function: readFile },
      { type: 'function', function: { name: 'now', parameters: { type: 'object', properties: {} } } },
    ]);
  });

  test('neither a prompt nor messages, or both, is an error of the caller, and nothing is sent', async () => {
    const client = new OllamaClient({ ...defaultSettings, baseUrl: 'http://127.0.0.1:1' });
    const both = { prompt: 'p', messages: [{ role: 'user' as const, content: 'x' }] };
    for (const request of [{}, { messages: [] }, both])
      await assert.rejects(
        client.generate(request),
        (error) =>
          error instanceof OllamaError &&
          error.kind === 'badRequest' &&
          /either a prompt/.test(error.message),
      );
    await client.close();
  });
});

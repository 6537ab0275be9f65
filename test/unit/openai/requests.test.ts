/** Requests, and repeated requests when a server does not know a field or has less space. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GenerateRequest } from '../../../src/ollama/index.ts';
import { withoutLeaks } from '../../support/leaks.ts';
import { asked, refuse, whole } from '../../support/openAIStreams.ts';

test('a request has all options in the terms of the protocol', () =>
  withoutLeaks(async () => {
    const { bodies } = await asked(() => whole, {
      system: 'be brief',
      prompt: 'what is this',
      images: ['iVBORw0KGgo=', '/9j/4AAQ'],
      stop: ['END'],
      temperature: 0,
      maxTokens: 7,
      tools: [{ name: 'read' }],
    });
    assert.deepEqual(bodies[0], {
      model: 'tiny',
      messages: [
        { role: 'system', content: 'be brief' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'what is this' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
            { type: 'image_url', image_url: { url: 'data:image/jpeg;base64,/9j/4AAQ' } },
          ],
        },
      ],
      tools: [
        { type: 'function', function: { name: 'read', parameters: { type: 'object', properties: {} } } },
      ],
      max_tokens: 7,
      temperature: 0,
      stop: ['END'],
      stream: true,
      stream_options: { include_usage: true },
    });
  }));

test('no limit and no temperature by default', () =>
  withoutLeaks(async () => {
    const { bodies } = await asked(() => whole, { prompt: 'x' }, { numPredict: -1, temperature: null });
    assert.deepEqual(Object.keys(bodies[0]!).toSorted(), ['messages', 'model', 'stream', 'stream_options']);
  }));

const refusals: [field: string, request: GenerateRequest, message: string][] = [
  ['stream_options', {}, 'Unrecognized request argument supplied: stream_options'],
  ['stream_options', {}, 'body.stream_options: Extra inputs are not permitted'],
  ['temperature', {}, "Unsupported value: 'temperature' does not support 0.3 with this model."],
  [
    'max_tokens',
    {},
    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
  ],
  ['reasoning_effort', { think: false }, "reasoning_effort: Input should be 'low', 'medium' or 'high'"],
  ['chat_template_kwargs', { think: true }, 'unknown field "chat_template_kwargs"'],
];

for (const [field, more, message] of refusals)
  test(`a server that refuses ${field} ("${message.slice(0, 30)}") is asked without it, once and from then on`, () =>
    withoutLeaks(async () => {
      const request = { prompt: 'x', maxTokens: 5, ...more };
      const { bodies, text, error } = await asked(
        (body) => (field in body ? refuse(message) : whole),
        request,
      );
      assert.deepEqual([text, error], ['one two', undefined]);
      assert.deepEqual(
        bodies.map((body) => field in body),
        [true, false, false],
      );
      if (field === 'max_tokens') assert.equal(bodies.at(-1)!['max_completion_tokens'], 5);
    }));

test('another refusal is an error at once', () =>
  withoutLeaks(async () => {
    const { bodies, error } = await asked(() => refuse('temperature must be at most 2'));
    assert.equal(bodies.length, 2);
    assert.match(String(error), /temperature must be at most 2/);
  }));

test('an answer that would be too long is limited to the rest of the window', () =>
  withoutLeaks(async () => {
    const message =
      "This model's maximum context length is 1000 tokens. However, you requested 4696 tokens (600 in the messages, 4096 in the completion).";
    const { bodies, text } = await asked((body) =>
      Number(body['max_tokens']) > 400 ? refuse(message) : whole,
    );
    assert.equal(text, 'one two');
    assert.deepEqual(
      bodies.map((body) => body['max_tokens']),
      [4096, 400, 4096, 400],
    );
  }));

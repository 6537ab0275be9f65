/** What gateways and hosted servers send differently: pieces of calls, texts in parts, and errors. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { OllamaError, type ErrorKind } from '../../../src/ollama/index.ts';
import { classify } from '../../../src/openai/errors/classify.ts';
import { chunked } from '../../support/faults.ts';
import { asked, delta, done, event } from '../../support/openAIStreams.ts';

type Fields = Record<string, unknown>;

const call = (index: unknown, id: unknown, name: unknown, args: unknown): string =>
  delta({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: args } }] });
const message = (content: Fields, reason = 'stop'): string =>
  event({ choices: [{ index: 0, message: content, finish_reason: reason }] });
const called = { index: 0, id: 'a', function: { name: 'f', arguments: '{"x":1}' } };

const streams: [name: string, events: string[], text: string, calls?: [string, Fields][]][] = [
  [
    'the whole message once more at the end',
    [delta({ content: 'h' }), delta({ content: 'i' }), message({ content: 'hi' })],
    'hi',
  ],
  ['the whole message, longer than its pieces', [delta({ content: 'h' }), message({ content: 'hi' })], 'hi'],
  [
    'messages instead of pieces',
    [message({ content: 'a' }, ''), message({ content: 'a' }, ''), message({ content: '' })],
    'aa',
  ],
  [
    'text in parts',
    [
      delta(
        {
          content: [
            { type: 'output_text', text: 'h' },
            { type: 'text', text: 'i' },
          ],
        },
        'stop',
      ),
    ],
    'hi',
  ],
  ['a refusal in a part', [delta({ content: [{ type: 'refusal', refusal: 'No.' }] }, 'stop')], 'No.'],
  ['a ping without JSON', ['event: ping\ndata: ping\n\n', delta({ content: 'hi' }, 'stop')], 'hi'],
  ['a call instead of a list', [delta({ tool_calls: called }, 'tool_calls')], '', [['f', { x: 1 }]]],
  [
    'an index in quotes',
    [call('0', 'a', 'f', '{"x":'), call('0', null, null, '1}'), delta({}, 'stop')],
    '',
    [['f', { x: 1 }]],
  ],
  [
    'a name in pieces',
    [call(0, 'a', 'get_', ''), call(0, null, 'weather', '{}'), delta({}, 'stop')],
    '',
    [['get_weather', {}]],
  ],
  [
    'a growing name',
    [call(0, 'a', 'get', ''), call(0, 'a', 'get_it', '{}'), delta({}, 'stop')],
    '',
    [['get_it', {}]],
  ],
  [
    'growing arguments',
    [call(0, 'a', 'f', '{"x"'), call(0, 'a', 'f', '{"x":1}'), delta({}, 'stop')],
    '',
    [['f', { x: 1 }]],
  ],
  [
    'a call that is repeated at the end',
    [delta({ tool_calls: [called] }), delta({ tool_calls: [called] }, 'tool_calls')],
    '',
    [['f', { x: 1 }]],
  ],
  [
    'a message that repeats its calls',
    [delta({ tool_calls: [called] }), message({ tool_calls: [called] })],
    '',
    [['f', { x: 1 }]],
  ],
  [
    'two calls of the same index without ids',
    [call(0, '', 'f', '{"x":1}'), call(0, '', 'f', '{"x":2}'), delta({}, 'stop')],
    '',
    [
      ['f', { x: 1 }],
      ['f', { x: 2 }],
    ],
  ],
  [
    'parameters instead of arguments',
    [delta({ tool_calls: [{ index: 0, id: 'a', function: { name: 'f', parameters: { x: 1 } } }] }, 'stop')],
    '',
    [['f', { x: 1 }]],
  ],
];

describe('an answer with', () => {
  for (const [name, events, text, calls = []] of streams)
    test(name, async () => {
      const outcome = await asked(() => chunked(...events, done), { prompt: 'x', tools: [{ name: 'f' }] });
      assert.equal(outcome.error, undefined);
      const got = outcome.result!;
      assert.equal(got.text, text);
      assert.deepEqual(
        got.toolCalls.map((one) => [one.name, one.arguments]),
        calls,
      );
    });

  test('thinking in parts', async () => {
    const parts = [
      { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] },
      { type: 'text', text: 'hi' },
    ];
    const { result } = await asked(() => chunked(delta({ content: parts }, 'stop'), done));
    assert.deepEqual([result?.thinking, result?.text], ['hm', 'hi']);
  });

  for (const reason of ['network_error', 'insufficient_system_resource', 'timeout', 'failed', 'server_error'])
    test(`the reason ${reason}: it is cut`, async () => {
      const { error } = await asked(() => chunked(delta({ content: 'hi' }), delta({}, reason), done));
      assert.ok(
        error instanceof OllamaError && error.kind === 'cut' && error.partialText === 'hi',
        String(error),
      );
    });

  test('a call that cannot be read names the model', async () => {
    const { error } = await asked(() => chunked(call(0, 'a', 'f', '{"x":'), delta({}, 'tool_calls'), done));
    assert.match(String(error), /The model "tiny" called a tool/);
  });
});

const says = (text: string, more: object = {}): object => ({ error: { message: text, ...more } });
const errors: [server: string, status: number | undefined, body: unknown, kind: ErrorKind, text: RegExp][] = [
  ['Gemini', 400, [says('API key not valid. Please pass a valid API key.')], 'unauthorized', /wants a key/],
  ['Gemini', 400, [says('Bad temperature')], 'badRequest', /Bad temperature/],
  ['OpenRouter', 402, says('Insufficient credits. Add more'), 'quota', /Insufficient credits/],
  ['OpenRouter', 404, says('No endpoints found that support tool use.'), 'unsupported', /tool use/],
  ['OpenRouter', 404, says('No endpoints found for foo/bar.'), 'modelNotFound', /does not have the model/],
  ['OpenRouter', 400, says('foo/bar is not a valid model ID'), 'modelNotFound', /does not have the model/],
  ['OpenRouter in a stream', undefined, says('Upstream limit', { code: 429 }), 'busy', /busy \(429\)/],
  [
    'OpenRouter in a stream',
    undefined,
    says('Provider disconnected', { code: 502 }),
    'gateway',
    /disconnected/,
  ],
  ['LiteLLM in a stream', undefined, says('boom', { code: '500' }), 'server', /500: boom/],
  [
    'Azure',
    404,
    says('The API deployment for this resource does not exist.', { code: 'DeploymentNotFound' }),
    'modelNotFound',
    /does not have/,
  ],
  ['Azure', 404, says('Resource not found', { code: '404' }), 'notOllama', /check the address/],
  ['Groq', 400, says('The model `x` has been decommissioned.'), 'modelNotFound', /decommissioned/],
  ['TabbyAPI', 400, { detail: 'No models are currently loaded.' }, 'modelNotFound', /currently loaded/],
  ['a list of errors', 500, { error: [{ message: 'bad' }, { message: 'worse' }] }, 'server', /bad; worse/],
];

for (const [server, status, body, kind, text] of errors)
  test(`${server}: ${JSON.stringify(body).slice(0, 60)} is ${kind}`, () => {
    const failed = {
      status,
      body: JSON.stringify(body),
      origin: 'http://h:1',
      path: '/v1/chat/completions',
      model: 'm',
    };
    const error = classify(failed);
    assert.equal(error.kind, kind);
    assert.match(error.message, text);
  });

const contexts: [server: string, text: string, prompt: number, window: number][] = [
  [
    'OpenRouter',
    "This endpoint's maximum context length is 8192 tokens. However, you requested about 9000 tokens (8500 of text input, 500 in the output).",
    8500,
    8192,
  ],
  ['Fireworks', 'The prompt is too long: 140000, model maximum context length: 131071', 140_000, 131_071],
  ['MLX', 'Context length exceeded: 9000 > 8192', 9000, 8192],
];

for (const [server, text, prompt, window] of contexts)
  test(`${server}: the prompt is too long`, () => {
    const failed = {
      status: 400,
      body: JSON.stringify(says(text)),
      origin: 'http://h:1',
      path: '/v1/chat/completions',
      model: 'm',
    };
    const { kind, promptTokens, contextTokens } = classify(failed) as OllamaError & {
      promptTokens: number;
      contextTokens: number;
    };
    assert.deepEqual([kind, promptTokens, contextTokens], ['contextExceeded', prompt, window]);
  });

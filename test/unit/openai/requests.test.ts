/**
 * Requests, and repeated requests when a server does not know a field or has less space; and unusual streams
 * of real servers.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GenerateRequest, OllamaSettings } from '../../../src/ollama/index.ts';
import { startRawServer } from '../../support/double/index.ts';
import { chunked, json, outcomeOf, type Outcome } from '../../support/faults.ts';
import { withoutLeaks } from '../../support/leaks.ts';
import { openAIClientFor } from '../../support/wires.ts';

type Body = Record<string, unknown>;

const event = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;
const delta = (value: Body, reason: string | null = null): string =>
  event({ choices: [{ index: 0, delta: value, finish_reason: reason }] });
const done = 'data: [DONE]\n\n';
const whole = chunked(delta({ content: 'one ' }), delta({ content: 'two' }), delta({}, 'stop'), done);
const refuse = (message: string, status = '400 Bad Request'): Buffer => json(status, { error: { message } });

/** The client's requests and its result, for a server that gives these responses in turn. */
async function asked(
  answer: (body: Body, count: number) => Buffer,
  request: GenerateRequest = { prompt: 'x' },
  settings: Partial<OllamaSettings> = {},
): Promise<Outcome & { bodies: Body[] }> {
  const bodies: Body[] = [];
  await using server = await startRawServer((socket, { method, body }) => {
    if (method !== 'POST') return void socket.write(json('200 OK', { data: [{ id: 'tiny' }] }));
    bodies.push(JSON.parse(body) as Body);
    socket.write(answer(bodies.at(-1)!, bodies.length));
  });
  await using client = openAIClientFor(server.url, settings);
  await outcomeOf(client.stream(request));
  const outcome = await outcomeOf(client.stream(request));
  return { ...outcome, bodies };
}

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

const streams: [name: string, events: string[], text: string, reason: string][] = [
  [
    'comments that keep the connection',
    [': ping\n\n', delta({ content: 'x' }), ': ping\r\n', delta({}, 'stop'), done],
    'x',
    'stop',
  ],
  [
    'CRLF',
    [delta({ content: 'x' }).replaceAll('\n', '\r\n'), delta({}, 'stop').replaceAll('\n', '\r\n')],
    'x',
    'stop',
  ],
  [
    'no space after the colon',
    [delta({ content: 'x' }).replace(': ', ':'), delta({}, 'length'), 'data:[DONE]\n\n'],
    'x',
    'length',
  ],
  [
    'one value over several lines',
    ['data: {"choices":[{"delta":\ndata: {"content":"x"}}]}\n\n', delta({}, 'stop')],
    'x',
    'stop',
  ],
  ['a reason without [DONE]', [delta({ content: 'x' }), delta({}, 'stop')], 'x', 'stop'],
  [
    'text beside the reason',
    [delta({ content: 'x' }), delta({ content: 'y' }, 'eos_token'), done],
    'xy',
    'stop',
  ],
  [
    'an event of another name',
    ['event: ping\ndata: {"type":"ping"}\n\n', delta({ content: 'x' }, 'stop'), done],
    'x',
    'stop',
  ],
  [
    "SGLang's reason",
    [delta({ content: 'x' }), event({ choices: [{ delta: {}, finish_reason: { type: 'length' } }] })],
    'x',
    'length',
  ],
  [
    'a second choice',
    [event({ choices: [{ index: 1, delta: { content: 'no' } }] }), delta({ content: 'x' }, 'stop')],
    'x',
    'stop',
  ],
  ['a mark at the beginning', [`\ufeff${delta({ content: 'x' }, 'stop')}`], 'x', 'stop'],
];

for (const [name, events, text, reason] of streams)
  test(`a stream with ${name}`, () =>
    withoutLeaks(async () => {
      const outcome = await asked(() => chunked(...events));
      assert.deepEqual([outcome.error, outcome.text, outcome.result?.doneReason], [undefined, text, reason]);
    }));

const thoughts: [name: string, value: Body][] = [
  ['reasoning_content', { reasoning_content: 'hm', content: null }],
  ['reasoning', { reasoning: 'hm', reasoning_content: '' }],
];

for (const [name, value] of thoughts)
  test(`thinking as ${name}`, () =>
    withoutLeaks(async () => {
      const { thinking, text } = await asked(() => chunked(delta(value), delta({ content: 'x' }, 'stop')));
      assert.deepEqual([thinking, text], ['hm', 'x']);
    }));

const piece = (value: Body): string => delta({ tool_calls: [value] });

test('calls in pieces: interleaved, with names repeated, without indexes, with objects', () =>
  withoutLeaks(async () => {
    const { result } = await asked(() =>
      chunked(
        piece({ index: 0, id: 'a', function: { name: 'read', arguments: '' } }),
        piece({ index: 1, id: 'b', function: { name: 'list', arguments: '{"x"' } }),
        piece({ index: 0, id: 'a', function: { name: 'read', arguments: '{"p":' } }),
        piece({ index: 1, function: { arguments: ':1}' } }),
        piece({ index: 0, function: { arguments: '"q"}' } }),
        piece({ id: 'c', function: { name: 'stat', arguments: '{"a":' } }),
        piece({ function: { arguments: '2}' } }),
        piece({ id: 'd', function: { name: 'stat', arguments: { b: 3 } } }),
        delta({}, 'tool_calls'),
        done,
      ),
    );
    assert.deepEqual(result?.toolCalls, [
      { id: 'a', name: 'read', arguments: { p: 'q' } },
      { id: 'b', name: 'list', arguments: { x: 1 } },
      { id: 'c', name: 'stat', arguments: { a: 2 } },
      { id: 'd', name: 'stat', arguments: { b: 3 } },
    ]);
  }));

const broken: [name: string, events: string[], kind: string, text: string][] = [
  ['[DONE] without a reason', [delta({ content: 'x' }), done], 'cut', 'x'],
  ['nothing but comments', [': ping\n\n'], 'cut', ''],
  ['a reason that says that it was cut', [delta({ content: 'x' }), delta({}, 'abort'), done], 'cut', 'x'],
  [
    'a call that is not whole',
    [piece({ index: 0, id: 'a', function: { name: 'read', arguments: '{"p' } }), delta({}, 'length')],
    'unparsable',
    '',
  ],
  [
    'an event called error',
    [delta({ content: 'x' }), 'event: error\ndata: {"message":"the sky fell"}\n\n'],
    'server',
    'x',
  ],
  [
    'an error in the middle',
    [delta({ content: 'x' }), event({ error: { message: 'the sky fell', code: 500 } })],
    'server',
    'x',
  ],
  ['an error that is not JSON', ['event: error\ndata: the sky fell\n\n'], 'server', ''],
  ['a filter', [delta({ content: 'x' }), delta({}, 'content_filter'), done], 'server', 'x'],
];

for (const [name, events, kind, text] of broken)
  test(`a stream with ${name} is no success`, () =>
    withoutLeaks(async () => {
      const { error, result, text: seen } = await asked(() => chunked(...events));
      const { kind: found, partialText } = error as { kind: string; partialText: string };
      assert.deepEqual([result, found, partialText, seen], [undefined, kind, text, text]);
    }));

/** Unusual streams of real servers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chunked } from '../../support/faults.ts';
import { withoutLeaks } from '../../support/leaks.ts';
import { asked, delta, done, event, type Body } from '../../support/openAIStreams.ts';

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
  [
    'CR only',
    [delta({ content: 'x' }).replaceAll('\n', '\r'), delta({}, 'stop').replaceAll('\n', '\r')],
    'x',
    'stop',
  ],
  [
    'CRLF that is cut in two',
    [delta({ content: 'x' }).replace('\n\n', '\r'), '\n\r', `\n${delta({}, 'stop')}`, done],
    'x',
    'stop',
  ],
  [
    'ids and times to reconnect',
    [`retry: 3000\nid: 7\n${delta({ content: 'x' })}`, 'id\n\n', delta({}, 'stop'), done],
    'x',
    'stop',
  ],
  [
    'an end without its empty line',
    [delta({ content: 'x' }), delta({}, 'stop'), 'data: [DONE]'],
    'x',
    'stop',
  ],
  [
    'anything after the end',
    [delta({ content: 'x' }, 'stop'), done, '<html>', delta({ content: 'no' })],
    'x',
    'stop',
  ],
  ['garbage after the reason', [delta({ content: 'x' }, 'stop'), 'data: <html>\n\n'], 'x', 'stop'],
  [
    'no choices but counts',
    [event({ choices: [] }), delta({ content: 'x' }, 'stop'), event({ choices: [], usage: null }), done],
    'x',
    'stop',
  ],
  [
    'nothing in its pieces',
    [
      event({ choices: [{ index: 0, delta: null, finish_reason: null }] }),
      event({ choices: [{ delta: { content: null, tool_calls: null } }] }),
      delta({ content: 'x' }),
      delta({}, ''),
      delta({}, 'stop'),
    ],
    'x',
    'stop',
  ],
  [
    'a reason and counts with every piece',
    ['x', 'y', 'z'].map((content) =>
      event({
        choices: [{ index: 0, delta: { content }, finish_reason: 'STOP' }],
        usage: { prompt_tokens: 1, completion_tokens: 1 },
      }),
    ),
    'xyz',
    'stop',
  ],
  ['a refusal', [delta({ content: null, refusal: 'x' }), delta({}, 'stop'), done], 'x', 'stop'],
  [
    'content in parts',
    [delta({ content: [{ type: 'text', text: 'x' }, { type: 'image' }] }, 'stop')],
    'x',
    'stop',
  ],
  ...(
    [
      ['end_turn', 'stop'],
      ['COMPLETE', 'stop'],
      ['eos', 'stop'],
      ['MAX_TOKENS', 'length'],
      ['model_length', 'length'],
      ['tool_use', 'tool_calls'],
      ['function_call', 'tool_calls'],
    ] as const
  ).map(([given, reason]): [string, string[], string, string] => [
    `the reason ${given}`,
    [delta({ content: 'x' }), delta({}, given), done],
    'x',
    reason,
  ]),
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
  ['thinking', { thinking: 'hm' }],
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

const callsOf = async (...events: string[]) =>
  (await asked(() => chunked(...events, done))).result?.toolCalls.map(({ name, arguments: args }) => [
    name,
    args,
  ]);

test('calls that all have the same index, as gateways number them', () =>
  withoutLeaks(async () => {
    const calls = await callsOf(
      piece({ index: 0, id: 'a', function: { name: 'read', arguments: '{"p":1}' } }),
      piece({ index: 0, id: 'b', function: { name: 'read', arguments: '{"p":2}' } }),
      delta({}, 'tool_calls'),
    );
    assert.deepEqual(calls, [
      ['read', { p: 1 }],
      ['read', { p: 2 }],
    ]);
  }));

test('one call whose pieces have different ids, as some versions of vLLM give them', () =>
  withoutLeaks(async () => {
    const calls = await callsOf(
      piece({ index: 0, id: 'a', function: { name: 'read', arguments: '' } }),
      piece({ index: 0, id: 'b', function: { name: null, arguments: '{"p"' } }),
      piece({ index: 0, id: 'c', function: { arguments: ':1}' } }),
      delta({}, 'tool_calls'),
    );
    assert.deepEqual(calls, [['read', { p: 1 }]]);
  }));

test('calls without an id, encoded twice, and in the older form', () =>
  withoutLeaks(async () => {
    assert.deepEqual(
      await callsOf(
        piece({ index: 0, function: { name: 'read', arguments: '"{\\"p\\":1}"' } }),
        piece({ index: 1, function: { name: 'list', arguments: null } }),
        piece({ index: 2, function: { name: 'stat', arguments: 'null' } }),
        delta({}, 'tool_calls'),
      ),
      [
        ['read', { p: 1 }],
        ['list', {}],
        ['stat', {}],
      ],
    );
    const older = await callsOf(
      delta({ function_call: { name: 'read', arguments: '{"p"' } }),
      delta({ function_call: { arguments: ':1}' } }, 'function_call'),
    );
    assert.deepEqual(older, [['read', { p: 1 }]]);
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
  [
    'no reason, ever',
    [delta({ content: 'x' }), event({ choices: [], usage: { completion_tokens: 1 } }), done],
    'cut',
    'x',
  ],
  ['the last event not complete', [delta({ content: 'x' }), delta({}, 'stop').trimEnd()], 'cut', 'x'],
  ["a filter's other name", [delta({ content: 'x' }), delta({}, 'SAFETY'), done], 'server', 'x'],
  ['an error as text', [event({ error: 'the sky fell', error_type: 'overloaded' })], 'server', ''],
  [
    "vLLM's error",
    [delta({ content: 'x' }), event({ object: 'error', message: 'the sky fell' }), done],
    'server',
    'x',
  ],
  ['a filter', [delta({ content: 'x' }), delta({}, 'content_filter'), done], 'server', 'x'],
];

for (const [name, events, kind, text] of broken)
  test(`a stream with ${name} is no success`, () =>
    withoutLeaks(async () => {
      const { error, result, text: seen } = await asked(() => chunked(...events));
      const { kind: found, partialText } = error as { kind: string; partialText: string };
      assert.deepEqual([result, found, partialText, seen], [undefined, kind, text, text]);
    }));

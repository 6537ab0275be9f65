/** Streams whose reason does not say what has happened: errors beside it, and text after it. */
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { startRawServer } from '../../support/double/index.ts';
import { chunk, chunked, failureOf, json, lastChunk, sized, streamHead } from '../../support/faults.ts';
import { withoutLeaks } from '../../support/leaks.ts';
import { asked, delta, done, event } from '../../support/openAIStreams.ts';
import { openAIClientFor } from '../../support/wires.ts';

const sky = { error: { code: 502, message: 'the sky fell' } };
const callPiece = (args: string): string =>
  delta({ tool_calls: [{ index: 0, id: 'a', function: { name: 'read', arguments: args } }] }, 'tool_calls');
const failing: [name: string, events: string[], partial: string][] = [
  [
    'an error beside the reason "error", as OpenRouter sends it',
    [
      delta({ content: 'x' }),
      event({ ...sky, choices: [{ index: 0, delta: { content: '' }, finish_reason: 'error' }] }),
      done,
    ],
    'x',
  ],
  [
    'an error beside another reason',
    [event({ ...sky, choices: [{ index: 0, delta: { content: 'x' }, finish_reason: 'stop' }] }), done],
    'x',
  ],
  [
    'an error after pieces that each have a reason',
    [delta({ content: 'x' }, 'stop'), delta({ content: 'y' }, 'stop'), event(sky), done],
    'xy',
  ],
  [
    'an error after pieces of a call that each have a reason',
    [callPiece('{"p"'), callPiece(':1}'), event(sky), done],
    '',
  ],
];

for (const [name, events, partial] of failing)
  test(`the server's own sentence for ${name}`, () =>
    withoutLeaks(async () => {
      const { error, result } = await asked(() => chunked(...events));
      assert.equal(result, undefined);
      assert.match(String(error), /the sky fell/);
      assert.equal((error as { partialText: string }).partialText, partial);
    }));

test('an error after the end of an answer does not take it away', () =>
  withoutLeaks(async () => {
    const { text, error } = await asked(() =>
      chunked(delta({ content: 'x' }), delta({}, 'stop'), event(sky), done),
    );
    assert.deepEqual([text, error], ['x', undefined]);
  }));

test('text that follows a reason without one, with counts in every piece', () =>
  withoutLeaks(async () => {
    const usage = { prompt_tokens: 1, completion_tokens: 1 };
    const more = ['y', 'z'].map((content) => event({ choices: [{ delta: { content } }], usage }));
    const { text } = await asked(() => chunked(delta({ content: 'x' }, 'stop'), ...more, done));
    assert.equal(text, 'xyz');
  }));

test('a long pause between pieces that each have a reason does not end the answer', () =>
  withoutLeaks(async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      let resume: () => void = () => undefined;
      await using server = await startRawServer((socket, { method }) => {
        if (method !== 'POST') return void socket.write(json('200 OK', { data: [{ id: 'tiny' }] }));
        socket.write(streamHead);
        socket.write(chunk(delta({ content: 'x' }, 'stop') + delta({ content: 'y' }, 'stop')));
        resume = () => {
          socket.write(chunk(delta({ content: 'z' }, 'stop') + done));
          socket.write(lastChunk);
        };
      });
      await using client = openAIClientFor(server.url);
      let text = '';
      for await (const part of client.stream({ prompt: 'x' })) {
        if (part.type === 'text') text += part.text;
        if (part.type !== 'text' || part.text !== 'y') continue;
        await new Promise((resolve) => setImmediate(resolve));
        mock.timers.tick(10_000);
        resume();
      }
      assert.equal(text, 'xyz');
    } finally {
      mock.timers.reset();
    }
  }));

test('a slow reader gets the counts that come after the reason', () =>
  withoutLeaks(async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      let send: () => void = () => undefined;
      await using server = await startRawServer((socket) => {
        socket.write(streamHead);
        socket.write(chunk(delta({ content: 'x' }) + delta({ content: 'y' }, 'stop')));
        const usage = { prompt_tokens: 3, completion_tokens: 2 };
        send = () =>
          void socket.write(Buffer.concat([chunk(event({ choices: [], usage })), Buffer.from(lastChunk)]));
      });
      await using client = openAIClientFor(server.url);
      const stream = client.stream({ prompt: 'x' });
      for (let next = await stream.next(); ; next = await stream.next()) {
        if (next.done) {
          assert.equal(next.value.totalTokens, 5);
          return;
        }
        if (next.value.type !== 'text' || next.value.text !== 'x') continue;
        await new Promise((resolve) => setImmediate(resolve));
        mock.timers.tick(10_000);
        send();
      }
    } finally {
      mock.timers.reset();
    }
  }));

test('one object that is not UTF-8 is not read with other characters; a mark before it is allowed', () =>
  withoutLeaks(async () => {
    const text = JSON.stringify({ choices: [{ message: { content: 'é' }, finish_reason: 'stop' }] });
    let body = Buffer.from(`\ufeff${text}`);
    await using server = await startRawServer((socket) => void socket.write(sized('200 OK', body)));
    await using client = openAIClientFor(server.url);
    assert.equal((await client.generate({ prompt: 'x' })).text, 'é');
    body = Buffer.from(text, 'latin1');
    assert.match(String(await failureOf(client.generate({ prompt: 'x' }))), /not UTF-8/);
  }));

/** Calls of tools and their results, as servers of OpenAI's protocol require them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { withPairedResults } from '../../../src/openai/pairedResults.ts';
import type { ChatMessage } from '../../../src/http/client/generation.ts';

const result = (toolCallId: string, ...images: string[]): ChatMessage => ({
  role: 'tool',
  content: `result ${toolCallId}`,
  toolCallId,
  ...(images.length > 0 ? { images } : {}),
});
const calls = (...ids: string[]): ChatMessage => ({
  role: 'assistant',
  content: '',
  toolCalls: ids.map((id) => ({ id, name: 'view', arguments: {} })),
});
const user: ChatMessage = { role: 'user', content: 'look', images: ['U'] };

test('images come in a message of the user behind all results of a turn', () => {
  assert.deepEqual(
    withPairedResults([user, calls('1', '2'), result('1', 'A'), result('2', 'B', 'C'), user]),
    [
      user,
      calls('1', '2'),
      result('1'),
      result('2'),
      { role: 'user', content: '', images: ['A', 'B', 'C'] },
      user,
    ],
  );
});

test('a call without a result gets one, a result without its call becomes a text of the user', () => {
  assert.deepEqual(withPairedResults([result('0'), calls('1', '2'), result('2'), result('9')]), [
    { role: 'user', content: 'result 0' },
    calls('1', '2'),
    { role: 'tool', content: '[This call has no result.]', toolCallId: '1' },
    result('2'),
    { role: 'user', content: 'result 9' },
  ]);
});

test('a complete conversation stays as it is', () => {
  const messages = [user, calls('1', '2'), result('1'), result('2'), calls('3'), result('3'), user];
  assert.deepEqual(withPairedResults(messages), messages);
});

test('results always follow their calls, and nothing is lost', () => {
  const id = fc.constantFrom('1', '2', '3');
  const message = fc.oneof(
    id.map((one) => result(one)),
    id.map((one) => result(one, `image ${one}`)),
    fc.uniqueArray(id, { minLength: 1 }).map((ids) => calls(...ids)),
    fc.constant(user),
  );
  fc.assert(
    fc.property(fc.array(message, { maxLength: 9 }), (messages) => {
      const made = withPairedResults(messages);
      const open: string[] = [];
      for (const { role, toolCalls = [], toolCallId } of made) {
        if (role === 'tool') assert.equal(toolCallId, open.shift());
        else assert.deepEqual(open, []);
        open.push(...toolCalls.map((call) => call.id));
      }
      assert.deepEqual(open, []);
      const all = JSON.stringify(made);
      for (const { content, images = [] } of messages)
        for (const text of [content, ...images]) assert.ok(all.includes(text));
    }),
  );
});

/** Images in the results of tools. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withResultImages } from '../../../src/openai/resultImages.ts';
import type { ChatMessage } from '../../../src/http/client/generation.ts';

const result = (toolCallId: string, ...images: string[]): ChatMessage => ({
  role: 'tool',
  content: toolCallId,
  toolCallId,
  ...(images.length > 0 ? { images } : {}),
});
const user: ChatMessage = { role: 'user', content: 'look', images: ['U'] };

test('come in a message of the user behind all results of a turn', () => {
  const made = withResultImages([
    user,
    result('1', 'A'),
    result('2'),
    result('3', 'B', 'C'),
    user,
    result('4', 'D'),
  ]);
  assert.deepEqual(made, [
    user,
    result('1'),
    result('2'),
    result('3'),
    { role: 'user', content: '', images: ['A', 'B', 'C'] },
    user,
    result('4'),
    { role: 'user', content: '', images: ['D'] },
  ]);
});

test('a conversation without them stays as it is', () => {
  const messages = [user, result('1'), user];
  assert.deepEqual(withResultImages(messages), messages);
});

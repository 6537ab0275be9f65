/** Models whose templates know only turns of the user and the model get the same conversation in these roles. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { GenerateRequest } from '../../../src/ollama/index.ts';
import { withTwoRoles } from '../../../src/openai/twoRoles.ts';
import type { WireMessage } from '../../../src/openai/wire.ts';
import { asked, refuse, whole } from '../../support/openAIStreams.ts';

const request: GenerateRequest = {
  system: 'rules',
  messages: [
    { role: 'user', content: 'one' },
    { role: 'user', content: 'two' },
    { role: 'assistant', content: 'three' },
    { role: 'user', content: 'four', images: ['iVBORw0KGgo='] },
    { role: 'user', content: 'five' },
  ],
};

for (const [text, status] of [
  ['System role not supported', '400 Bad Request'],
  ['Conversation roles must alternate user/assistant/user/assistant/...', '400 Bad Request'],
  ['Value is not callable: System role not supported at row 1', '500 Internal Server Error'],
] as const)
  test(`after "${text}" (${status.slice(0, 3)}) the system prompt is part of the first message, and that is remembered`, async () => {
    const { result, bodies } = await asked(
      (_, count) => (count === 1 ? refuse(text, status) : whole),
      request,
    );
    assert.equal(result?.text, 'one two');
    assert.equal(bodies.length, 3);
    for (const body of bodies.slice(1))
      assert.deepEqual(body['messages'], [
        { role: 'user', content: 'rules\n\none\n\ntwo' },
        { role: 'assistant', content: 'three' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'four' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
            { type: 'text', text: 'five' },
          ],
        },
      ]);
  });

test('a server that refuses these roles, too, is not asked a third time', async () => {
  const { error, bodies } = await asked(() => refuse('System role not supported'), request);
  assert.match(String(error), /System role not supported/);
  assert.equal(bodies.length, 3);
});

const role = fc.constantFrom<WireMessage['role']>('system', 'user', 'assistant', 'tool');
const message = fc.record({ role, content: fc.oneof(fc.string(), fc.constant(null)) });

test('no text is lost, there is no system prompt, and no role comes twice in a row but results', () => {
  fc.assert(
    fc.property(fc.array(message), (messages) => {
      const made = withTwoRoles(messages);
      const text = (all: readonly WireMessage[]): string =>
        all
          .map(({ content }) => (typeof content === 'string' ? content : ''))
          .join('')
          .replaceAll('\n', '');
      assert.equal(text(made), text(messages));
      made.forEach((one, index) => {
        assert.notEqual(one.role, 'system');
        if (one.role !== 'tool') assert.notEqual(one.role, made[index + 1]?.role);
      });
    }),
  );
});

/** The translation of VS Code's chat messages for the server. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { imagePlaceholder, toConversation } from '../../../../src/chat/provider/messages.ts';
import { withMarks, withoutMarks } from '../../../../src/chat/provider/marks.ts';
import type { ChatMessage } from '../../../../src/ollama/index.ts';

const [user, assistant, system] = [1, 2, 3];
const text = (value: string): object => ({ value });
const thought = (value: string): object => ({ value, id: undefined, metadata: undefined });
const call = (callId: string, name: string, input: object): object => ({ callId, name, input });
const result = (callId: string, ...content: unknown[]): object => ({ callId, content });
const image = { mimeType: 'image/png', data: Uint8Array.of(1, 2, 3) };
const messagesOf = (...messages: [role: number, ...parts: unknown[]][]): ChatMessage[] =>
  toConversation(
    messages.map(([role, ...content]) => ({ role, content })),
    true,
  ).messages;

describe('a conversation', () => {
  test('system, user and assistant, with texts joined unchanged', () => {
    assert.deepEqual(
      messagesOf(
        [system, text('Be short.')],
        [user, text('a'), text('b')],
        [assistant, text('c')],
        [user, text('d')],
      ),
      [
        { role: 'system', content: 'Be short.' },
        { role: 'user', content: 'ab' },
        { role: 'assistant', content: 'c' },
        { role: 'user', content: 'd' },
      ],
    );
  });

  test('consecutive messages of one role become one, which many templates require', () => {
    assert.deepEqual(
      messagesOf(
        [user, text('a')],
        [user, text('b')],
        [assistant, text('c')],
        [assistant, call('1', 'x', {})],
      ),
      [
        { role: 'user', content: 'a\n\nb' },
        { role: 'assistant', content: 'c', toolCalls: [{ id: '1', name: 'x', arguments: {} }] },
      ],
    );
  });

  test('results follow their calls, in the order of the calls', () => {
    const calls = [assistant, call('1', 'read', { b: 1, a: 2 }), call('2', 'list', {})] as [
      number,
      ...unknown[],
    ];
    const expected = [
      {
        role: 'assistant',
        content: '',
        toolCalls: [
          { id: '1', name: 'read', arguments: { a: 2, b: 1 } },
          { id: '2', name: 'list', arguments: {} },
        ],
      },
      { role: 'tool', content: 'one', toolName: 'read', toolCallId: '1' },
      { role: 'tool', content: 'two', toolName: 'list', toolCallId: '2' },
      { role: 'user', content: 'go on' },
    ];
    const [one, two] = [result('1', text('one')), result('2', text('two'))];
    assert.deepEqual(messagesOf(calls, [user, two, one, text('go on')]), expected);
    assert.deepEqual(messagesOf(calls, [user, text('go on'), one], [user, two]), expected);
    assert.deepEqual(messagesOf(calls, [user, two], [user, text('go on')], [user, one]), expected);
  });

  test('a result of an unknown call stays', () => {
    assert.deepEqual(messagesOf([user, result('9', text('lost'))]), [
      { role: 'tool', content: 'lost', toolCallId: '9' },
    ]);
  });

  test('thinking, and marks of other providers, are left out', () => {
    assert.deepEqual(
      messagesOf(
        [user, text('a'), { mimeType: 'cache_control', data: Uint8Array.of(1) }],
        [assistant, thought('hm')],
        [user, text('b')],
      ),
      [{ role: 'user', content: 'a\n\nb' }],
    );
  });

  test('texts in results: plain, as data, and as elements of prompt-tsx', () => {
    const element = {
      node: {
        type: 1,
        children: [
          { type: 2, text: 'a' },
          { type: 2, text: 'b', lineBreakBefore: true },
          { type: 1, children: [{ type: 2, text: 'c' }] },
        ],
      },
    };
    const data = { mimeType: 'application/json', data: new TextEncoder().encode('{"x":1}') };
    assert.deepEqual(
      messagesOf([user, result('1', text('t'), { value: element }, data)])[0]?.content,
      'ta\nbc{"x":1}',
    );
  });

  test('images are sent as base64, or mentioned to a model that cannot see', () => {
    const messages = [{ role: user, content: [text('look'), image] }];
    assert.deepEqual(toConversation(messages, true), {
      messages: [{ role: 'user', content: 'look', images: ['AQID'] }],
      droppedImages: 0,
    });
    assert.deepEqual(toConversation(messages, false), {
      messages: [{ role: 'user', content: `look\n${imagePlaceholder}` }],
      droppedImages: 1,
    });
  });

  test('an image that is drawn by a text is text; other attachments are mentioned, marks of providers are not', () => {
    const data = (mimeType: string, content: string): object => ({
      mimeType,
      data: new TextEncoder().encode(content),
    });
    const [message] = messagesOf([
      user,
      text('look '),
      data('image/svg+xml', '<svg/>'),
      data('application/pdf', 'x'),
      data('text/x-python; charset=utf-8', ' y = 1'),
      data('application/octet-stream', 'z'),
      data('usage', '{}'),
    ]);
    assert.deepEqual(message, {
      role: 'user',
      content:
        'look <svg/>[There is an attachment of the type application/pdf here, which this model cannot read.] y = 1',
    });
  });

  test('texts with a call, a result or an image between them stay apart', () => {
    assert.deepEqual(
      messagesOf(
        [user, text('see'), image, text('this')],
        [assistant, text('Be'), text('fore.'), call('1', 'x', {}), text('Behind.')],
        [user, text('a'), result('1', text('r')), text('b')],
      ).map(({ content }) => content),
      ['see\nthis', 'Before.\nBehind.', 'r', 'a\nb'],
    );
    const blind = toConversation([{ role: user, content: [text('see'), image, text('this')] }], false);
    assert.equal(blind.messages[0]?.content, `see\n${imagePlaceholder}\nthis`);
  });

  test('images in a result stay in it', () => {
    const messages = messagesOf([assistant, call('1', 'view', {})], [user, result('1', text('seen'), image)]);
    assert.deepEqual(messages[1], {
      role: 'tool',
      content: 'seen',
      images: ['AQID'],
      toolName: 'view',
      toolCallId: '1',
    });
  });

  test('a result stays in a message of any role, and messages without content are nothing', () => {
    const calls = [assistant, call('1', 'read', {}), result('1', text('one'))] as [number, ...unknown[]];
    assert.deepEqual(
      messagesOf([user], [system, text('')], calls, [assistant], [user, text('go on')]).map(
        ({ role, content }) => [role, content],
      ),
      [
        ['assistant', ''],
        ['tool', 'one'],
        ['user', 'go on'],
      ],
    );
    assert.deepEqual(toConversation([{ role: user, content: undefined as never }], false).messages, []);
  });

  test('elements of prompt-tsx begin a line, except directly behind a text', () => {
    const leaf = (value: string, lineBreakBefore = false): object => ({
      type: 2,
      text: value,
      lineBreakBefore,
    });
    const element = (...children: object[]): object => ({ type: 1, children });
    const shown = (node: object): string | undefined =>
      messagesOf([user, result('1', { value: { node } })])[0]?.content;
    assert.equal(shown(element(element(leaf('a')), element(leaf('b'), leaf('c')))), 'a\nbc');
    assert.equal(shown(element(leaf('a'), element(leaf('b')), leaf('c', true))), 'ab\nc');
    assert.equal(shown(element(element(leaf('a\n')), element(element(leaf('b'))))), 'a\nb');
  });
});

const part = fc.oneof(
  fc.string().map(text),
  fc.record({
    callId: fc.constantFrom('1', '2', '3'),
    name: fc.constantFrom('a', 'b'),
    input: fc.dictionary(fc.string(), fc.jsonValue()),
  }),
  fc.record({ callId: fc.constantFrom('1', '2', '3', '4'), content: fc.array(fc.string().map(text)) }),
  fc.constant(image),
  fc.jsonValue(),
);
const conversation = fc.array(
  fc.record({ role: fc.constantFrom(1, 2, 3), content: fc.array(part, { maxLength: 4 }) }),
  { maxLength: 8 },
);

test('messages before an answer of the model are always the same bytes', () => {
  fc.assert(
    fc.property(conversation, conversation, (before, after) => {
      const first = toConversation(before, true).messages;
      const next = [...before, { role: assistant, content: [text('answer')] }, ...after];
      const longer = toConversation(next, true).messages;
      const end = first.at(-1)?.role === 'assistant' ? first.length - 1 : first.length;
      assert.equal(JSON.stringify(longer.slice(0, end)), JSON.stringify(first.slice(0, end)));
      const [marked, longerMarked] = [withMarks(first), withMarks(longer)];
      assert.equal(
        JSON.stringify(longerMarked.messages.slice(0, end)),
        JSON.stringify(marked.messages.slice(0, end)),
      );
    }),
  );
});

test('only consecutive results have the same role, and no text is missing', () => {
  fc.assert(
    fc.property(conversation, (messages) => {
      const { messages: made } = toConversation(messages, true);
      for (const [index, { role }] of made.entries())
        if (role !== 'tool') assert.notEqual(role, made[index + 1]?.role);
      const all = JSON.stringify(made);
      for (const { content } of messages)
        for (const one of content)
          if (typeof one === 'string') assert.ok(all.includes(JSON.stringify(one).slice(1, -1)));
    }),
  );
});

test('control tokens of templates are marked everywhere, explained once, and returned without the marks', () => {
  const original = messagesOf(
    [system, text('s')],
    [user, text('a <|im_end|> b')],
    [assistant, call('1', 'edit', { text: '<|im_start|>' })],
    [user, result('1', text('[INST]'))],
  );
  const { messages, isMarked } = withMarks(original);
  assert.equal(isMarked, true);
  assert.doesNotMatch(JSON.stringify(messages), /<\|im_end|<\|im_start|\[INST/);
  assert.equal(JSON.stringify(messages).match(/Marks of chat templates/g)?.length, 1);
  assert.deepEqual(withoutMarks(messages[2]!.toolCalls![0]!.arguments), { text: '<|im_start|>' });
  assert.deepEqual(withMarks(messagesOf([user, text('plain')])), {
    messages: [{ role: 'user', content: 'plain' }],
    isMarked: false,
  });
});

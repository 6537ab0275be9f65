/** The tokens that VS Code is told: of texts, of messages, and of tools that are not sent. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { messageTokens, textTokens, ToolDescriptions } from '../../../../src/chat/provider/tokenCount.ts';

const [user, assistant] = [1, 2];
const sentence = 'It reads the file. '.repeat(20);

test('a text has tokens by its length, a name by its words', () => {
  assert.equal(textTokens('', 3), 0);
  assert.equal(textTokens(sentence, 3), Math.ceil(sentence.length / 3));
  assert.deepEqual(
    ['type', 'description', 'filePath', 'read_file', 'HTTPServer', '_'].map((name) => textTokens(name, 3)),
    [1, 1, 2, 2, 2, 1],
  );
  assert.equal(textTokens('\u4f60\u597d', 3), 2);
});

test('a longer text never has fewer tokens, and one that is not empty has some', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (one, other) => {
      const both = textTokens(`${one} ${other}`, 3);
      assert.ok(both >= textTokens(one, 3) - 1 && both >= 1);
      if (one !== '') assert.ok(textTokens(one, 3) >= 1);
    }),
  );
});

test('a message has the tokens of its texts, calls, results and images, also as a plain object', () => {
  const of = (role: number, ...content: unknown[]): number => messageTokens({ role, content }, true, 3);
  assert.equal(of(user), 0);
  assert.equal(of(user, { value: sentence }), Math.ceil(sentence.length / 3));
  assert.ok(of(assistant, { callId: '1', name: 'read', input: { text: sentence } }) > sentence.length / 3);
  assert.ok(
    of(user, { type: 'tool_result', toolCallId: '1', value: [{ type: 'text', value: sentence }] }) >=
      sentence.length / 3,
  );
  assert.equal(of(user, { type: 'thinking', value: sentence }), 0);
  const image = { mimeType: 'image/png', data: new Uint8Array(9) };
  assert.ok(of(user, image) > 1000);
  assert.ok(messageTokens({ role: user, content: [image] }, false, 3) < 30);
  assert.equal(messageTokens({ role: user, content: 'plain text' }, false, 3), 4);
});

test('all texts in the tools of VS Code are known, its single words are not', () => {
  const tools = [
    {
      name: 'read_file',
      description: 'Reads a file.',
      inputSchema: { properties: { filePath: { type: 'string', description: 'The path of it' } } },
    },
  ];
  const descriptions = new ToolDescriptions(() => tools);
  assert.deepEqual(
    ['Reads a file.', 'The path of it', 'read_file', 'string', 'Reads a'].map((text) =>
      descriptions.has(text),
    ),
    [true, true, false, false, false],
  );
  tools.push({ name: 'other', description: 'Does more.', inputSchema: { properties: {} as never } });
  assert.equal(descriptions.has('Does more.'), true);
});

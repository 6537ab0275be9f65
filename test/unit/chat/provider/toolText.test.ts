/** Tool calls in the text of an answer: which texts are calls, and that all other text stays unchanged. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { ToolTextReader } from '../../../../src/chat/provider/toolText.ts';
import { calls, read, readParts, tools } from './toolTextReading.ts';
import { asCalls, asText } from './toolTextCases.ts';

describe('a call in the text becomes a call', () => {
  for (const { name, answer, text = '', called } of asCalls)
    test(name, () => {
      for (const size of [1, 2, 7, answer.length])
        assert.deepEqual(read(answer, size), { text, calls: called }, `pieces of ${size}`);
      for (let at = 1; at < answer.length; at++)
        assert.deepEqual(readParts([answer.slice(0, at), answer.slice(at)]), { text, calls: called });
    });
});

describe('everything else stays text, byte for byte', () => {
  for (const [name, answer] of Object.entries(asText))
    test(name, () => {
      for (const size of [1, 3, answer.length])
        assert.deepEqual(read(answer, size), { text: answer, calls: [] }, `pieces of ${size}`);
    });
});

test('text that cannot be the beginning of a call is delivered at once', () => {
  const reader = new ToolTextReader(tools);
  const given = (piece: string): string =>
    reader
      .add(piece)
      .map((part) => (part.type === 'text' ? part.text : '(call)'))
      .join('');
  assert.equal(given('I look '), 'I look ');
  assert.equal(given('into <'), 'into ');
  assert.equal(given('b>that</b>.\n'), '<b>that</b>.\n');
  assert.equal(given('{"zo'), '{"zo', 'no call begins with such a key');
  assert.equal(given('om": 1}\n'), 'om": 1}\n');
  assert.equal(given('{"name": "paint"'), '{"name": "paint"', 'no such tool was offered');
  assert.equal(given('}\n<tool_ca'), '}\n');
  assert.equal(given('ke>'), '<tool_cake>');
  assert.equal(given('\n```ts\n{"name": "read_file"'), '\n```ts\n{"name": "read_file"');
});

test('a call is found as soon as it is complete', () => {
  const reader = new ToolTextReader(tools);
  const call = calls.readFile('/a.ts');
  assert.deepEqual(reader.add(`<tool_call>${JSON.stringify(call)}`), []);
  assert.deepEqual(reader.add('</tool_call>\nNext'), [
    { type: 'call', call },
    { type: 'text', text: '\nNext' },
  ]);
});

test('without offered tools nothing is a call', () => {
  const reader = new ToolTextReader([]);
  const answer = JSON.stringify(calls.readFile('/a.ts'));
  const parts = [...reader.add(answer), ...reader.finish()];
  assert.equal(parts.map((part) => (part.type === 'text' ? part.text : '')).join(''), answer);
});

/** Pieces of texts that look like calls; some of the results are calls. */
const fragments = fc.constantFrom(
  ...[
    '{"name": "read_file", "arguments": {"filePath": "/a"}}',
    '{"name": "read_file"',
    '<tool_call>',
    '</tool_call>',
  ],
  ...[
    '[TOOL_CALLS]',
    '<function=read_file>',
    '```json\n',
    '```',
    '\n',
    ' ',
    'text',
    '{',
    '}',
    '[',
    '"',
    '<',
    '`',
  ],
  ...[
    '<|channel|>commentary to=functions.read_file',
    '<|message|>',
    '<think>',
    '</think>',
    '{"filePath": "/a"}',
  ],
  ...['read_file', '<arg_key>', '[ARGS]', 'commentary to=functions.', '~~~', '\\', 'é', '😀'],
  ...[
    '[CALL_ID]',
    '>>>',
    '<｜tool▁call▁begin｜>',
    '<｜tool▁sep｜>',
    '<invoke name="read_file">',
    ';',
    ',',
    '\r\n',
  ],
  ...['<|tool_call_begin|>', 'functions.read_file:0', '<|tool_call_argument_begin|>', '</s>', '    ', '. '],
);
const answers = fc.array(fragments, { maxLength: 14 }).map((parts) => parts.join(''));

test('for any pieces of an answer the result is the same, and no text is lost', () => {
  fc.assert(
    fc.property(answers, fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 20 }), (answer, cuts) => {
      const whole = read(answer, answer.length || 1);
      const pieces: string[] = [];
      for (let at = 0, turn = 0; at < answer.length; turn++) {
        const size = 1 + cuts[turn % cuts.length]!;
        pieces.push(answer.slice(at, at + size));
        at += size;
      }
      const { text, calls: found } = readParts(pieces);
      assert.deepEqual({ text, calls: found }, whole);
      if (found.length === 0) assert.equal(text, answer);
      else assert.ok(isSubsequence(text, answer));
    }),
  );
});

function isSubsequence(part: string, whole: string): boolean {
  let at = 0;
  for (const character of whole)
    if (character === String.fromCodePoint(part.codePointAt(at) ?? 0)) at += character.length;
  return at === part.length;
}

test('any arguments are read as they were written, in every form', () => {
  const text = fc.string({ unit: 'binary' });
  const argument = fc.record({ filePath: text, content: text }, { noNullPrototype: true });
  fc.assert(
    fc.property(argument, fc.nat({ max: 30 }), (args, size) => {
      const call = { name: 'create_file', arguments: args };
      const json = JSON.stringify(call);
      for (const answer of [
        json,
        `Well.\n${json}\n`,
        `<tool_call>\n${json}\n</tool_call>`,
        `[TOOL_CALLS][${json}]`,
        `[TOOL_CALLS]create_file[ARGS]${JSON.stringify(args)}`,
        `[TOOL_CALLS]create_file[CALL_ID]a1b2[ARGS]${JSON.stringify(args)}`,
        `<|python_tag|>${json}<|eom_id|>`,
        `<function=create_file>${JSON.stringify(args)}</function>`,
        `>>>create_file\n${JSON.stringify(args)}`,
        `<｜tool▁call▁begin｜>create_file<｜tool▁sep｜>${JSON.stringify(args)}<｜tool▁call▁end｜>`,
        `<|channel|>commentary to=functions.create_file <|constrain|>json<|message|>${JSON.stringify(args)}<|call|>`,
        `\`\`\`json\n${JSON.stringify(call, null, 2)}\n\`\`\``,
      ])
        assert.deepEqual(read(answer, size + 1).calls, [call], answer);
    }),
  );
});

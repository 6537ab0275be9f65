import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { AnswerStream } from '../../../src/answers/answerStream.ts';
import { answerText, splitAnswer } from '../../../src/answers/splitAnswer.ts';
import { anyMark } from '../../../src/answers/markers.ts';

/** The text collected by a sink that respects restarts. */
function streamed(pieces: readonly string[], known = ''): string {
  const stream = new AnswerStream(known);
  let text = '';
  for (const part of [...pieces.flatMap((piece) => stream.add(piece)), ...stream.finish()])
    if (part.type === 'restart') text = '';
    else if (part.type === 'text') text += part.text;
  assert.equal(text, stream.text);
  return text;
}

const words = [
  'Text. ',
  '\n',
  '\n\n',
  '`',
  '```',
  '\n```ts\n',
  '\n```\n',
  ' ',
  'x',
  'analysis',
  'analysisWe ',
  'assistantfinal',
  '<think>',
  '</think>',
  '\n<think>\n',
  '\n</think>\n',
  '[THINK]',
  '[/THINK]',
  '<thinking>',
  '</thinking>',
  '<|channel|>analysis<|message|>',
  '<|channel|>final<|message|>',
  '<|channel|>commentary<|message|>',
  '<|end|>',
  '<|start|>assistant',
  '<|start|>user',
  '<|return|>',
  '<|im_end|>',
  '<|im_start|>user\n',
  '<|im_start|>assistant\n',
  '</s>',
  '<s>',
  '<end_of_turn>',
  '<start_of_turn>model\n',
  '[INST]',
  '◁think▷',
  '◁/think▷',
  '<',
  '<|',
  '[',
  '"',
  "'",
];
const anyAnswer = fc.array(fc.constantFrom(...words), { maxLength: 14 });
const anyKnown = fc.constantFrom('', 'const a = "<think>";', '</think> <|im_end|> </s>', words.join(''));

describe('an answer, split', () => {
  test('is the same however it is divided into pieces', () => {
    fc.assert(
      fc.property(
        anyAnswer,
        anyKnown,
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        (parts, known, sizes) => {
          const all = parts.join('');
          const pieces: string[] = [];
          for (let at = 0, turn = 0; at < all.length; turn++) {
            const size = sizes[turn % sizes.length]!;
            pieces.push(all.slice(at, at + size));
            at += size;
          }
          const expected = answerText(all, known);
          assert.equal(streamed(pieces, known), expected);
          assert.equal(streamed([all], known), expected);
          assert.equal(streamed(parts, known), expected);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('contains nothing more to remove', () => {
    fc.assert(
      fc.property(anyAnswer, anyKnown, (parts, known) => {
        const once = answerText(parts.join(''), known);
        assert.equal(answerText(once, known), once);
      }),
      { numRuns: 5000 },
    );
  });

  test('loses nothing without marks', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.array(fc.constantFrom('a < b', '<div>', '[x](y)', '\n', '```', '`', 'analysis')),
        (some, more) => {
          const text = [some, ...more].join('');
          fc.pre(!anyMark.test(text));
          assert.deepEqual(splitAnswer(text).text, text);
          assert.equal(streamed(Array.from(text)), text);
        },
      ),
    );
  });
});

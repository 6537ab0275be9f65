import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CodeAnswer } from '../../../src/answers/codeAnswer.ts';
import { findFittingCode } from './readAnswer.ts';
import { docTextOf } from '../../../src/answers/docCommentAnswer.ts';
import { answerText } from '../../../src/answers/splitAnswer.ts';
import { docStyleOf } from '../../../src/code/docCommentStyles.ts';
import { answers, code, entities, numbers, tools, edits, characters } from './cleaningCases.ts';

function edited(text: string, replaced: string, languageId: string): CodeAnswer {
  const place = { replaced, before: '', fileText: replaced, languageId, path: 'file.x', eol: '\n' as const };
  return findFittingCode({ text, isCut: false }, place);
}

const codeIn = (answer: CodeAnswer): string => ('code' in answer ? answer.code : answer.unusable);

describe('what is the answer', () => {
  for (const [written, expected, known = ''] of answers)
    test(JSON.stringify(written), () => {
      assert.equal(answerText(written, known), expected);
      assert.equal(answerText(expected, known), expected, 'once more');
    });
});

const groups = { code, entities, numbers, tools, edits, characters };
for (const [name, cases] of Object.entries(groups))
  describe(`what is the code: ${name}`, () => {
    for (const [written, expected, replaced = 'old', languageId = 'typescript'] of cases)
      test(JSON.stringify(written), () =>
        assert.equal(codeIn(edited(written, replaced, languageId)), expected),
      );
  });

describe('what is the comment', () => {
  const style = docStyleOf('typescript')!;
  const cases: [written: string, expected: string | undefined][] = [
    ['<reasoning>It adds.</reasoning>\nAdds an item.', 'Adds an item.'],
    ['I see.\n</think>\nAdds an item.', 'Adds an item.'],
    ['Adds an item.<|eot_id|>', 'Adds an item.'],
    ['analysisShort.assistantfinalAdds an item.', 'Adds an item.'],
    ['<tool_call>{"name": "read", "arguments": {}}</tool_call>', undefined],
    ['<think>Adds, I guess', undefined],
  ];
  for (const [written, expected] of cases)
    test(JSON.stringify(written), () => assert.equal(docTextOf(written, style, 'add() {}'), expected));
});

test('characters are counted', () => {
  const answer = edited('```ts\nco\u200Bnst a\u202E = 1;\u00A0// \u{E0041}\n```', 'old', 'typescript');
  assert.deepEqual(answer, { code: 'const a = 1; //', characters: { removed: 3, replaced: 1 } });
  assert.deepEqual(edited('```ts\nconst a = 1;\n```', 'old', 'typescript'), { code: 'const a = 1;' });
});

test('a long answer takes time in proportion to its length', () => {
  const of = (count: number): number => {
    const began = process.cpuUsage().user;
    for (const piece of [
      '<think>',
      '</think>',
      '</s>',
      '`<think>',
      '\n```\n',
      '<|im_end|>`',
      '\n<think>\n',
      '```\n~~~\n',
      '&lt;',
      '\u200B',
    ])
      codeIn(edited(`\`\`\`ts\n${piece.repeat(count / piece.length)}`, '<think></s>', 'typescript'));
    return process.cpuUsage().user - began;
  };
  of(8_000);
  const [short, long] = [of(16_000), of(64_000)];
  // Four times the text: 4 times as long if the work is linear, 16 times if it is quadratic.
  assert.ok(long < Math.max(short, 20_000) * 10, `${short} and ${long} µs`);
});

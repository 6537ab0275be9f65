import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { buildFollowUp } from '../../../src/prompts/followUp.ts';
import { tokenCost } from '../../../src/prompts/tokens.ts';

const budget = { numCtx: 1_000, numPredict: 4_096, charsPerToken: 3 };
const turn = (letter: string, tokens: number): { prompt: string; answer: string } => ({
  prompt: letter.repeat(tokens * 2),
  answer: letter.repeat(tokens),
});

describe('a follow-up', () => {
  test('repeats the whole conversation word for word', () => {
    const turns = [turn('a', 100), turn('b', 50)];
    assert.deepEqual(buildFollowUp(turns, 'Why?', budget), {
      ...(buildFollowUp(turns, 'Why?', budget) as object),
      prompt: 'Why?',
      history: turns,
      omitted: 0,
    });
  });

  test('leaves out the oldest turns but the first when the window is full', () => {
    const turns = [turn('a', 300), turn('b', 200), turn('c', 100), turn('d', 50)];
    const next = buildFollowUp(turns, 'Why?', budget);
    assert.ok('history' in next);
    assert.deepEqual(
      next.history.map(({ answer }) => answer[0]),
      ['a', 'c', 'd'],
    );
    assert.equal(next.omitted, 1);
  });

  test('says how much space it needs when there is not enough', () => {
    const next = buildFollowUp([turn('a', 1_000)], 'Why?', budget);
    assert.ok('needed' in next && next.needed > 1_000 && next.numCtx === 1_000);
  });

  test('never goes beyond the window, and always keeps the first turn', () => {
    const turns = fc.array(fc.tuple(fc.string({ maxLength: 900 }), fc.string({ maxLength: 900 })), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(turns, fc.string({ maxLength: 500 }), (pairs, question) => {
        const all = pairs.map(([prompt, answer]) => ({ prompt, answer }));
        const next = buildFollowUp(all, question, budget);
        if ('needed' in next) return;
        const texts = next.history.flatMap(({ prompt, answer }) => [prompt, answer]);
        const cost = tokenCost(3)([next.system, ...texts, next.prompt].join(''));
        assert.ok(cost <= budget.numCtx);
        assert.equal(next.history[0], all[0]);
        assert.equal(next.history.length + next.omitted, all.length);
      }),
    );
  });
});

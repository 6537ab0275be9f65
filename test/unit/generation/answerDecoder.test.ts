import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AnswerDecoder } from '../../../src/generation/answerDecoder.ts';
import { LastAnswer } from '../../../src/generation/lastAnswer.ts';
import { savedAnswerOf } from '../../../src/generation/savedAnswer.ts';
import type { Job, Outcome, Prompt } from '../../../src/generation/queue.ts';
import { encodeControlTokens } from '../../../src/prompts/controlTokens.ts';
import { buildFollowUp } from '../../../src/prompts/followUp.ts';

const marked: Prompt = { system: '', prompt: encodeControlTokens('const end = "<|im_end|>";') };
const budget = { numCtx: 16_384, numPredict: 4_096, charsPerToken: 3 };

describe('an answer to a prompt with marked tokens', () => {
  test("has the user's tokens, in pieces and as a whole", () => {
    const decoder = new AnswerDecoder(marked);
    const pieces = ['"<', '\u00b7', '|im_', 'end|>"', ' [\u00b7INST]'];
    const texts = pieces.map((text) => decoder.event({ type: 'text', text }).text);
    assert.equal(texts.join(''), '"<|im_end|>" [INST]');
    const phase = { type: 'phase', phase: 'writing' };
    assert.equal(decoder.event(phase), phase);
    const result = decoder.result({ text: pieces.join(''), thinking: '<\u00b7s>', model: 'tiny' });
    assert.deepEqual(result, { text: '"<|im_end|>" [INST]', thinking: '<s>', model: 'tiny' });
  });

  test('stays unchanged when the prompt has no marks', () => {
    const decoder = new AnswerDecoder({ prompt: 'a \u00b7 b' });
    assert.equal(decoder.whole('<\u00b7|im_end|> [\u00b7]'), '<\u00b7|im_end|> [\u00b7]');
  });

  test('is sent back to the server unchanged, in conversations of any length', () => {
    const last = new LastAnswer(() => undefined);
    const answer = 'It is <|im_end|>, and <\u00b7|x|>.';
    let asked: Prompt = marked;
    for (let turn = 0; turn < 3; turn++) {
      const job = { title: '', subject: '' } as Job;
      last.keep(savedAnswerOf(job, { kind: 'finished', asked, text: answer } as Outcome)!);
      const { history, prompt, text } = last.last!;
      const next = buildFollowUp([...history, { prompt, answer: text }], 'And then?', budget);
      assert.ok('history' in next);
      for (const sent of next.history) assert.equal(sent.answer, encodeControlTokens(answer));
      assert.equal(next.prompt, 'And then?');
      asked = next;
    }
    assert.equal(asked.history?.length, 3);
  });
});

/**
 * The answer language is requested at the end of the prompt, so that the server need not read the code again.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { actionIds } from '../../../src/prompts/actions.ts';
import { buildFollowUp } from '../../../src/prompts/followUp.ts';
import { buildPrompt } from '../../../src/prompts/prompt.ts';
import type { Subject } from '../../../src/code/subject.ts';

const subject: Subject = {
  kind: 'symbol',
  name: 'add',
  symbolKind: 'function',
  path: 'add.ts',
  languageId: 'typescript',
  firstLine: 1,
  lastLine: 3,
  code: 'function add(a, b) {\n  return a + b;\n}',
  fileText: 'function add(a, b) {\n  return a + b;\n}\n',
};
const budget = { numCtx: 16_384, numPredict: 1024, charsPerToken: 3 };
const inGerman = '\n\nWrite in German. Code, names and given headings stay as they are.';

describe('the language of an answer', () => {
  for (const action of actionIds) {
    test(`is the last sentence of ${action}, and nothing else changes`, () => {
      const english = buildPrompt(action, subject, budget, 'Why?');
      const german = buildPrompt(action, subject, budget, 'Why?', 'German');
      assert.equal(german.prompt, english.prompt + inGerman);
      assert.equal(german.system, english.system);
      assert.ok(german.estimatedTokens > english.estimatedTokens);
    });
  }

  test('is asked for in follow-ups', () => {
    const turns = [{ prompt: 'code', answer: 'text' }];
    const followUp = buildFollowUp(turns, 'And then?', budget, 'German');
    assert.ok('prompt' in followUp);
    assert.equal(followUp.prompt, `And then?${inGerman}`);
    assert.deepEqual(buildFollowUp(turns, 'And then?', budget), { ...followUp, prompt: 'And then?' });
  });

  test('stays within the context window when the file fills it', () => {
    const long = { ...subject, fileText: `${subject.fileText}// more\n`.repeat(2000) };
    const small = { numCtx: 4096, numPredict: 512, charsPerToken: 3 };
    const { estimatedTokens, prompt } = buildPrompt('explain', long, small, '', 'German');
    assert.ok(prompt.endsWith(inGerman));
    assert.ok(estimatedTokens <= small.numCtx - small.numPredict, String(estimatedTokens));
  });
});

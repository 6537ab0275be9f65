/** Models and thinking values of tasks. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assert as check, property, string } from 'fast-check';
import { isModelName } from '../../../src/ollama/index.ts';
import { readTaskModels, tasks, thinkChoices, thinkFor } from '../../../src/config/tasks.ts';

test('valid entries are kept, invalid ones named', () => {
  const { models, problems } = readTaskModels({
    edits: ' qwen2.5-coder:7b ',
    pages: '',
    questions: 7,
    commitMessages: 'hf.co/team/Model_1.5-GGUF:Q4_K_M',
    drawings: 'x',
    __proto__: 'x',
  });
  assert.deepEqual(models, {
    edits: 'qwen2.5-coder:7b',
    commitMessages: 'hf.co/team/Model_1.5-GGUF:Q4_K_M',
  });
  assert.deepEqual(problems, [
    { entry: 'questions', fault: 'notPlain' },
    { entry: 'drawings', fault: 'unknownTask' },
  ]);
});

test('no name is accepted that another program may read as a different one', () => {
  for (const name of ['a\nb', 'a\u0085b', '[x](y)', '<x>', 'a`b', 'gpt-oss:120b\u200b', '../a?b', 'a$(b)'])
    assert.deepEqual(readTaskModels({ edits: name }).problems, [{ entry: 'edits', fault: 'notPlain' }], name);
  check(
    property(string({ unit: 'binary' }), (name) => {
      const { models } = readTaskModels({ edits: name });
      return models.edits === undefined || isModelName(models.edits);
    }),
  );
});

test('"auto" is off where the answer is code, a comment or a commit message', () => {
  assert.deepEqual(
    tasks.map((task) => [task, thinkFor('auto', task)]),
    [
      ['questions', undefined],
      ['edits', false],
      ['commitMessages', false],
      ['pages', undefined],
    ],
  );
  const values = thinkChoices.slice(1).map((choice) => thinkFor(choice, 'edits'));
  assert.deepEqual(values, [true, false, 'low', 'medium', 'high']);
});

/** Models and thinking values of tasks. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assert as check, property, string } from 'fast-check';
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
  for (const name of [
    'a b',
    'a\u0085b',
    'x://host',
    'ä',
    'a\\b',
    'gpt-oss:120b\u200b',
    '../a?b',
    'a@b',
    'a%20b',
  ])
    assert.deepEqual(readTaskModels({ edits: name }).problems, [{ entry: 'edits', fault: 'notPlain' }], name);
  check(
    property(string({ unit: 'binary' }), (name) => {
      const { models } = readTaskModels({ edits: name });
      return models.edits === undefined || /^[A-Za-z0-9._/:-]+$/.test(models.edits);
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

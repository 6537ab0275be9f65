import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { judgedAnswer } from './judging.ts';
import type { Case } from './judgeCases.ts';
import { languages } from './judgeLanguageCases.ts';
import { scripts } from './judgeScriptCases.ts';
import { texts } from './judgeTextCases.ts';

function tryCase({ name, id, file, answer, becomes }: Case): void {
  test(name, () => {
    const outcome = judgedAnswer(file, answer, id);
    const plain = file.replaceAll(/[⟦⟧]/g, '');
    if (typeof becomes === 'string')
      return assert.equal('unusable' in outcome ? outcome.unusable : outcome.text, becomes);
    const { old, now, ...effect } = becomes;
    assert.ok('text' in outcome, JSON.stringify(outcome));
    const { text, removes = [], adds = [], isRestricted } = outcome;
    assert.ok(plain.includes(old), 'the old text is there');
    assert.equal(blankless(text), blankless(plain.replace(old, () => now)));
    const expected = {
      removes: effect.removes ?? [],
      adds: effect.adds ?? [],
      isRestricted: effect.isRestricted,
    };
    assert.deepEqual({ removes, adds, isRestricted }, expected);
  });
}

/** Removes empty lines, because those around a removed declaration may be removed too. */
const blankless = (text: string): string => text.replaceAll(/(?:\r?\n[ \t]*){2,}/g, '\n\n');

describe('an answer in JavaScript or TypeScript', () => scripts.forEach(tryCase));
describe('an answer in another language', () => languages.forEach(tryCase));
describe('an answer that is text or data', () => texts.forEach(tryCase));

test('the table has at least sixty cases', () => {
  assert.ok(scripts.length + languages.length + texts.length >= 60);
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import type { Subject } from '../../../src/code/subject.ts';
import { encodeControlTokens } from '../../../src/prompts/controlTokens.ts';
import { excerptFor, renderExcerpt } from '../../../src/prompts/excerpt.ts';
import { isShown } from '../../../src/prompts/shownCode.ts';
import { encodedCost } from '../../../src/prompts/tokens.ts';

const cost = encodedCost(3);

function subjectIn(fileText: string, first: number, last: number, path = 'src/a.ts'): Subject {
  const code = fileText
    .split('\n')
    .slice(first - 1, last)
    .join('\n');
  return {
    kind: 'symbol',
    name: 'f',
    path,
    languageId: 'typescript',
    firstLine: first,
    lastLine: last,
    code,
    fileText,
  };
}

const shown = (subject: Subject, room = 100_000): string =>
  `${encodeControlTokens(renderExcerpt(subject, excerptFor(subject, room, cost)))}\nYour task.`;

describe('code that a prompt shows', () => {
  const long = Array.from({ length: 2_000 }, (_, line) => `line${line}`).join('\n');

  test('is found in the excerpt of a long file, but only what is in it', () => {
    const prompt = shown(subjectIn(long, 1_000, 1_003));
    assert.ok(isShown([prompt], subjectIn(long, 1_000, 1_003)));
    assert.ok(isShown([prompt], subjectIn(long, 1_001, 1_010)));
    assert.ok(!isShown([prompt], subjectIn(long, 10, 12)));
  });

  test('is another one at other lines, in another file, or when it was changed', () => {
    const subject = subjectIn('a\nb\nc', 1, 2);
    const prompt = shown(subject);
    assert.ok(isShown([prompt], subject));
    assert.ok(!isShown([prompt], subjectIn('\na\nb\nc', 2, 3)));
    assert.ok(!isShown([prompt], subjectIn('a\nb\nc\nd', 1, 2)));
    assert.ok(!isShown([prompt], { ...subject, path: 'src/b.ts' }));
  });

  test('is a whole file that did not fit, too', () => {
    const file: Subject = { ...subjectIn(long, 1, 2_000), kind: 'file' };
    assert.ok(isShown([shown(file, 1_000)], file));
    assert.ok(!isShown([shown(file, 1_000)], { ...file, fileText: `new\n${long}` }));
  });

  test('whatever the file has in it', () => {
    const text = fc.array(
      fc.constantFrom(
        '```',
        '````ts',
        'File: `src/a.ts` (TypeScript, 3 lines)',
        '<|im_end|>',
        '',
        'x',
        '\r',
        '[... lines 1-2 left out ...]',
      ),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(text, (parts) => {
        const subject = subjectIn(parts.join('\n'), 1, parts.length);
        if (parts.join('').trim() === '') return;
        assert.ok(isShown([shown(subject)], subject));
      }),
    );
  });
});

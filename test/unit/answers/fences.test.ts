import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import type { CodeAnswer } from '../../../src/answers/codeAnswer.ts';
import { findFittingCode } from './readAnswer.ts';
import { instructionFor } from '../../../src/prompts/actions.ts';
import { codeBlocks } from '../../../src/text/codeBlocks.ts';

/** How a language writes multi-line texts that contain fences. */
interface Language {
  id: string;
  tag: string;
  text: (lines: string[]) => string[];
  code: string[];
}

const between =
  (open: string, close: string) =>
  (lines: string[]): string[] => [open, ...lines, close];
const star = between('/**', ' */');
const languages: Language[] = [
  { id: 'typescript', tag: 'ts', text: star, code: ['export const a = 1;', 'function f() { return `x`; }'] },
  { id: 'javascript', tag: 'js', text: between('const help = `', '`;'), code: ['let b = 2;', "f('it');"] },
  { id: 'python', tag: 'python', text: between('"""', '"""'), code: ['a = 1', 'def f():\n    return 1'] },
  { id: 'java', tag: 'java', text: star, code: ['class A {}', 'int b = 2;'] },
  { id: 'csharp', tag: 'csharp', text: between('/*', '*/'), code: ['class A {}', 'var s = "x";'] },
  { id: 'cpp', tag: 'cpp', text: between('/*', '*/'), code: ['int a = 1;', 'void f() {}'] },
  { id: 'go', tag: 'go', text: between('/*', '*/'), code: ['var a = 1', 'func f() {}'] },
  { id: 'rust', tag: 'rust', text: between('/*', '*/'), code: ['let a = 1;', 'fn f() {}'] },
  { id: 'ruby', tag: 'ruby', text: between('=begin', '=end'), code: ['a = 1', 'def f; end'] },
  { id: 'markdown', tag: 'markdown', text: (lines) => lines, code: ['# Title', 'Some words.'] },
  { id: 'lua', tag: 'lua', text: between('--[[', ']]'), code: ['local a = 1', 'f()'] },
  { id: 'swift', tag: 'swift', text: between('/*', '*/'), code: ['let a = 1', 'func f() {}'] },
];

const inner = fc
  .tuple(
    fc.constantFrom('```', '````', '~~~'),
    fc.constantFrom('', '', 'sh', 'text'),
    fc.array(fc.constantFrom('npm test', 'python x.py', '', 'a = 1'), { maxLength: 2 }),
  )
  .map(([marks, tag, lines]) => [[marks + tag], lines, [marks]].flat());
const text = fc
  .array(fc.oneof(fc.constant(['Usage:']), fc.constant(['']), inner), { maxLength: 4 })
  .map((parts) => parts.flat());

/** A file with fences in its texts. */
const file = fc.constantFrom(...languages).chain((language) =>
  fc
    .array(
      fc.oneof(
        fc.constantFrom(...language.code).map((code) => [code]),
        text.map(language.text),
      ),
      { minLength: 1, maxLength: 6 },
    )
    .map((parts) => ({ language, code: parts.flat().join('\n') }))
    .filter(({ code }) => code.trim() !== ''),
);
const before = fc.constantFrom('', 'Here it is:\n\n', 'Run it first:\n\n```sh\nnpm test\n```\n\nThen:\n\n');
const after = fc.constantFrom(
  '',
  '\n\nI changed a little.',
  '\n\nRun:\n\n```sh\nnpm test\n```\n',
  '\n\nIt prints:\n\n```\n1\n```\n',
);

function read(answer: string, { id }: Language, replaced: string): CodeAnswer {
  const place = {
    replaced,
    before: '',
    fileText: replaced,
    languageId: id,
    path: 'file',
    eol: '\n' as const,
  };
  return findFittingCode({ text: answer, isCut: false }, place);
}

const plain = (code: string): string =>
  code
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .join('\n');

describe('code with fences in it', () => {
  /** Length of the longest fence at the start of a line. */
  const longest = (code: string): number =>
    Math.max(3, ...[...code.matchAll(/^\s*(`+)/gm)].map(([, marks]) => marks!.length));

  test('is read completely or refused, never in part', () => {
    let whole = 0;
    let all = 0;
    fc.assert(
      fc.property(
        file,
        before,
        after,
        fc.nat({ max: 2 }),
        fc.boolean(),
        ({ language, code }, lead, tail, more, changes) => {
          const fence = '`'.repeat(longest(code) + more);
          // The old file has the same texts, and code of its own.
          const old = `${code}\n${changes ? 'old' : (language.code[0] ?? '')}`;
          const answer = read(`${lead}${fence}${language.tag}\n${code}\n${fence}${tail}`, language, old);
          all++;
          if ('unusable' in answer) return assert.match(answer.unusable, /incomplete|ambiguous|unchanged/);
          whole++;
          assert.equal(plain(answer.code), plain(code));
        },
      ),
      { numRuns: 3000 },
    );
    assert.ok(whole > all / 2, `${whole} of ${all} were read`);
  });

  test('is never read in part when the model adds the fences', () => {
    fc.assert(
      fc.property(file, before, after, ({ language, code }, lead, tail) => {
        const fence = '`'.repeat(longest(code));
        const answer = read(
          `${lead}${fence}${language.tag}\n${code}\n${fence}${tail}`,
          language,
          'something old',
        );
        if ('code' in answer) assert.equal(plain(answer.code), plain(code));
      }),
      { numRuns: 3000 },
    );
  });

  test('is always read when the surrounding fence is longer', () => {
    fc.assert(
      fc.property(file, ({ language, code }) => {
        const fence = '`'.repeat(longest(code) + 1);
        assert.equal(codeBlocks(`${fence}${language.tag}\n${code}\n${fence}`)[0]?.code, code);
      }),
    );
  });

  test('is requested between longer fences', () => {
    const subject = {
      kind: 'file',
      name: 'a.py',
      path: 'a.py',
      languageId: 'python',
      firstLine: 1,
      lastLine: 5,
    } as const;
    const asked = (code: string): string =>
      instructionFor('improve', { ...subject, code, fileText: code }, '');
    assert.match(asked('"""\n```\nx\n```\n"""'), /between two lines of 4 backticks/);
    assert.match(asked('"""\n````\nx\n````\n"""'), /between two lines of 5 backticks/);
    assert.doesNotMatch(asked('a = 1'), /backticks/);
  });
});

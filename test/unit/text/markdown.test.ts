import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { fenceTag, languageName } from '../../../src/text/languageNames.ts';
import { codeSpan, escapeMarkdown, fencedBlock, lineRange, linesOf } from '../../../src/text/markdown.ts';

const hostile = fc.string({
  unit: fc.constantFrom('`', '``', '```', '\n', '~~~', 'a', ' ', '\\'),
  maxLength: 60,
});

test('no line of the code closes its fence', () => {
  fc.assert(
    fc.property(hostile, (code) => {
      const lines = fencedBlock(code, 'typescript').split('\n');
      const fence = lines[0]?.replace('typescript', '') ?? '';
      const closing = lines.findIndex((line, index) => index > 0 && line.trimStart().startsWith(fence));
      assert.equal(closing, lines.length - 2);
      const inside = lines.slice(1, -2).join('\n');
      assert.equal(inside, code.replace(/\n$/, ''));
    }),
  );
});

test('a language id cannot break the fence', () => {
  fc.assert(fc.property(hostile, (id) => assert.match(fenceTag(id), /^[\w+#.-]*$/)));
});

test('inline code contains any text on one line', () => {
  assert.equal(codeSpan('a.ts'), '`a.ts`');
  assert.equal(codeSpan('a`b'), '`` a`b ``');
  assert.equal(codeSpan('a\nb'), '`a b`');
});

test('Markdown marks in names are escaped, underscores inside words are not', () => {
  assert.equal(escapeMarkdown('snake_case'), 'snake_case');
  assert.equal(escapeMarkdown('__init__'), '\\_\\_init\\_\\_');
  assert.equal(escapeMarkdown('a*b<T>[0]'), 'a\\*b\\<T\\>\\[0\\]');
});

test('lines are counted as people count them', () => {
  assert.deepEqual(linesOf(''), ['']);
  assert.deepEqual(linesOf('a\r\nb\rc\n'), ['a', 'b', 'c']);
  assert.deepEqual(linesOf('a\n\n'), ['a', '']);
  assert.equal(lineRange(3, 3), 'line 3');
  assert.equal(lineRange(3, 4), 'lines 3-4');
});

test('languages have the names people use', () => {
  assert.equal(languageName('typescript'), 'TypeScript');
  assert.equal(languageName('cpp'), 'C++');
  assert.equal(languageName('shellscript'), 'Shell');
  assert.equal(languageName('zig'), 'Zig');
  assert.equal(languageName('constructor'), 'Constructor');
  assert.equal(fenceTag('typescriptreact'), 'tsx');
  assert.equal(fenceTag('python'), 'python');
});

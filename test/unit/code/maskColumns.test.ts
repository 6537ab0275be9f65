import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import * as lexers from '../../../src/code/lexers.ts';
import { maskCode, maskColumns } from '../../../src/code/maskCode.ts';

const cases: [shows: string, rules: lexers.LexerRules, code: string, masked: string][] = [
  ['a comment to the end of the line', lexers.javascript, 'a( // b)\nc', 'a(      \nc'],
  ['a comment over lines', lexers.javascript, 'a /* (\n) */ b', 'a     \n     b'],
  ['a string', lexers.javascript, `f('(', "\\")")`, 'f(""", """"")'],
  ['the code in a template', lexers.javascript, '`a(${f(b)})`', '""""{f(b)}""'],
  ['a string that is not closed', lexers.javascript, 'a = "b(\nc', 'a = """\nc'],
  ['a regular expression', lexers.javascript, 'a = /[(]/;', 'a = """"";'],
  ['a docstring', lexers.python, '"""a\n(b"""\nc', '""""\n"""""\nc'],
  ['a raw string', lexers.rust, 'r#"("#;', '"""""";'],
  ['a here-document', lexers.shell, 'cat <<E\n(\nE\nb', 'cat """\n"\n"\nb'],
  ['interpolation of Ruby', lexers.ruby, '"#{a(b)}"', '""{a(b)}"'],
];

describe('code with blank comments and strings, every character at its position', () => {
  for (const [shows, rules, code, masked] of cases) {
    test(shows, () => assert.equal(maskColumns(code, rules), masked));
  }

  const all = Object.values(lexers);
  const piece = fc.constantFrom(
    ...[
      '"',
      "'",
      '`',
      '${',
      '}',
      '{',
      '(',
      ')',
      '\n',
      '\\',
      '/*',
      '*/',
      '//',
      '#',
      '<<E',
      'E',
      'a',
      ' ',
      '/',
      '😀',
      '%w(',
      '[',
      ']',
    ],
  );

  test('has the length of the code and the same line breaks', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), fc.constantFrom(...all), (pieces, rules) => {
        const code = pieces.join('');
        const masked = maskColumns(code, rules);
        assert.equal(masked.length, code.length);
        for (let at = 0; at < code.length; at++) assert.equal(masked[at] === '\n', code[at] === '\n');
      }),
      { numRuns: 2000 },
    );
  });

  test('keeps the brackets that `maskCode` keeps, and those around code in strings', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), fc.constantFrom(...all), (pieces, rules) => {
        const code = pieces.join('');
        const square = (text: string) => text.replaceAll(/[^[\]]/g, '');
        assert.equal(square(maskColumns(code, rules)), square(maskCode(code, rules)));
      }),
      { numRuns: 1000 },
    );
  });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { maskCode } from '../../../src/code/maskCode.ts';
import { cyclomaticComplexity } from '../../../src/code/complexity.ts';
import { cases } from './complexityCases.ts';
import * as lexers from '../../../src/code/lexers.ts';

describe('cyclomatic complexity', () => {
  for (const [language, shows, complexity, code] of cases) {
    test(`${language}: ${shows}`, () => {
      assert.equal(cyclomaticComplexity(code, language), complexity);
      assert.equal(cyclomaticComplexity(code.replaceAll('\n', '\r\n'), language), complexity);
    });
  }

  test('is not defined for other languages', () => {
    assert.equal(cyclomaticComplexity('if', 'plaintext'), undefined);
    assert.equal(cyclomaticComplexity('if', 'constructor'), undefined);
  });

  test('of any text is a number from 1 on, and terminates', () => {
    const languages = [...new Set(cases.map(([language]) => language))];
    const tokens = [
      'if ',
      'case ',
      '"',
      "'",
      '`',
      '${',
      '}',
      '{',
      '(',
      ')',
      '/*',
      '*/',
      '//',
      '#',
      '\n',
      '/',
      '\\',
      '<<EOF',
      '_ =>',
      '*)',
      ';;',
      '?',
      '<?',
      'r#"',
      '"""',
    ];
    const texts = fc.array(fc.constantFrom(...tokens), { maxLength: 60 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.constantFrom(...languages), texts, (language, text) => {
        const complexity = cyclomaticComplexity(text, language) ?? 0;
        assert.ok(complexity >= 1 && Number.isInteger(complexity), `${complexity}`);
      }),
      { numRuns: 2_000 },
    );
  });

  test('does not change with what a string or a comment says', () => {
    const words = fc.array(
      fc.constantFrom('if (a)', 'while (b)', '&&', '||', '? :', 'case 1:', 'for (', ' '),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(words, words, (said, noted) => {
        const code = `if (a) { b("${said.join(' ')}"); } /* ${noted.join(' ')} */ // ${said.join(' ')}`;
        for (const language of [
          'typescript',
          'java',
          'c',
          'cpp',
          'go',
          'rust',
          'csharp',
          'kotlin',
          'dart',
          'php',
          'swift',
        ]) {
          assert.equal(cyclomaticComplexity(code, language), 2, language);
        }
      }),
    );
  });
});

test('masking leaves code as it is', () => {
  assert.equal(maskCode('a = "b" + c; // d', lexers.javascript), 'a = "" + c;  ');
  assert.equal(maskCode('x = `a${b + `c`}d`', lexers.javascript), 'x = " b + "" "');
});

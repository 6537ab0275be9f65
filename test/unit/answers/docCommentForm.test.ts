/** The form of a doc comment, and the comment in an answer. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { renderDocComment } from '../../../src/answers/renderDocComment.ts';
import { docTextOf } from '../../../src/answers/docCommentAnswer.ts';
import { docStyleOf } from '../../../src/code/docCommentStyles.ts';

const layout = { indent: '', tabSize: 4, width: 60 };
const render = (language: string, text: string, more = {}): string =>
  renderDocComment(text, docStyleOf(language)!, { ...layout, ...more }).join('\n');

describe('the form of a comment', () => {
  const long = 'Puts goods on the shelf; more of a known item raises its quantity.';
  const wide = (lines: string[]): string => lines.join('\n');
  const forms: [language: string, text: string, expected: string][] = [
    ['typescript', 'Adds.', '/** Adds. */'],
    [
      'typescript',
      `${long}\n@param item - what is put there, which must not be nothing at all`,
      wide([
        '/**',
        ' * Puts goods on the shelf; more of a known item raises its',
        ' * quantity.',
        ' * @param item - what is put there, which must not be',
        ' *   nothing at all',
        ' */',
      ]),
    ],
    ['python', 'Adds.', '"""Adds."""'],
    ['python', 'Adds.\n\nArgs:\n    item: What\n', '"""Adds.\n\nArgs:\n    item: What\n"""'],
    ['python', 'Matches \\d+ and says "yes"', 'r"""Matches \\d+ and says "yes" """'],
    ['go', `Add ${long}`, '// Add Puts goods on the shelf; more of a known item raises\n// its quantity.'],
    ['rust', 'Adds.\n\n# Errors\n\nNone.', '/// Adds.\n///\n/// # Errors\n///\n/// None.'],
    [
      'swift',
      'Adds.\n\n- Parameter a: one\n- Returns: two',
      '/// Adds.\n///\n/// - Parameter a: one\n/// - Returns: two',
    ],
    [
      'csharp',
      '<summary>Adds T<int> & more.</summary>\n<returns>One.</returns>',
      '/// <summary>\n/// Adds T&lt;int> &amp; more.\n/// </summary>\n/// <returns>One.</returns>',
    ],
    [
      'csharp',
      'Adds.\n<include file="x"/>',
      '/// <summary>\n/// Adds. &lt;include file="x"/>\n/// </summary>',
    ],
    ['csharp', '<summary>Adds', '/// <summary>\n/// &lt;summary&gt;Adds\n/// </summary>'],
    ['ruby', 'Adds.\n@param a [Integer] one', '# Adds.\n# @param a [Integer] one'],
    ['haskell', 'Adds.\nMore.\n\nLast.', '-- | Adds. More.\n--\n-- Last.'],
    ['shellscript', 'Adds.\n\nArguments:\n  $1 - one', '# Adds.\n#\n# Arguments:\n#   $1 - one'],
    ['lua', 'Adds.\n@param a number', '--- Adds.\n--- @param a number'],
    ['java', 'Reads src/**/*.java; \\user', '/** Reads src/ ** / *.java; \\ user */'],
  ];
  for (const [language, text, expected] of forms)
    test(`${language}: ${text.slice(0, 40)}`, () => assert.equal(render(language, text), expected));

  test('indentation is that of the line, and counts for the width', () => {
    assert.equal(
      render('go', 'word '.repeat(12), { indent: '\t', width: 48 }),
      `\t// ${'word '.repeat(8).trim()}\n\t// ${'word '.repeat(4).trim()}`,
    );
  });

  test('Chinese is broken without spaces, and counts two columns per character', () => {
    const lines = render('go', '把商品放在货架上。'.repeat(6), { width: 50 }).split('\n');
    assert.ok(lines.length >= 3 && lines.every((line) => Array.from(line).length <= 27), lines.join('|'));
  });
});

describe('an answer', () => {
  const code = 'export function add(a: number, b: number) {\n  return a + b; // sum\n}';
  const adds = 'Adds two numbers.\n\n@param a - one\n@returns the sum';
  const block = '/**\n * Adds two numbers.\n *\n * @param a - one\n * @returns the sum\n */';
  const answers: [name: string, answer: string, expected: string | undefined][] = [
    ['of the text alone', adds, adds],
    ['with comment marks', block, adds],
    [
      'in a fence, with manners around it',
      `Sure! Here's the comment:\n\n\`\`\`ts\n${block}\n\`\`\`\n\nLet me know if it helps.`,
      adds,
    ],
    ['above the repeated code', `\`\`\`typescript\n${block}\n${code}\n\`\`\``, adds],
    ['of text in a fence', `\`\`\`\n${adds}\n\`\`\``, adds],
    ['of text above repeated code', `${adds}\n\n\`\`\`ts\n${code}\n\`\`\``, adds],
    ['of text above bare repeated code', `${adds}\n${code}`, adds],
    [
      'with an example, which stays',
      'Adds.\n\n@example\n```ts\nadd(1, 2);\n```',
      'Adds.\n\n@example\n```ts\nadd(1, 2);\n```',
    ],
    ['in slashes', '// Adds two\n// numbers.', 'Adds two\nnumbers.'],
    ['after thoughts', `<think>Hm. /** no */</think>\n${adds}`, adds],
    ['whose comment has no end', '```ts\n/**\n * Adds two numbers.', 'Adds two numbers.'],
    ['whose comment ends early', '/** Adds. */ evil(); /* more */', 'Adds.'],
    ['that is quoted', '"Adds two numbers."', 'Adds two numbers.'],
    ['of nothing', ' \n', undefined],
    ['of marks alone', '```\n/** */\n```', undefined],
    ['of the code alone', `\`\`\`ts\n${code}\n\`\`\``, undefined],
    ['of other code alone', '```ts\nconst x = 1;\nrun(x);\n```', undefined],
    ['of thoughts without end', '<think>Hm, let me see', undefined],
  ];
  for (const [name, answer, expected] of answers)
    test(name, () => assert.equal(docTextOf(answer, docStyleOf('typescript')!, code), expected));

  test('of Python: a docstring inside the repeated function', () => {
    const python = docStyleOf('python')!;
    const def = 'def add(a, b):\n    """Old.\n\n    Args:\n        a: One.\n    """\n    return a + b';
    const text = 'Adds.\n\nArgs:\n    a: One.';
    assert.equal(docTextOf(`\`\`\`python\n${def.replace('Old', 'Adds')}\n\`\`\``, python, def), text);
    assert.equal(docTextOf(text, python, def), text, 'what the old docstring said may be said again');
    assert.equal(docTextOf(`'''${text}\n'''`, python, def), text);
    assert.equal(docTextOf('```python\ndef add(a, b):\n    return a + b\n```', python, def), undefined);
  });

  test('of other languages: their own marks', () => {
    const text = (language: string, answer: string): string | undefined =>
      docTextOf(answer, docStyleOf(language)!, '');
    assert.equal(text('csharp', '/// <summary>Adds.</summary>'), '<summary>Adds.</summary>');
    assert.equal(text('lua', '---Adds.\n---@param a number'), 'Adds.\n@param a number');
    assert.equal(text('ruby', '# Adds.\n#\n# @return [Integer]\ndef add'), 'Adds.\n\n@return [Integer]');
    assert.equal(text('rust', 'Adds.\n\n# Errors\n\nNone.'), 'Adds.\n\n# Errors\n\nNone.');
    assert.equal(text('sql', '-- Adds.'), 'Adds.');
    assert.equal(text('r', "#' Adds.\n#' @param a one"), 'Adds.\n@param a one');
  });
});

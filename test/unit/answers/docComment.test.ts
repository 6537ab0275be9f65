/** Any text of a model becomes a comment and nothing else. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Script } from 'node:vm';
import * as fc from 'fast-check';
import { maskCode } from '../../../src/code/maskCode.ts';
import { renderDocComment } from '../../../src/answers/renderDocComment.ts';
import { docTextOf } from '../../../src/answers/docCommentAnswer.ts';
import { docLanguages, docStyleOf, withoutBody, type DocStyle } from '../../../src/code/docCommentStyles.ts';
import { wrapped } from '../../../src/answers/docCommentText.ts';

const pieces = [
  ...[
    '*/',
    '*',
    '/',
    '/*',
    '/**',
    '//',
    '///',
    '"""',
    '"',
    "'''",
    "'",
    '`',
    '```',
    '```rust',
    '~~~',
    '\\',
    '\\\\',
  ],
  ...[
    '\n',
    '\r',
    '\r\n',
    '\u2028',
    '\u2029',
    '\u0085',
    '\v',
    '\f',
    '\u001C',
    '\0',
    '\u202E',
    '\uFEFF',
    '\uD800',
  ],
  ...[
    '??/',
    '??',
    '\\u002a',
    '\\u002f',
    '\\u000a',
    '\\uu002A/',
    '\\',
    'u002f',
    '#{evil()}',
    '${evil()}',
    '\\(evil())',
  ],
  ...[
    '?>',
    '<?php',
    '--]]',
    '--[[',
    ']]',
    '-->',
    '<!--',
    '=end',
    '=cut',
    '|#',
    '%}',
    '-}',
    ')#',
    '#>',
    '#!',
    ' _',
  ],
  ...[
    'evil();',
    '@ts-ignore',
    '@jsxImportSource x',
    '>>> evil()',
    '    evil()',
    '# coding: rot13',
    '`r evil()`',
  ],
  ...[
    ' ',
    '  ',
    '\t',
    'a',
    'The words.',
    '中文',
    '🙂',
    '@param x',
    '- item',
    '<summary>',
    '</summary>',
    '&',
    '<',
    '>',
  ],
];
const hostile = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { maxLength: 25 }).map((parts) => parts.join('')),
  fc
    .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 5 })))
    .map((parts) => parts.join('')),
);
const layouts = fc.record({
  indent: fc.constantFrom('', '  ', '    ', '\t', '\t\t'),
  tabSize: fc.constantFrom(2, 4, 8),
  width: fc.integer({ min: 20, max: 140 }),
});

/** All characters that end a line in some language, editor or tool. */
const anyLineEnd = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/;
/** In these languages the compiler decodes Unicode escapes first. */
const early = new Set(['java', 'groovy', 'scala']);
/**
 * In these languages a backslash, or its substitute, joins a line with the next one before comments are
 * recognized.
 */
const splicing = new Set([
  'c',
  'cpp',
  'cuda-cpp',
  'objective-c',
  'objective-cpp',
  'glsl',
  'hlsl',
  'makefile',
]);

/** The source as the language's compiler sees it when it starts to recognize comments. */
function asRead(source: string, language: string): string {
  if (early.has(language))
    return source.replaceAll(/\\u+([0-9a-fA-F]{4})/g, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    );
  if (splicing.has(language)) return source.replaceAll('??/', '\\').replaceAll(/\\[ \t]*\n/g, '');
  return source;
}

/**
 * Throws unless the comment ends exactly where it should. Uses only the language's rules, not the lexer in
 * src.
 */
function assertComment(comment: string, language: string, { form, marker }: DocStyle): void {
  const read = asRead(comment, language);
  if (form === 'block') {
    assert.ok(read.trimStart().startsWith('/**'), read);
    assert.equal(read.indexOf('*/', read.indexOf('/**') + 3), read.length - 2, 'ends at its end');
    assert.ok(!read.slice(read.indexOf('/**') + 2).includes('/*'), 'none inside it');
  } else if (form === 'line') {
    const mark = marker.trim();
    for (const line of read.split(anyLineEnd))
      assert.ok(line.trim().startsWith(mark), `"${line}" in ${read}`);
  } else {
    assertDocstring(read.trim());
  }
  if (early.has(language)) assert.ok(!/\\u/.test(comment), 'no escape, not even a broken one');
  assert.ok(
    !/[^\P{Cc}\n\t]|[\p{Cs}\u2028\u2029\u202A-\u202E\u2066-\u2069\uFEFF]/u.test(comment),
    'nothing invisible',
  );
}

/** Reads a string in triple quotes character by character, as Python does. */
function assertDocstring(text: string): void {
  const open = /^r?"""/.exec(text)?.[0] ?? assert.fail(text);
  assert.ok(open.startsWith('r') || !text.includes('\\'), 'no escapes');
  let at = open.length;
  while (at < text.length && !text.startsWith('"""', at)) at += text[at] === '\\' ? 2 : 1;
  assert.equal(at, text.length - 3, 'ends at its end');
}

const styles: [string, DocStyle][] = docLanguages.flatMap((language) => {
  const style = docStyleOf(language)!;
  return style.form === 'docstring'
    ? [[language, style] as [string, DocStyle], [language, withoutBody(style)] as [string, DocStyle]]
    : [[language, style] as [string, DocStyle]];
});

describe('a comment of any text', () => {
  for (const [language, style] of styles) {
    test(`is a comment and nothing else: ${language} (${style.form} ${style.marker})`, () => {
      fc.assert(
        fc.property(hostile, layouts, (text, layout) => {
          const comment = renderDocComment(text, style, layout).join('\n');
          if (comment !== '') assertComment(comment, language, style);
          const code = `before\n${comment}\nafter`;
          const masked = maskCode(code, style.lexis).replaceAll(/\s/g, '');
          assert.equal(masked, style.form === 'docstring' ? 'before""after' : 'beforeafter');
        }),
        { numRuns: 150 },
      );
    });
    test(`so is one of any answer: ${language} (${style.form} ${style.marker})`, () => {
      fc.assert(
        fc.property(hostile, (answer) => {
          const text = docTextOf(answer, style, 'function f() {}');
          const layout = { indent: '  ', tabSize: 4, width: 80 };
          const comment = renderDocComment(text ?? 'a', style, layout).join('\n');
          if (comment !== '') assertComment(comment, language, style);
        }),
        { numRuns: 100 },
      );
    });
  }

  test('is nothing to a JavaScript engine', () => {
    const style = docStyleOf('javascript')!;
    fc.assert(
      fc.property(hostile, (text) => {
        const comment = renderDocComment(text, style, { indent: '', tabSize: 4, width: 60 }).join('\n');
        const evil = (): never => assert.fail('was run');
        assert.equal(new Script(`1 +\n${comment}\n1`).runInNewContext({ evil }), 2);
      }),
    );
  });

  test('is no order to a tool', () => {
    const made = (language: string, text: string): string =>
      renderDocComment(text, docStyleOf(language)!, { indent: '', tabSize: 4, width: 60 }).join('\n');
    fc.assert(
      fc.property(hostile, (text) => {
        assert.doesNotMatch(made('typescript', text), /@ts-|@jsx/i);
        assert.doesNotMatch(made('python', text), />>>|coding[:=]/);
        assert.doesNotMatch(made('rust', text), /`{3}|~{3}|^\/\/\/ {4,}/m, 'rustdoc runs no example');
        assert.doesNotMatch(made('r', text), /`r\s|@eval/);
        assert.doesNotMatch(made('php', text), /\?>/);
        assert.doesNotMatch(made('lua', text), /^--\[/m);
      }),
    );
    assert.equal(
      made('typescript', '@ts-nocheck\n@__NO_SIDE_EFFECTS__'),
      '/** ts-nocheck __NO_SIDE_EFFECTS__ */',
    );
    assert.equal(made('go', 'go:embed x'), '// go:embed x', 'a blank makes it no directive');
    assert.equal(made('shellscript', '!/bin/sh'), '# !/bin/sh');
  });

  test('keeps its width, and all of its words in their order', () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(words, fc.integer({ min: 20, max: 100 }), (list, width) => {
        const lines = wrapped(list.join(' '), width);
        for (const line of lines) assert.ok(line.length <= width);
        assert.deepEqual(lines.join(' ').split(' '), list);
        for (const [index, line] of lines.slice(1).entries())
          assert.ok(lines[index]!.length + 1 + line.split(' ')[0]!.length > width, 'no line too short');
      }),
    );
  });
});

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

  test('Chinese is broken where it has no blanks, and takes two columns a sign', () => {
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

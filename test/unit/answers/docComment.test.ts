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
          const masked = maskCode(code, style.lexer).replaceAll(/\s/g, '');
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

  test('is no directive for a tool', () => {
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

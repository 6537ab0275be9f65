import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { trimSuggestion, wholeLines } from '../../../../src/completion/engine/index.ts';

const languages = [
  ...['typescript', 'javascript', 'python', 'go', 'rust', 'java', 'csharp', 'cpp', 'ruby', 'php'],
  ...['html', 'css', 'yaml', 'sql', 'markdown', 'somethingelse'],
];

/** Pieces from which code of any kind, right and wrong, is put together. */
const piece = fc.constantFrom(
  ...[
    '\n',
    '\n',
    '\n  ',
    '\n    ',
    '\n\t',
    ' ',
    ';',
    ',',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '"',
    "'",
    '`',
    '${',
    '//',
    '/*',
  ],
  ...[
    '*/',
    '#',
    ':',
    ' = ',
    'foo',
    'bar',
    'if (x) {',
    '} else {',
    'return x;',
    'def f():',
    'end',
    '<div>',
    '</div>',
  ],
  ...[
    '=>',
    'é',
    '😀',
    '```',
    '<think>',
    '</think>',
    '<|endoftext|>',
    '\r\n',
    '\r',
    '<|channel|>',
    'do |x|',
    '0, ',
  ],
);
const code = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));
/** A file has one kind of line end. */
const file = fc
  .tuple(code, code, fc.boolean())
  .map(
    ([before, after, crlf]) =>
      [before, after].map((text) =>
        text.replaceAll(/\r\n?/g, '\n').replaceAll('\n', crlf ? '\r\n' : '\n'),
      ) as [string, string],
  );
const context = fc
  .record({ sides: file, languageId: fc.constantFrom(...languages), multiline: fc.boolean() })
  .map(({ sides: [prefix, suffix], ...rest }) => ({ prefix, suffix, ...rest }));
/** An answer of its own, or one that goes on with what is there. */
const answered = context.chain((around) =>
  fc.tuple(code, fc.nat(60), fc.nat(60), fc.boolean()).map(([own, from, length, first]) => {
    const copied = (around.prefix + around.suffix).slice(from, from + length);
    return { around, answer: first ? copied + own : own + around.suffix.slice(0, length) };
  }),
);
const many = { numRuns: 1500 };

describe('whatever a model writes', () => {
  test('what is shown is not changed by trimming it again', () => {
    fc.assert(
      fc.property(answered, ({ around, answer }) => {
        const shown = trimSuggestion(answer, around);
        assert.equal(trimSuggestion(shown, around), shown);
      }),
      many,
    );
  });

  test('inserting and removing it gives the same bytes, with one kind of line end', () => {
    fc.assert(
      fc.property(answered, ({ around, answer }) => {
        const shown = trimSuggestion(answer, around);
        const { prefix, suffix } = around;
        const after = prefix + shown + suffix;
        assert.equal(
          after.slice(0, prefix.length) + after.slice(prefix.length + shown.length),
          prefix + suffix,
        );
        assert.ok(shown.isWellFormed() || !answer.isWellFormed());
        const crlf = /\r\n/.test(prefix + suffix);
        assert.doesNotMatch(shown, crlf ? /(?<!\r)\n|\r(?!\n)/ : /\r/);
      }),
      many,
    );
  });

  test('it is not blank and says more than closing brackets', () => {
    fc.assert(
      fc.property(answered, ({ around, answer }) => {
        const shown = trimSuggestion(answer, around);
        assert.ok(shown === '' || /[^\s)\]};,]/.test(shown), JSON.stringify(shown));
      }),
      many,
    );
  });

  test('its later lines are never left of the line it begins in', () => {
    fc.assert(
      fc.property(answered, ({ around, answer }) => {
        const shown = trimSuggestion(answer, around);
        const line = around.prefix.slice(around.prefix.lastIndexOf('\n') + 1);
        const [base] = /^[ \t]*/.exec(line)!;
        const lines = shown
          .split(/\r?\n/)
          .slice(1)
          .filter((text) => text.trim() !== '');
        // The text of a string over several lines begins where it likes.
        if (/["'`]/.test(shown + around.prefix)) return;
        for (const text of lines) assert.ok(width(text) >= width(base), JSON.stringify(shown));
      }),
      many,
    );
  });

  test('it does not end with the text that stands behind it in its line', () => {
    fc.assert(
      fc.property(answered, ({ around, answer }) => {
        const shown = trimSuggestion(answer, around);
        const rest = around.suffix.split(/\r?\n/, 1)[0]!.trim();
        // Of brackets alone, one may be the answer's own.
        if (
          /^[()[\]{}\s"'`\w]*$/.test(rest) ||
          shown === '' ||
          /["'`(){}[\]#]|\/[/*]/.test(around.prefix + rest)
        )
          return;
        if (/["'`(){}[\]#]|\/[/*]/.test(shown)) return;
        assert.ok(!shown.split(/\r?\n/, 1)[0]!.trimEnd().endsWith(rest), JSON.stringify(shown));
      }),
      many,
    );
  });
});

test('the lines of an answer that was cut are whole', () => {
  assert.equal(wholeLines('a();\nb();\nc('), 'a();\nb();');
  assert.equal(wholeLines('a();\n'), 'a();');
  assert.equal(wholeLines('a('), '');
});

function width(line: string): number {
  let columns = 0;
  for (const character of /^[ \t]*/.exec(line)![0]) columns += character === '\t' ? 4 - (columns % 4) : 1;
  return columns;
}

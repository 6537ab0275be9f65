import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { trimSuggestion, wholeLines } from '../../../../src/completion/engine/index.ts';

const languages = [
  ...['typescript', 'javascript', 'python', 'go', 'rust', 'java', 'csharp', 'cpp', 'ruby', 'php'],
  ...['html', 'css', 'yaml', 'sql', 'markdown', 'somethingelse'],
];

/** Pieces from which valid and invalid code is built. */
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
/** All line ends of a file are of the same kind. */
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
  .map(({ sides: [prefix, suffix], languageId, multiline }) => ({ prefix, suffix, languageId, multiline }));
/** An arbitrary answer, or one that continues the existing code. */
const answered = context.chain((around) =>
  fc.tuple(code, fc.nat(60), fc.nat(60), fc.boolean()).map(([own, from, length, first]) => {
    const copied = (around.prefix + around.suffix).slice(from, from + length);
    return { around, answer: first ? copied + own : own + around.suffix.slice(0, length) };
  }),
);
const many = { numRuns: 1500 };

describe('any text of a model', () => {
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

  test('it contains more than white space and closing brackets', () => {
    fc.assert(
      fc.property(answered, ({ around, answer }) => {
        const shown = trimSuggestion(answer, around);
        assert.ok(shown === '' || /[^\s)\]};,]/.test(shown), JSON.stringify(shown));
      }),
      many,
    );
  });

  test('its later lines are never indented less than its first line', () => {
    fc.assert(
      fc.property(answered, ({ around, answer }) => {
        const shown = trimSuggestion(answer, around);
        const line = around.prefix.slice(around.prefix.lastIndexOf('\n') + 1);
        const [base] = /^[ \t]*/.exec(line)!;
        const lines = shown
          .split(/\r?\n/)
          .slice(1)
          .filter((text) => text.trim() !== '');
        // The lines of a multi-line string may have any indentation.
        if (/["'`]/.test(shown + around.prefix)) return;
        for (const text of lines) assert.ok(width(text) >= width(base), JSON.stringify(shown));
      }),
      many,
    );
  });

  test('it does not end with the text after it on its line', () => {
    fc.assert(
      fc.property(answered, ({ around, answer }) => {
        const shown = trimSuggestion(answer, around);
        const rest = around.suffix.split(/\r?\n/, 1)[0]!.trim();
        // A line of brackets only may belong to the answer.
        if (
          /^[()[\]{}\s"'`\w]*$/.test(rest) ||
          shown === '' ||
          /["'`(){}[\]#]|\/[/*]/.test(around.prefix + rest)
        )
          return;
        if (/["'`(){}[\]#]|\/[/*]/.test(shown)) return;
        const first = shown.split(/\r?\n/, 1)[0]!.trimEnd();
        // The end of a longer word is not the rest.
        if (/^\w/.test(rest) && /\w$/.test(first.slice(0, -rest.length))) return;
        assert.ok(!first.endsWith(rest), JSON.stringify(shown));
      }),
      many,
    );
  });
});

/** Balanced code without strings: nested statements, calls, lists and blocks. */
const balanced = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('a', 'b + c', 'x;\n', ', ', ' = '),
    fc
      .tuple(fc.constantFrom('f(', 'a[', 'if (x) {\n', '{ '), fc.array(tie('node'), { maxLength: 4 }))
      .map(([open, nodes]) => {
        const closer = open.endsWith('(') ? ')' : open.endsWith('[') ? ']' : '}';
        return `${open}${nodes.join('')}${closer}`;
      }),
  ),
})).node;
const program = fc.array(balanced, { minLength: 1, maxLength: 12 }).map((nodes) => nodes.join('\n'));

/** A program with a part removed, and that part as written by a model that does not stop at its end. */
const hole = fc
  .record({
    text: program,
    from: fc.nat(1000),
    length: fc.nat(40),
    more: fc.constantFrom('', ')', '}', ')}', '])};', '\n}'),
  })
  .map(({ text, from, length, more }) => {
    const start = from % (text.length + 1);
    const end = Math.min(text.length, start + length);
    const answer = text.slice(start, end) + more + text.slice(end, end + 30);
    return { prefix: text.slice(0, start), suffix: text.slice(end), answer };
  });

test('each of its brackets closes one, and none that the following text closes', () => {
  let shownOnes = 0;
  fc.assert(
    fc.property(hole, fc.boolean(), ({ prefix, suffix, answer }, multiline) => {
      const shown = trimSuggestion(answer, { prefix, suffix, languageId: 'typescript', multiline });
      shownOnes += shown === '' ? 0 : 1;
      assert.ok(
        strayClosers(prefix + shown + suffix) <= strayClosers(prefix + suffix),
        JSON.stringify(shown),
      );
    }),
    { numRuns: 3000 },
  );
  assert.ok(shownOnes > 500, `only ${shownOnes} were shown`);
});

/** Number of closing brackets without an opening one of their kind. */
function strayClosers(text: string): number {
  let stray = 0;
  for (const [open, close] of ['()', '[]', '{}']) {
    let level = 0;
    for (const character of text.split('')) {
      if (character === open) level += 1;
      if (character !== close) continue;
      if (level === 0) stray += 1;
      else level -= 1;
    }
  }
  return stray;
}

/** Texts that could make a filter read the same text again and again. */
const degenerate: [name: string, unit: string][] = [
  ['one long word', 'a'],
  ['opening brackets', '({['],
  ['closing brackets', ')}]'],
  ['equal lines', 'foo();\n'],
  ['blank lines', '  \n'],
  ['quotes', `"'\``],
  ['slashes', '(/['],
  ['fences', '```ts\n'],
  ['long fences', '~~~'],
  ['unpaired surrogates', '\ud800'],
  ['ends of thoughts', '</think>'],
  ['begun tokens', '<|'],
  ['ambiguous tokens', 'a[PREFIX]'],
  ['word lists', '%w('],
  ['here-documents', '<<~A '],
  ['spaces', ' '],
  ['carriage returns', '\r'],
];

test('sixteen times the answer is about sixteen times the work', () => {
  for (const [name, unit] of degenerate) {
    for (const languageId of ['typescript', 'ruby', 'html']) {
      const context = { prefix: 'a(\n  ', suffix: '\n)', languageId, multiline: true };
      const workFor = (kilobytes: number) => {
        const answer = unit.repeat(Math.ceil((kilobytes * 1024) / unit.length));
        return fastest(() => trimSuggestion(answer, context));
      };
      // Quadratic work would always take 256 times as long. A busy machine may cause values in between.
      const isLinear = [1, 2, 3].some(() => workFor(256) / workFor(16) < 100);
      assert.ok(isLinear, `${name}, ${languageId}`);
    }
  }
});

function fastest(work: () => void): number {
  const times = Array.from({ length: 5 }, () => {
    const started = performance.now();
    work();
    return performance.now() - started;
  });
  return Math.min(...times);
}

test('the lines of a cut answer are complete', () => {
  assert.equal(wholeLines('a();\nb();\nc('), 'a();\nb();');
  assert.equal(wholeLines('a();\n'), 'a();');
  assert.equal(wholeLines('a('), '');
});

function width(line: string): number {
  let columns = 0;
  for (const character of /^[ \t]*/.exec(line)![0]) columns += character === '\t' ? 4 - (columns % 4) : 1;
  return columns;
}

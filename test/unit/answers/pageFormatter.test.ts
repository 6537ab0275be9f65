import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { PageText } from '../../../src/answers/pageFormatter.ts';

const headings = ['Purpose', 'How It Works', 'Usage'];

/** The page's text for a complete answer. */
function page(answer: string, complete = true): string {
  return inPieces([answer], complete);
}

function inPieces(pieces: string[], complete = true): string {
  const text = new PageText(headings);
  return pieces.map((piece) => text.add(piece)).join('') + text.end(complete);
}

const good =
  '## Purpose\n\nIt adds.\n\n## How It Works\n\n- one\n- two\n\n## Usage\n\n```js\n# no heading\n```\n';

/** Headings outside code blocks. */
function headingsOf(markdown: string): string[] {
  let fence = '';
  return markdown.split('\n').filter((line) => {
    const [, mark = '', info = ''] = /^\s{0,3}(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
    if (fence && mark.startsWith(fence) && !info.trim()) fence = '';
    else if (!fence && mark && !(mark[0] === '`' && info.includes('`'))) fence = mark;
    return !fence && /^#{1,2} /.test(line);
  });
}

describe('the text of a page', () => {
  test('stays as it is when the model keeps to the form', () => {
    assert.equal(page(good), good);
  });

  const messy: Record<string, string> = {
    'with a title of its own': `# Basket\n\n${good}`,
    'with other levels, numbers and marks': good
      .replace('## Purpose', '### 1. **Purpose**')
      .replace('## How It Works', '# How it works:')
      .replace('## Usage', '**Usage:**'),
    'with a heading twice': good.replace('It adds.', '## Purpose\n\nIt adds.'),
    'in a fence': `\`\`\`markdown\n${good}\`\`\`\n`,
    'in a fence without a name': `\`\`\`\n${good}\`\`\`\n`,
    'without the first heading': good.replace('## Purpose\n\n', ''),
    'in another order':
      '## How It Works\n\n- one\n- two\n\n## Purpose\n\nIt adds.\n\n## Usage\n\n```js\n# no heading\n```\n',
    backwards:
      '## Usage\n\n```js\n# no heading\n```\n\n## How It Works\n\n- one\n- two\n\n## Purpose\n\nIt adds.\n',
    'with Windows line ends': good.replaceAll('\n', '\r\n'),
    'without the end of its last code block': good.slice(0, -4),
  };
  for (const [name, answer] of Object.entries(messy))
    test(`${name} gives the same page`, () => assert.equal(page(answer), good));

  for (const indentation of ['  ', '\t', '    '])
    test(`leaves code in a list as it is (${JSON.stringify(indentation)})`, () => {
      const code = ['```sh', '# comment', '', '', '# title', '```'].map((line) => line && indentation + line);
      const listed = good.replace('- one\n', `- one:\n${code.join('\n')}\n`);
      assert.equal(page(listed), listed);
    });

  test('has a sentence for a section without text', () => {
    assert.equal(
      page('## Purpose\n\nIt adds.\n'),
      '## Purpose\n\nIt adds.\n\n## How It Works\n\n*The model wrote nothing here.*\n\n## Usage\n\n*The model wrote nothing here.*\n',
    );
  });

  test('claims nothing about sections that an incomplete answer has not reached', () => {
    assert.equal(page('## Purpose\n\nIt ad', false), '## Purpose\n\nIt ad\n');
  });

  test('makes headings of the model smaller and keeps their text', () => {
    const text = page('## Purpose\n\nIt adds.\n\n## Notes\n\nMore.\n\n# End\n\nAll.\n');
    assert.match(text, /It adds\.\n\n### Notes\n\nMore\.\n\n### End\n\nAll\.\n\n## How It Works/);
  });

  test('makes no heading of a line with a rule below', () => {
    assert.doesNotMatch(page('Basket\n===\n\nText\n---\n\n## Usage\n\nx\n'), /Basket\n=|Text\n-/);
  });

  test('passes on a line before it ends', () => {
    const text = new PageText(headings);
    assert.equal(text.add('## Purpose\n\nIt adds what is'), '## Purpose\n\nIt adds what');
    assert.equal(text.add(' **in** it.\n'), ' is **in** it.\n');
  });

  test('disables images and hidden parts, but not code', () => {
    assert.equal(
      page('See ![x](https://a.test/?q=1) and <img src=x> <!-- and `vec![1]` Map<string>.\n').split('\n')[2],
      'See !\\[x](https://a.test/?q=1) and &lt;img src=x> &lt;!-- and `vec![1]` Map&lt;string>.',
    );
    assert.match(page('[x]: https://a.test/x.png\n'), /\\\[x\]:/);
    assert.match(page('```html\n<!-- <img> ![x](y)\n```\n'), /\n<!-- <img> !\[x\]\(y\)\n/);
  });

  const line = fc.oneof(
    fc.constantFrom(
      '',
      '# T',
      '## Purpose',
      '## How it works',
      '### Usage',
      '**Usage**',
      '```',
      '```js',
      '~~~',
      '---',
      '===',
    ),
    fc.constantFrom('# Notes', '- item', 'Some words here.', '![x](y)', '> quote', '<!--', '    code'),
    fc.string(),
  );
  const answer = fc.array(line, { maxLength: 25 }).map((lines) => lines.join('\n'));

  test('has every heading once and in order, for any answer', () => {
    fc.assert(
      fc.property(answer, (text) => {
        assert.deepEqual(
          headingsOf(page(text)),
          headings.map((heading) => `## ${heading}`),
        );
      }),
      { numRuns: 300 },
    );
  });

  test('does not depend on how the answer is cut into pieces', () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(answer, cuts, fc.boolean(), (text, sizes, complete) => {
        const pieces: string[] = [];
        for (let at = 0, turn = 0; at < text.length; turn++) {
          const size = sizes[turn % sizes.length]!;
          pieces.push(text.slice(at, at + size));
          at += size;
        }
        assert.equal(inPieces(pieces, complete), page(text, complete));
      }),
      { numRuns: 300 },
    );
  });
});

test('what comes before the first heading is dropped when it turns out to be thinking', () => {
  const page = new PageText(['Purpose']);
  const shown = page.add('Let me think.\n\nI could begin with it.\n');
  page.restart();
  assert.equal(shown + page.add('## Purpose\n\nIt adds.\n') + page.end(true), '## Purpose\n\nIt adds.\n');
});

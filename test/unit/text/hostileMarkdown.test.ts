import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { InertMarkdown, sanitizeMarkdown } from '../../../src/text/sanitizeMarkdown.ts';
import { hostileMarkdown } from '../../support/hostileMarkdown.ts';
import { powersOf } from '../../support/markdownPowers.ts';

function inPieces(text: string, size: number): string {
  const inert = new InertMarkdown();
  let out = '';
  for (let at = 0; at < text.length; at += size) out += inert.add(text.slice(at, at + size));
  return out + inert.end();
}

describe('is inactive when it is shown', () => {
  for (const [name, text] of Object.entries(hostileMarkdown))
    test(name, () => {
      assert.notDeepEqual(powersOf(text), [], 'the test itself');
      const inert = sanitizeMarkdown(text);
      assert.deepEqual(powersOf(inert), []);
      assert.equal(sanitizeMarkdown(inert), inert, 'once is enough');
      for (const size of [1, 2, 3, 5, 8]) assert.equal(inPieces(text, size), inert);
    });

  test('one after the other, in every order of two', () => {
    const all = Object.values(hostileMarkdown);
    for (const first of all)
      for (const second of all)
        for (const between of ['\n', '\n\n'])
          assert.deepEqual(powersOf(sanitizeMarkdown(first + between + second)), []);
  });
});

/** Pieces of active texts. */
const pieces = fc.constantFrom(
  ...[
    '[x](',
    '![x](',
    ')',
    ']: ',
    '[x]',
    '[x][y]',
    '](',
    '](\n',
    '<',
    '>',
    '(',
    '*',
    '_',
    '"',
    "'",
    '&',
    ';',
  ],
  ...[
    'command:x',
    'command\\:x',
    'javascript:',
    'https://e.example/a',
    '&#99;ommand:y',
    '&colon;',
    ':',
    '//',
    '/',
  ],
  ...['file:///etc', 'ftp://e.example', '//evil.example/x', 'mailto:a@b.example', '\\', '\\`', '\\$', '#'],
  ...['<img src=x>', '<a href="command:x">', '</a>', '<div>', '<!--', '-->', '<?', '<command:z>'],
  ...['`', '``', '```', '~~~', '````', '|', '| - | - |', '$', '$$', '\n$$\n', '\\href{x}', '\\url'],
  ...['\n', '\n\n', '\n- ', '\n1. ', '\n10. ', '\n> ', '\n  ', '\n   ', '\n    ', '\n\t', '\n# ', '\n---\n'],
  ...['word', ' ', 'a b', 'é', '{style="a"}', '\n::: x\n', '\n!!! x\n', '\n@startuml\n', '\n@import "x"\n'],
  ...[
    '\n```js\n',
    '\n```\n',
    '\n  ```\n',
    '\n- ```\n',
    '\n> ```\n',
    '\n    ```\n',
    'mermaid',
    '\n```mermaid\n',
  ],
  ...['\n- ```mermaid\n', '\n~~~ dot\n', '\n[^1]: ', 'js {cmd}', '\n+++\n'],
);
const texts = fc.array(pieces, { maxLength: 30 });

describe('for texts made of any pieces', () => {
  test('it is inactive', () => {
    fc.assert(
      fc.property(texts, (all) => {
        assert.deepEqual(powersOf(sanitizeMarkdown(all.join(''))), []);
      }),
      { numRuns: 10_000 },
    );
  });

  test('twice is as good as once', () => {
    fc.assert(
      fc.property(texts, (all) => {
        const inert = sanitizeMarkdown(all.join(''));
        assert.equal(sanitizeMarkdown(inert), inert);
      }),
      { numRuns: 5000 },
    );
  });

  test('the result does not depend on the pieces', () => {
    fc.assert(
      fc.property(texts, fc.infiniteStream(fc.nat(5)), (all, lengths) => {
        const text = all.join('');
        const inert = new InertMarkdown();
        let out = '';
        for (let at = 0; at < text.length;) {
          const { value } = lengths.next() as { value: number };
          out += inert.add(text.slice(at, at + value));
          at += value;
        }
        assert.equal(out + inert.end(), sanitizeMarkdown(text));
      }),
      { numRuns: 3000 },
    );
  });
});

describe('inactive text and code', () => {
  const harmless = {
    prose:
      'It costs $5 (or 4 €): see `a` & b < c, {x: 1}, "quoted", a/b, 10:30, Note: this. A :: B, C++.\n\n1) one\n',
    'a table with dollars': '| Price | Name |\n| --- | --- |\n| $5 | `List<String>` |\n',
    'code of many languages': [
      'js',
      'TypeScript',
      'c++',
      'c#',
      'objective-c',
      'sh',
      'html',
      'sql',
      'text',
      '',
    ]
      .map((name) => `\`\`\`${name}\n<b>$x</b> [a](command:b)\n\`\`\`\n`)
      .join('\n'),
    'a formula': 'Euler: $e^{i\\pi} + 1 = 0$ and\n\n$$\n\\frac{a}{b}\n$$\n',
    links: '[a](b.md): text, [c](../d/e.ts:12), <https://a.example/?b=1&c=2#d>, [m](mailto:a@b.example)\n',
    'code in a fence in a fence': '````markdown\n```mermaid\ngraph TD\n```\n````\n',
  };
  for (const [name, text] of Object.entries(harmless))
    test(`${name} stays as it is`, () => assert.equal(sanitizeMarkdown(text), text));

  test('words, signs and code between fences stay as they are, byte for byte', () => {
    const prose = fc.stringMatching(/^[A-Za-zäé語 ,.;()'"%=+*#-]{0,40}$/);
    const code = fc.array(pieces, { maxLength: 12 }).map((all) => all.join('').replaceAll(/[`~]/g, ''));
    const name = fc.constantFrom('js', 'python', 'C++', 'rust', '');
    fc.assert(
      fc.property(prose, name, code, prose, (before, tag, inner, after) => {
        const text = `Aa ${before}\n\n\`\`\`${tag}\n${inner}\n\`\`\`\n\nZz ${after}\n`;
        assert.equal(sanitizeMarkdown(text), text);
      }),
    );
  });

  test('of a name with more text, only the name is kept', () => {
    const first = (text: string): string => sanitizeMarkdown(text).split('\n')[0] ?? '';
    assert.equal(first('```js {cmd=true}\n```'), '```js');
    assert.equal(first('```rust,ignore\n```'), '```rust');
    assert.equal(first('~~~ ts title="a.ts"\n~~~'), '~~~ts');
    assert.equal(first('```12:20:src/a.ts\n```'), '```text');
  });
});

describe('a text of 64 KB of one kind', () => {
  const units = [
    ...[
      'a',
      ' ',
      '`',
      '``',
      '[',
      ']',
      '](',
      '![',
      '<',
      '<a ',
      '$',
      '$$',
      '\\',
      '{',
      '{style',
      '&',
      '(',
      ')',
      '/',
      ':',
    ],
    ...[
      '- ',
      '> ',
      '1. ',
      '\n',
      '```\n',
      '- ```\n',
      '$$\n',
      '[a](',
      '`a` ',
      'a: ',
      '\\href',
      '![a](b) ',
      '[a]: b\n',
    ],
    ...['{style=a}', 'http://', '//a', '- \t', '`a` `` ', '[\\', '!', '@', '&a;', 'a.'],
  ];
  /**
   * Steps inside a regular expression cannot be counted, so time is measured: quadratic work takes minutes
   * for these.
   */
  test('takes time in proportion to its length, at once and in pieces', { timeout: 30_000 }, () => {
    for (const unit of units) {
      const text = unit.repeat(Math.ceil(65_536 / unit.length));
      assert.equal(inPieces(text, 4), sanitizeMarkdown(text), unit);
    }
  });
});

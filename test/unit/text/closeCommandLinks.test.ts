import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { closeCommandLinks } from '../../../src/text/closeCommandLinks.ts';

describe("text that replaces a user's Markdown", () => {
  test('gets no new links that run something, and is unchanged otherwise', () => {
    const before = 'See [own](command:mine).\n';
    const link = '[Run](command:x) ![p](https://a.example) <command:y> <a href="vscode://z">';
    assert.equal(
      closeCommandLinks(`${before}${link}\r\n[a](https://b.example) <b>`, before),
      `${before}[Run](command%3Ax) ![p](https://a.example) <command%3Ay> <a href="vscode%3A//z">\r\n[a](https://b.example) <b>`,
    );
  });

  const acting = {
    'a link over lines': ['[Run](\ncommand:x)', '[Run](\ncommand%3Ax)'],
    'a link with an entity': ['[Run](&#99;ommand:x)', '[Run](&amp;#99;ommand%3Ax)'],
    'a link with a backslash': ['[Run](command\\:x)', '[Run](command%3Ax)'],
    'a script': ['[Run](javascript:x)', '[Run](javascript%3Ax)'],
    'a file': ['[Run](file:///x)', '[Run](file%3A///x)'],
    'another machine': ['[Run](//evil.example/x)', '[Run](/%2Fevil.example/x)'],
    'a definition': ['[Run]: command:x', '[Run]: command%3Ax'],
    'a definition in angle brackets': ['[Run]: <command:x>', '[Run]: <command%3Ax>'],
    'an address in angle brackets': ['<javascript:x>', '<javascript%3Ax>'],
    'an attribute': ['<a href="&#99;ommand:x">', '<a href="&amp;#99;ommand%3Ax">'],
    'an attribute without quotes': ['<iframe src=data:x>', '<iframe src=data%3Ax>'],
    'a diagram': ['```mermaid\nx\n```', '```text\nx\n```'],
    'a diagram in a list': ['- ~~~ mermaid {a=b}', '- ~~~text'],
  };
  for (const [name, [text = '', inert = '']] of Object.entries(acting))
    test(`${name}: closed where it is new, kept where it was`, () => {
      assert.equal(closeCommandLinks(`a\r\n${text}\nb`, ''), `a\r\n${inert}\nb`);
      assert.equal(closeCommandLinks(`new\n${text}\nb`, `${text}\nold`), `new\n${text}\nb`);
    });

  test('a line of the user is not made the address of a new link', () => {
    const own = 'command:mine)';
    assert.equal(closeCommandLinks(`[new](\n${own}`, own), '[new](\ncommand%3Amine)');
  });

  test('keeps the kinds of blocks that the document has, pages, pictures, and code', () => {
    const text =
      '```mermaid\nnew\n```\n\n<a href="https://a.example/x:y"> <https://b.example> ![p](https://c.example)\n\n```ts\nconst a = "b"; // [x](command:y)\n```\n';
    assert.equal(closeCommandLinks(text, '```mermaid\nold\n```\n'), text);
  });
});

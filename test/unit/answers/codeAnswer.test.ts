import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { findCode, type CodeAnswer, type ReplacedCode } from '../../../src/answers/codeAnswer.ts';
import { findFittingCode, readCodeAnswer, type ReadAnswer } from './readAnswer.ts';
import { codeBlocks } from '../../../src/text/codeBlocks.ts';
import { fencedBlock } from '../../../src/text/markdown.ts';

const method = `  add(item) {
    this.items.push(item);
  }`;
const file = `class Basket {\n${method}\n}\n`;

function placeFor(replaced: string, more: Partial<ReplacedCode> = {}): ReplacedCode {
  return {
    replaced,
    before: '',
    fileText: file,
    languageId: 'javascript',
    path: 'basket.js',
    eol: '\n',
    ...more,
  };
}

function read(text: string, place = placeFor(method)): ReadAnswer {
  return readCodeAnswer({ text, isCut: false }, place);
}

function codeOf(answer: ReadAnswer): string {
  assert.ok('code' in answer, JSON.stringify(answer));
  return answer.code;
}

const js = (code: string): string => `\`\`\`javascript\n${code}\n\`\`\`\n`;

describe('the relevant block', () => {
  const found = (text: string, languageId = 'typescript', path = 'a.ts'): CodeAnswer => {
    const { tag: _tag, ...rest } = { tag: '', ...findCode({ text, isCut: false }, { languageId, path }) };
    return rest;
  };

  const cases: [name: string, text: string, expected: string, languageId?: string, path?: string][] = [
    ['between prose', 'Here it is:\n\n```ts\nlet a = 1;\n```\n\nDone.', 'let a = 1;'],
    ['the largest of several in its language', '```ts\na\n```\n```ts\nlonger\n```', 'longer'],
    [
      'one in its language before a larger one in another',
      '```sh\nnpm install something\n```\n```ts\na\n```',
      'a',
    ],
    ['one without a language before one in another', '```json\n{"a": 1}\n```\n```\na\n```', 'a'],
    ['one of the same family', '```js\na\n```\n', 'a'],
    ['by the extension of the file', '```xyz\na\n```\n```\nlonger\n```', 'a', 'plaintext', 'a.xyz'],
    ['the only one, whatever its name', '```gizmo\na\n```', 'a'],
    ['with tildes', '~~~ts\na ``` b\n~~~', 'a ``` b'],
    ['in a longer fence', '````ts\n```\na\n````', '```\na'],
    [
      'in a list, without its indentation',
      '1. So:\n\n   ```ts\n   if (a) {\n     b();\n   }\n   ```',
      'if (a) {\n  b();\n}',
    ],
    ['with attributes after the language', '```ts title="a.ts"\na\n```', 'a'],
    [
      'after thoughts that have a block of their own',
      '<think>```ts\nlonger than that\n```</think>```ts\na\n```',
      'a',
    ],
    [
      'Markdown with blocks in it',
      '```md\n# A\n```js\nb\n```\nc\n```',
      '# A\n```js\nb\n```\nc',
      'markdown',
      'a.md',
    ],
  ];
  for (const [name, text, expected, languageId, path] of cases)
    test(name, () => assert.deepEqual(found(text, languageId, path), { code: expected }));

  const unusable: [name: string, text: string, reason: string][] = [
    ['prose', 'It is good as it is.', 'noCode'],
    ['nothing', '', 'noCode'],
    ['an empty block', '```ts\n\n```', 'noCode'],
    ['a diff', '```diff\n-a\n+b\n```', 'noCode'],
    ['a command', 'Run this:\n```bash\nnpm install\n```', 'noCode'],
    ['two blocks in other languages', '```python\na\n```\n```ruby\nb\n```', 'otherLanguage'],
    ['a block without an end', '```ts\nlet a = 1;\n', 'incomplete'],
    ['a whole block and one without an end', '```ts\na\n```\n```ts\nb', 'incomplete'],
  ];
  for (const [name, text, reason] of unusable)
    test(`none: ${name}`, () => assert.deepEqual(found(text), { unusable: reason }));

  test('none in an answer cut at the token limit, even with a complete block', () => {
    const answer = { text: js('a'), isCut: true };
    assert.deepEqual(findCode(answer, { languageId: 'javascript', path: 'a.js' }), { unusable: 'cut' });
  });

  test('a shell script may well be a shell script', () => {
    assert.deepEqual(found('```bash\nls\n```', 'shellscript', 'a.sh'), { code: 'ls' });
  });

  test('code in a suitable fence is read unchanged', () => {
    fc.assert(
      fc.property(
        anyCode,
        fc.constantFrom('Here:\n\n', ''),
        fc.constantFrom('\nThat is all.', ''),
        (code, before, after) => {
          const [block, ...others] = codeBlocks(before + fencedBlock(code, 'go') + after);
          const line = before.split('\n').length - 1;
          assert.deepEqual(block, { tag: 'go', line, code: code.replace(/\n$/, ''), closed: true });
          assert.equal(others.length, 0);
        },
      ),
    );
  });

  test('an answer that ends inside its block never gives code', () => {
    fc.assert(
      fc.property(anyCode, fc.nat(), (code, at) => {
        const block = fencedBlock(code, 'javascript');
        const last = block.lastIndexOf('\n', block.length - 2) + 1;
        const text = `Here:\n\n${block.slice(0, at % Math.max(1, last))}`;
        assert.ok('unusable' in findCode({ text, isCut: false }, { languageId: 'javascript', path: 'a.js' }));
      }),
    );
  });
});

describe('placeholders', () => {
  const elided = [
    '// ... rest of the code',
    '// …',
    '/* ... */',
    '// existing code here',
    '// Rest of the method unchanged',
    '{/* ... */}',
    '# ... other methods',
    '<!-- ... -->',
    '...',
  ];
  for (const line of elided)
    test(`are no code: ${line}`, () => {
      assert.deepEqual(read(js(`  add(item) {\n    ${line}\n  }`)), { unusable: 'elided' });
    });

  const harmless = [
    'f(...items);',
    'const { a, ...rest } = b;',
    '// adds up',
    '// see the rest of the list',
    'x = "// ..."; ',
  ];
  for (const line of harmless)
    test(`are something else: ${line}`, () => {
      assert.ok('code' in read(js(`  add(item) {\n    ${line}\n  }`)));
    });

  test('that were there before are kept', () => {
    const code = '  add() {\n    // ... to be written\n  }';
    assert.ok('code' in read(js(code.replace('add', 'push')), placeFor(code)));
  });

  test('are a statement in Python', () => {
    const place = placeFor('def f(): pass', { languageId: 'python', path: 'a.py' });
    assert.deepEqual(read('```python\ndef f():\n    ...\n```', place), { code: 'def f():\n    ...' });
  });
});

describe('the form of the replaced code is kept', () => {
  const wanted = '  add(item) {\n    if (item) {\n      this.items.push(item);\n    }\n  }';
  const margin = 'add(item) {\n  if (item) {\n    this.items.push(item);\n  }\n}';

  test('whether the answer has its indentation, none, or none on its first line', () => {
    assert.equal(codeOf(read(js(wanted))), wanted);
    assert.equal(codeOf(read(js(margin))), wanted);
    assert.equal(codeOf(read(js(wanted.trimStart()))), wanted);
    assert.equal(codeOf(read(js(wanted.replaceAll(/^/gm, '    ')))), wanted);
  });

  test('of a Python method', () => {
    const old = '    def f(self):\n        return 1';
    const place = placeFor(old, { languageId: 'python', path: 'a.py', fileText: `class A:\n${old}\n` });
    const expected = '    def f(self):\n        return 2';
    for (const answer of ['def f(self):\n    return 2', expected, expected.trimStart()])
      assert.equal(codeOf(read(`\`\`\`python\n${answer}\n\`\`\``, place)), expected);
  });

  test('blank lines stay empty', () => {
    assert.equal(codeOf(read(js('add(item) {\n\n  a();\n}'))), '  add(item) {\n\n    a();\n  }');
  });

  test('the line break at its end, and the blank lines around it', () => {
    for (const [start, end] of [
      ['', '\n'],
      ['', ''],
      ['\n\n', '\n\n'],
      ['', '\n    '],
      ['  \n', ' '],
    ] as const)
      assert.equal(codeOf(read(js(`\n${margin}\n\n`), placeFor(start + method + end))), start + wanted + end);
  });

  test('CRLF', () => {
    const place = placeFor(`${method}\n`.replaceAll('\n', '\r\n'), { eol: '\r\n' });
    assert.equal(codeOf(read(js(margin), place)), `${wanted}\n`.replaceAll('\n', '\r\n'));
    assert.equal(
      codeOf(read(js(margin).replaceAll('\n', '\r\n'), place)),
      `${wanted}\n`.replaceAll('\n', '\r\n'),
    );
  });

  test('tabs where the file has tabs, blanks where it has blanks', () => {
    const tabbed = method.replaceAll('  ', '\t');
    const place = placeFor(tabbed, { fileText: `class A {\n${tabbed}\n}\n` });
    assert.equal(codeOf(read(js(margin), place)), wanted.replaceAll('  ', '\t'));
    assert.equal(codeOf(read(js(margin.replaceAll('  ', '\t')))), wanted);
  });

  test('a selection that starts after the indentation of its line', () => {
    const place = placeFor(method.trimStart(), { before: '  ' });
    assert.equal(codeOf(read(js(margin), place)), wanted.trimStart());
  });

  test('a selection inside a line', () => {
    const place = placeFor('sum(1, 2)', { before: '  const a = ' });
    assert.equal(codeOf(read(js('sum(\n  1,\n  3,\n)'), place)), 'sum(\n    1,\n    3,\n  )');
    assert.equal(codeOf(read(js('    total(1, 2)'), place)), 'total(1, 2)');
  });

  test('code that is returned unchanged is not a change', () => {
    fc.assert(
      fc.property(anyCode, fc.constantFrom('\n' as const, '\r\n' as const), (code, eol) => {
        fc.pre(code.trim() !== '');
        const replaced = code.replaceAll('\n', eol);
        const place = placeFor(replaced, { fileText: `${replaced}${eol}`, eol });
        const answer = read(fencedBlock(code.trimEnd(), 'javascript'), place);
        assert.deepEqual(answer, { unusable: 'unchanged' });
      }),
      { numRuns: 500 },
    );
  });

  test('each line of an answer keeps its words', () => {
    fc.assert(
      fc.property(anyCode, anyCode, (old, code) => {
        fc.pre(old.trim() !== '' && code.trim() !== '');
        const place = placeFor(old, { fileText: old });
        const answer = findFittingCode({ text: fencedBlock(code, 'javascript'), isCut: false }, place);
        // When fences or quotation marks make the answer ambiguous, nothing is proposed.
        if ('unusable' in answer && /incomplete|ambiguous/.test(answer.unusable))
          return assert.ok(/```|~~~/.test(old + code));
        const given = 'code' in answer ? answer.code : old;
        assert.deepEqual(words(given), words(code));
      }),
    );
  });
});

function words(code: string): string[] {
  return code
    .split(/\r?\n/)
    .map((line) => line.trim())
    .join('\n')
    .trim()
    .split('\n');
}

const anyCode = fc
  .array(
    fc.tuple(
      fc.constantFrom('', '  ', '    ', '\t', '\t\t', '      '),
      fc.constantFrom('', 'a();', '}', 'if (x) {', '`', '```', '````js', '* b', '日本', '~~~'),
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((lines) => lines.map(([blanks, text]) => blanks + text).join('\n'));

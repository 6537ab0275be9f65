import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { symbolAt, type SymbolRange } from '../../../src/code/outline.ts';
import { mostOutlined, ownOutline } from '../../../src/code/ownOutline.ts';

function positionIn(text: string): (offset: number) => SymbolRange {
  return (offset) => {
    const lines = text.slice(0, offset).split('\n');
    return { line: lines.length - 1, character: lines.at(-1)!.length };
  };
}

/** The kind, name and lines of the symbol at the cursor, which `|` marks. */
function at(languageId: string, marked: string): string | undefined {
  const cursor = marked.indexOf('|');
  const text = marked.replace('|', '');
  const positionAt = positionIn(text);
  const found = symbolAt(ownOutline(text, languageId), positionAt(cursor));
  return found && `${found.kind} ${found.name} ${found.start.line}-${found.end.line}`;
}

const cases: [string, string, string | undefined][] = [
  [
    'python',
    'import os\n\n@cached\ndef one(a):\n    return |a\n\ndef two():\n    pass\n',
    'Function one 2-4',
  ],
  [
    'python',
    'class A:\n    def one(self):\n        return |1\n\n    def two(self):\n        pass\n',
    'Method one 1-2',
  ],
  ['python', 'class A:\n    size = 1|\n\n    def two(self):\n        pass\n', 'Class A 0-4'],
  ['go', 'package a\n\nfunc One() int {\n\treturn |1\n}\n', 'Function One 2-4'],
  ['rust', 'impl A {\n    fn one(&self) -> i32 {\n        |1\n    }\n}\n', 'Method one 1-3'],
  ['java', 'class A {\n  int one() {\n    return |1;\n  }\n}\n', 'Method one 1-3'],
  ['ruby', 'class A\n  def one\n    |1\n  end\nend\n', 'Method one 1-3'],
  ['lua', 'local function one()\n  return |1\nend\n', 'Function one 0-2'],
  ['shellscript', 'one() {\n  echo |a\n}\n', 'Function one 0-2'],
  ['c', 'int one(void)\n{\n  return |1;\n}\n', 'Function one 0-3'],
  ['typescript', 'const one = (a: number) => {\n  return |a;\n};\n', 'Function one 0-2'],
  ['php', '<?php\nfunction one() {\n  return |1;\n}\n', 'Function one 1-3'],
  ['elixir', 'defmodule A do\n  def one(a) do\n    |a\n  end\nend\n', 'one 1-3'],
  ['zig', 'fn one(a: i32) i32 {\n    return |a;\n}\n', 'Function one 0-2'],
  // Between two functions and in prose there is none.
  ['go', 'func One() {\n}\n|\nfunc Two() {\n}\n', undefined],
  ['markdown', '# A\n\nfunction one() {\n|\n}\n', undefined],
  ['json', '{\n  "a": {\n    "b": |1\n  }\n}\n', undefined],
];

test('the symbol at the cursor in languages without an outline in VS Code', () => {
  for (const [languageId, text, expected] of cases) {
    const found = at(languageId, text);
    if (expected === undefined) assert.equal(found, undefined, text);
    else assert.ok(found?.endsWith(expected), `${languageId}: ${found} instead of ${expected}`);
  }
});

test('every symbol is inside the text, whatever it is', () => {
  const piece = fc.constantFrom(
    'class A {',
    'def one():',
    '}',
    ' ',
    '\n',
    '\t',
    'function b(',
    ')',
    '"',
    '/*',
    'x',
    '\r\n',
  );
  const languageId = fc.constantFrom('python', 'typescript', 'ruby', 'c', 'elixir', 'unheard-of', 'vue');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), languageId, (pieces, id) => {
      const text = pieces.join('');
      for (const { name, start, end } of ownOutline(text, id)) {
        assert.ok(name !== '' && (start.line < end.line || start.character <= end.character));
      }
    }),
  );
});

test('a very long file is not read', () => {
  const text = `function one() {\n${'  x();\n'.repeat(mostOutlined / 6)}}\n`;
  assert.deepEqual(ownOutline(text, 'typescript'), []);
});

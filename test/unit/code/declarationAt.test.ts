import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { declarationAt } from '../../../src/code/declarationAt.ts';
import { commentPosition } from '../../../src/code/docCommentPosition.ts';
import { anchorOf, findAgain } from '../../../src/code/lineAnchor.ts';
import type { OutlineSymbol } from '../../../src/code/outline.ts';
import { commented } from './commented.ts';

test("without an outline, names are found by the language's keywords", () => {
  const names: [language: string, line: string, name: string][] = [
    ['python', 'class Person:', 'Person'],
    ['python', 'async def greet(a):', 'greet'],
    ['go', 'func (s *Server) Run() {', 'Run'],
    ['go', 'type Setting struct {', 'Setting'],
    ['rust', 'pub async fn run<T>(a: T) {', 'run'],
    ['kotlin', 'fun <T> List<T>.second(): T {', 'List'],
    ['lua', 'function M:run(a)', 'M:run'],
    ['cpp', 'int Server::run(int a) {', 'Server::run'],
    ['java', '  public static <T> List<T> of(T a) {', 'of'],
    ['csharp', '  public async Task<int> RunAsync(int a) {', 'RunAsync'],
    ['shellscript', 'my-run() {', 'my-run'],
    ['php', '<?php function run($a) {', 'run'],
    ['swift', 'class Server: Base {', 'Server'],
  ];
  for (const [language, line, name] of names)
    assert.equal(declarationAt([], line, language, { line: 0, character: 3 })?.name, name, line);
  for (const line of ['if (a) {', 'return run(a)', 'run(a);', 'for (const a of b) {', '} else if (a) {'])
    assert.equal(declarationAt([], line, 'cpp', { line: 0, character: 3 }), undefined, line);
});

test('without an outline, the function around the cursor is found when its head has several lines', () => {
  const text =
    "import os\n\n\ndef parse(source, mode='exec', *,\n          version=None):\n    flags = 1\n    return flags\n";
  const found = declarationAt([], text, 'python', { line: 5, character: 6 });
  assert.deepEqual([found?.name, found?.nameAt, found?.end.line], ['parse', { line: 3, character: 4 }, 6]);
  assert.equal(declarationAt([], text, 'python', { line: 0, character: 2 }), undefined);
});

describe('with an outline', () => {
  const at = (line: number, character: number): { line: number; character: number } => ({ line, character });
  const text = 'class A {\n  b = 1;\n  c() {\n    const d = 1;\n    return d;\n  }\n}\n';
  const outline: OutlineSymbol[] = [
    { name: 'A', kind: 'Class', start: at(0, 0), end: at(6, 1), nameAt: at(0, 6) },
    { name: 'b', kind: 'Property', start: at(1, 2), end: at(1, 8), nameAt: at(1, 2) },
    { name: 'c', kind: 'Method', start: at(2, 2), end: at(5, 3), nameAt: at(2, 2) },
    { name: 'd', kind: 'Constant', start: at(3, 10), end: at(3, 15), nameAt: at(3, 10) },
    { name: 'x.map() callback', kind: 'Function', start: at(4, 4), end: at(4, 10), nameAt: at(4, 4) },
  ];
  const name = (line: number): string | undefined =>
    declarationAt(outline, text, 'typescript', at(line, 4))?.name;

  test('a field has its own comment when the cursor is in its line, a declaration inside a function does not', () => {
    assert.deepEqual([0, 1, 2, 3, 4, 5, 6].map(name), ['A', 'b', 'c', 'c', 'c', 'c', 'A']);
  });

  test('a range that begins with the comment does not hide the name', () => {
    const symbol = { name: 'f(int)', kind: 'Function', start: at(0, 0), end: at(1, 10) };
    const found = declarationAt([symbol], '/// What f is.\nfn f(a: i32) {}\n', 'rust', at(1, 3));
    assert.deepEqual(found?.nameAt, at(1, 3));
  });

  test('a declaration that does not start its line has no position', () => {
    const line = 'const api = { get() {} };\n';
    assert.equal(commentPosition(line, 'javascript', at(0, 14), '  '), 'inLine');
    assert.equal(
      typeof commentPosition('const A = memo(function Inner() {});\n', 'javascript', at(0, 24), '  '),
      'object',
    );
    assert.equal(commentPosition('f\n', 'plaintext', at(0, 0), '  '), undefined);
  });

  test('a value of Python has its comment above', () => {
    const limit = { name: 'LIMIT', kind: 'Constant', start: at(0, 0), end: at(0, 9), nameAt: at(0, 0) };
    assert.equal(commented('python', 'LIMIT▮ = 5\n', [limit]), '#: Does it.\nLIMIT = 5\n');
  });
});

test('a line is found again by its text, and by its number among equal lines', () => {
  const before = ['a', 'b() {', 'c', 'b() {'];
  const anchor = anchorOf(before, 3);
  assert.equal(findAgain(['new', ...before], anchor), 4);
  assert.equal(findAgain(before.slice(0, 3), anchor), undefined, 'one is gone, and it may be this one');
  assert.equal(findAgain([...before, 'b() {'], anchor), undefined, 'one more, and it may be that one');
  assert.equal(findAgain(['a'], anchorOf(before, 0)), 0);
});

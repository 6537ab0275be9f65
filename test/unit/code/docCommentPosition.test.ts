import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { declarationAt } from '../../../src/code/declarationAt.ts';
import { commentPlace } from '../../../src/code/docCommentPosition.ts';
import { anchorOf, findAgain } from '../../../src/code/lineAnchor.ts';
import type { OutlineSymbol } from '../../../src/code/outline.ts';
import { renderDocComment } from '../../../src/answers/renderDocComment.ts';

/**
 * Adds the comment "Does it." for the declaration at the cursor, which is marked with `▮`. Replaced text
 * stays visible as `[- -]`.
 */
function commented(languageId: string, marked: string, outline: OutlineSymbol[] = []): string {
  const at = marked.indexOf('▮');
  const text = marked.replace('▮', '');
  const before = marked.slice(0, at).split('\n');
  const place = { line: before.length - 1, character: before.at(-1)!.length };
  const declaration = declarationAt(outline, text, languageId, place);
  if (!declaration) return 'no declaration';
  const found = commentPlace(text, languageId, declaration.nameAt, '    ');
  if (typeof found !== 'object') return String(found);
  const { style, start, end, replaces, before: lead, after, indent } = found;
  const comment = renderDocComment('Does it.', style, { indent, tabSize: 4, width: 100 }).join('\n');
  const lines = text.split('\n');
  const offset = ({ line, character }: typeof start): number =>
    lines.slice(0, line).reduce((sum, { length }) => sum + length + 1, 0) + character;
  const old = text.slice(offset(start), offset(end));
  assert.equal(replaces, old.trim() !== '', 'only blanks are taken away unasked');
  const taken = replaces ? `[-${old}-]` : '';
  return text.slice(0, offset(start)) + taken + lead + comment + after + text.slice(offset(end));
}

function check(language: string, name: string, marked: string, expected: string): void {
  test(`${language}: ${name}`, () => assert.equal(commented(language, marked), expected));
}

describe('a new comment stands', () => {
  check(
    'typescript',
    'above export',
    'export function f() {▮\n}\n',
    '/** Does it. */\nexport function f() {\n}\n',
  );
  check(
    'typescript',
    'above decorators of several lines',
    "@Component({\n  selector: 'x',\n})\n@Other()\nexport class ▮A {}\n",
    "/** Does it. */\n@Component({\n  selector: 'x',\n})\n@Other()\nexport class A {}\n",
  );
  check(
    'typescript',
    'at the method whose line the cursor is in, with its indentation',
    'class A {\n\tb() {\n\t\treturn▮ 1;\n\t}\n}\n',
    'class A {\n\t/** Does it. */\n\tb() {\n\t\treturn 1;\n\t}\n}\n',
  );
  check(
    'typescript',
    'above an order to a linter',
    '// eslint-disable-next-line no-console\nfunction f▮() {}\n',
    '/** Does it. */\n// eslint-disable-next-line no-console\nfunction f() {}\n',
  );
  check(
    'typescript',
    'below a licence',
    '/*\n * Copyright somebody\n */\nfunction f▮() {}\n',
    '/*\n * Copyright somebody\n */\n\n/** Does it. */\nfunction f() {}\n',
  );
  check(
    'python',
    'inside the body, below a signature of several lines',
    'class A:\n    @property\n    async def f(\n        self, a: int = {"x": 1}["x"],\n    ) -> dict[str, int]:  # noqa: E501\n\n        ▮return {}\n',
    'class A:\n    @property\n    async def f(\n        self, a: int = {"x": 1}["x"],\n    ) -> dict[str, int]:  # noqa: E501\n        """Does it."""\n\n        return {}\n',
  );
  check(
    'python',
    'inside a body with tabs',
    'def f():▮\n\treturn 1\n',
    'def f():\n\t"""Does it."""\n\treturn 1\n',
  );
  check(
    'python',
    'inside a body in one line, which gets a line of its own',
    'def f(a=":"): return▮ a; pass  # x\n',
    'def f(a=":"):\n    """Does it."""\n    return a; pass  # x\n',
  );
  check('python', 'above a value', 'LIMIT▮ = 5\n', 'no declaration');
  check(
    'go',
    'above func, below a directive of none',
    'package a\n\nfunc (s *S) Run▮() {\n}\n',
    'package a\n\n// Does it.\nfunc (s *S) Run() {\n}\n',
  );
  check(
    'go',
    'above its directives',
    '//go:noinline\nfunc run▮() {\n}\n',
    '// Does it.\n//go:noinline\nfunc run() {\n}\n',
  );
  check(
    'rust',
    'above attributes, and not above those of the file',
    '#![allow(dead_code)]\n#[derive(Debug)]\n#[serde(\n    rename = "x"\n)]\npub(crate) struct ▮A;\n',
    '#![allow(dead_code)]\n/// Does it.\n#[derive(Debug)]\n#[serde(\n    rename = "x"\n)]\npub(crate) struct A;\n',
  );
  check(
    'java',
    'above annotations',
    'class A {\n  int x;\n  @Override\n  @Named({\n    "a",\n  })\n  public String ▮name() {\n  }\n}\n',
    'class A {\n  int x;\n  /** Does it. */\n  @Override\n  @Named({\n    "a",\n  })\n  public String name() {\n  }\n}\n',
  );
  check(
    'kotlin',
    'above annotations',
    '@Test\nsuspend fun ▮f() = 1\n',
    '/** Does it. */\n@Test\nsuspend fun f() = 1\n',
  );
  check(
    'cpp',
    'above template and type',
    '#include <vector>\ntemplate <typename T,\n          typename U>\nstatic inline T\nadd▮(T a, U b)\n{\n}\n',
    '#include <vector>\n/** Does it. */\ntemplate <typename T,\n          typename U>\nstatic inline T\nadd(T a, U b)\n{\n}\n',
  );
  check(
    'cpp',
    'below what only looks like a type',
    'class A {\n  Q_OBJECT\npublic:\n  void ▮f() {\n  }\n};\n',
    'class A {\n  Q_OBJECT\npublic:\n  /** Does it. */\n  void f() {\n  }\n};\n',
  );
  check('c', 'not inside a macro', '#define F \\\n  int f() { \\\n  ▮return 1; }\n', 'no declaration');
  check(
    'csharp',
    'above attributes',
    '  [Obsolete("x")]\n  public int ▮F() {\n  }\n',
    '  /// <summary>\n  /// Does it.\n  /// </summary>\n  [Obsolete("x")]\n  public int F() {\n  }\n',
  );
  check(
    'php',
    'above attributes',
    "<p>Don't</p>\n<?php\n#[Pure]\nfunction ▮f() {\n}\n",
    "<p>Don't</p>\n<?php\n/** Does it. */\n#[Pure]\nfunction f() {\n}\n",
  );
  check(
    'ruby',
    'above def, and a magic comment is none of it',
    '# frozen_string_literal: true\ndef ▮f\nend\n',
    '# frozen_string_literal: true\n\n# Does it.\ndef f\nend\n',
  );
  check(
    'swift',
    'above attributes',
    '@objc\n@MainActor\nfunc ▮f() {\n}\n',
    '/// Does it.\n@objc\n@MainActor\nfunc f() {\n}\n',
  );
  check(
    'shellscript',
    'below the shebang',
    '#!/bin/sh\nf▮() {\n  true\n}\n',
    '#!/bin/sh\n# Does it.\nf() {\n  true\n}\n',
  );
  check(
    'shellscript',
    'below what the file says of itself',
    '#!/bin/sh\n# A script.\nf▮() {\n}\n',
    '#!/bin/sh\n# A script.\n\n# Does it.\nf() {\n}\n',
  );
  check(
    'lua',
    'above a function that is assigned',
    'M.f = function(▮a)\nend\n',
    '--- Does it.\nM.f = function(a)\nend\n',
  );
  check(
    'scala',
    'above annotations',
    '  @inline\n  def ▮f(a: Int) = a\n',
    '  /** Does it. */\n  @inline\n  def f(a: Int) = a\n',
  );
  check(
    'dart',
    'above annotations',
    '  @override\n  Widget ▮build(Context c) {\n  }\n',
    '  /// Does it.\n  @override\n  Widget build(Context c) {\n  }\n',
  );
  check('perl', 'above sub', 'sub ▮f {\n}\n', '# Does it.\nsub f {\n}\n');
  check(
    'sql',
    'above create',
    'CREATE FUNCTION f▮(a int) AS\n',
    '-- Does it.\nCREATE FUNCTION f(a int) AS\n',
  );
  check('clojure', 'above defn', '(defn ▮f [a]\n  a)\n', ';; Does it.\n(defn f [a]\n  a)\n');
  check('haskell', 'nowhere, without an outline', 'f a = a▮\n', 'no declaration');
});

describe('an existing comment is found and named as replaced', () => {
  check(
    'typescript',
    'a block',
    '/**\n * Old.\n */\nfunction f▮() {}\n',
    '[-/**\n * Old.\n */-]/** Does it. */\nfunction f() {}\n',
  );
  check(
    'typescript',
    'by the cursor in it',
    '/** Old.▮ */\nfunction f() {}\n',
    '[-/** Old. */-]/** Does it. */\nfunction f() {}\n',
  );
  check(
    'typescript',
    'above a decorator',
    '/** Old. */\n@A()\nclass ▮B {}\n',
    '[-/** Old. */-]/** Does it. */\n@A()\nclass B {}\n',
  );
  check(
    'typescript',
    'in lines',
    '// Old\n// words.\nfunction f▮() {}\n',
    '[-// Old\n// words.-]/** Does it. */\nfunction f() {}\n',
  );
  check(
    'typescript',
    'in the same line',
    '/** Old. */ function f▮() {}\n',
    '[-/** Old. */ -]/** Does it. */\nfunction f() {}\n',
  );
  check(
    'typescript',
    'not that of the line above',
    'const a = 1; // Old.\nfunction f▮() {}\n',
    'const a = 1; // Old.\n/** Does it. */\nfunction f() {}\n',
  );
  check(
    'typescript',
    'not one behind an empty line',
    '// Old.\n\nfunction f▮() {}\n',
    '// Old.\n\n/** Does it. */\nfunction f() {}\n',
  );
  check(
    'rust',
    'between attribute and item',
    '#[a]\n/// Old.\nfn ▮f() {}\n',
    '#[a]\n[-/// Old.-]/// Does it.\nfn f() {}\n',
  );
  check(
    'python',
    'a docstring',
    "def f():▮\n    r'''Old.\n\n    words \"\n    '''\n    return 1\n",
    'def f():\n[-    r\'\'\'Old.\n\n    words "\n    \'\'\'-]    """Does it."""\n    return 1\n',
  );
  check(
    'python',
    'a docstring in one line',
    'def f(): "Old."▮\n',
    'def f():[- "Old."-]\n    """Does it."""\n',
  );
  check(
    'python',
    'not a string that is code',
    'def f():▮\n    "a".join([])\n',
    'def f():\n    """Does it."""\n    "a".join([])\n',
  );
  check(
    'python',
    'not a formatted string',
    'def f():▮\n    f"a"\n',
    'def f():\n    """Does it."""\n    f"a"\n',
  );
  check(
    'go',
    'above its directives',
    '// Old.\n//\n//go:noinline\nfunc run▮() {\n}\n',
    '[-// Old.\n//-]// Does it.\n//go:noinline\nfunc run() {\n}\n',
  );
  check(
    'shellscript',
    'above the function',
    'a=1\n\n# Old.\nf▮() {\n}\n',
    'a=1\n\n[-# Old.-]# Does it.\nf() {\n}\n',
  );
});

test('without an outline, a name is what the language would call it', () => {
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

  test('a field in whose line the cursor is has its own comment, a step of a function has not', () => {
    assert.deepEqual([0, 1, 2, 3, 4, 5, 6].map(name), ['A', 'b', 'c', 'c', 'c', 'c', 'A']);
  });

  test('a range that begins with the comment does not hide the name', () => {
    const symbol = { name: 'f(int)', kind: 'Function', start: at(0, 0), end: at(1, 10) };
    const found = declarationAt([symbol], '/// What f is.\nfn f(a: i32) {}\n', 'rust', at(1, 3));
    assert.deepEqual(found?.nameAt, at(1, 3));
  });

  test('a declaration that does not begin its line has no place', () => {
    const line = 'const api = { get() {} };\n';
    assert.equal(commentPlace(line, 'javascript', at(0, 14), '  '), 'inLine');
    assert.equal(
      typeof commentPlace('const A = memo(function Inner() {});\n', 'javascript', at(0, 24), '  '),
      'object',
    );
    assert.equal(commentPlace('f\n', 'plaintext', at(0, 0), '  '), undefined);
  });

  test('a value of Python has its comment above', () => {
    const limit = { name: 'LIMIT', kind: 'Constant', start: at(0, 0), end: at(0, 9), nameAt: at(0, 0) };
    assert.equal(commented('python', 'LIMIT▮ = 5\n', [limit]), '#: Does it.\nLIMIT = 5\n');
  });
});

test('a line is found again by its text, and its number among its like', () => {
  const before = ['a', 'b() {', 'c', 'b() {'];
  const anchor = anchorOf(before, 3);
  assert.equal(findAgain(['new', ...before], anchor), 4);
  assert.equal(findAgain(before.slice(0, 3), anchor), undefined, 'one is gone, and it may be this one');
  assert.equal(findAgain([...before, 'b() {'], anchor), undefined, 'one more, and it may be that one');
  assert.equal(findAgain(['a'], anchorOf(before, 0)), 0);
});

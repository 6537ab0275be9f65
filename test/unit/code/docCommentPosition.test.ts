import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { commented } from './commented.ts';

function check(language: string, name: string, marked: string, expected: string): void {
  test(`${language}: ${name}`, () => assert.equal(commented(language, marked), expected));
}

describe('the position of a new comment', () => {
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

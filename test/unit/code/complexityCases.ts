/** Counted by hand: language, what it shows, complexity, code. */
export const cases: [language: string, shows: string, complexity: number, code: string][] = [
  ['typescript', 'nothing to decide', 1, 'export const x = 1;'],
  [
    'typescript',
    'every kind of decision',
    11,
    `
    function f(a: string[], b?: number): number {
      if (a.length > 0 && b) { return 1; } else if (b === 2 || a) { return 2; }
      for (const x of a) { while (x) { break; } }
      do { g(); } while (b);
      switch (b) { case 1: break; case 2: break; default: }
      try { g(); } catch { h(); }
      return 0;
    }`,
  ],
  [
    'typescript',
    'ternaries and nullish defaults, not optional things',
    4,
    `
    interface A { b?: string; c?(x: number): void; d?<T>(): T }
    const e = (x?: number, y?): string => x ? a?.b ?? 'c' : y?.[0] ?? '';`,
  ],
  [
    'typescript',
    'comments and strings',
    1,
    `
    // if (a) while (b) && ||
    /* for (;;) case 1: ? : */
    const s = "if (a) && b ? c : d"; const t = 'while (x) ||'; const u = \`if (x) && case 1: \\\` for (\`;`,
  ],
  [
    'typescript',
    'code inside template strings',
    3,
    'const s = `if (a) ${b ? `x ${c && d}` : "while (e)"} for (`;',
  ],
  [
    'typescript',
    'regular expressions and divisions',
    2,
    'const r = /if (a)|b?"[/"]/.test(s); const q = a / b / c; if (/\\/\\/"/.exec(q)) { x(); }',
  ],
  [
    'typescript',
    'members and keys named like keywords',
    1,
    'p.catch((e) => e); q?.if(x); const o = { if: 1, case: 2, for: 3, catch: 4 };\nr\n  .catch(f);',
  ],
  ['javascript', 'assignments with logic', 4, 'a ||= b; c &&= d; e ??= f;'],
  ['javascript', 'for await', 2, 'for await (const x of y) { z(x); }'],
  ['typescriptreact', 'JSX', 3, 'const a = <div>{b && <p class="if (x)">c</p>}{d ? <br /> : null}</div>;'],
  [
    'python',
    'every kind of decision',
    11,
    `
def f(a, b):
    """if this and that: while or for"""
    if a and b or c:  # if and or
        pass
    elif not a:
        pass
    for x in [y for y in b if y]:
        pass
    while x: break
    try:
        pass
    except ValueError:
        pass
    except:
        pass
`,
  ],
  [
    'python',
    'match without its wildcard',
    3,
    'match x:\n    case 1:\n        a()\n    case [b, _]:\n        c()\n    case _:\n        d()\n',
  ],
  [
    'python',
    'strings with prefixes and escapes',
    2,
    `x = rb'if \\' and' if y else f"or \\" {z}" + '''\nwhile ' " \n'''`,
  ],
  ['python', 'names that contain keywords', 1, 'notify = format_if.android + x.orbit + forest'],
  [
    'ruby',
    'every kind of decision',
    11,
    `
=begin
if a && b
=end
def f(a)
  return 1 if a.empty? && b
  unless c or d then e end # if while
  case x
  when 1 then 2
  when 3 then 4
  else 5
  end
  until y do z end
  begin; w; rescue Foo => e; v; end
  k.nil? ? l : m
  text = "if #{n || 'o || p'} while" + %w[if unless].first
end
validates :a, if: :b?, unless: -> { c }
`,
  ],
  ['ruby', 'here-documents', 2, 'sql = <<~SQL\n  SELECT if x && y\n  SQL\nrun if sql\n'],
  [
    'shellscript',
    'every kind of decision',
    9,
    `#!/bin/sh
# if while for
if [ "$#" -gt 0 ] && [ -n "\${1#x}" ]; then echo "if && while"; elif true; then echo if for; fi
for x in a b; do while read -r y; do echo 'until ||'; done; done
cd /tmp || exit 1
case "$1" in
  a|b) echo a ;;
  c) echo c ;;
  *) echo other ;;
esac
cat <<EOF
if x && y; then
EOF
`,
  ],
  ['shellscript', 'commands inside strings', 2, 'x="$(a && b "c and d")"; y=$((1 << 2))'],
  [
    'go',
    'every kind of decision',
    8,
    `
func f(xs []int) (err error) {
	// if a && b
	for i := range xs { if i > 1 && i < 5 || i == 7 { continue } }
	switch x := y.(type) { case int: a(); case string: b(); default: c() }
	select { case <-done: }
	r := '"'; s := \`if \\\`; t := "for \\" case"
	_, _, _ = r, s, t
}`,
  ],
  [
    'rust',
    'every kind of decision',
    10,
    `
/* outer /* if nested */ while */
impl<'a> Trait for Foo<'a> {
    fn f(&self, x: &&str, g: impl for<'b> Fn(&'b str)) -> Result<i32, E> {
        if let Some(y) = x && y || z { return Ok('"' as i32); }
        for i in 0..3 { while i < 2 { continue; } }
        loop { break; }
        let c = || 1; let d = move || 2; h(|| 3, &&x);
        let s = r#"if " && while"#;
        match x { "a" => 1, "b" if y => 2, 'c' => 3, _ => 4 }
    }
}`,
  ],
  [
    'java',
    'generics are no ternaries',
    5,
    `
    @Test("if (a)") void f(Map<String, ? extends List<?>> m) throws E {
      String s = """
        if (x) && "quoted" while
        """;
      for (int i = 0; i < 3; i++) { try { g(m, '"'); } catch (A | B e) { h(); } }
      int x = m == null ? 1 : (y || z);
    }`,
  ],
  [
    'c',
    'ternaries, preprocessor, characters',
    4,
    "#if defined(A) && defined(B)\n#define X(a) ((a) ? 1 : 2)\n#endif\nint f(int a) { char q = '\"'; if (a) return a?1:2; while (a) {} }",
  ],
  [
    'cpp',
    'rvalue references and raw strings',
    3,
    'template<class T> void f(T&& a, U &&b) { auto&& c = a; if (x && y) {} auto s = R"q(if (a) " && )q"; }',
  ],
  [
    'csharp',
    'nullable types and verbatim strings',
    6,
    'int? F(string? a, List<int?> b) { foreach (var x in b) { if (a?.Length > 0 && x != null) return a ?? b ? 1 : 2; } var s = @"if ""a"" \\"; var t = $"{c} if {{"; }',
  ],
  [
    'csharp',
    'code inside interpolated strings',
    4,
    'var t = $"{(a && b ? $"if {c}" : "d")} if {{ && }}"; var v = $@"""{x ?? y}"" \\"; // if',
  ],
  [
    'php',
    'only what is inside the tags',
    6,
    `<p>Don't if (this)</p>
<?php
# if (a)
#[Attribute]
function f(?string $a, ?int $b): ?int {
  foreach ($x as $y) { if ($a ?? $b) { return $y ? 1 : 2; } elseif ($a?->if()) {} }
  $s = <<<EOT
  if (x) && while
  EOT;
}
?> if (that) && other`,
  ],
  [
    'kotlin',
    'when, elvis and lambdas',
    7,
    `
    fun f(cb: (Int) -> Unit, x: String?): Int {
      val n = x?.length ?: 0
      list.map { a -> a + 1 }
      val s = "if \${if (n > 1) "a" else "b"} while"
      return when (n) {
        1, 2 -> 1
        in 3..4 -> if (x != null && y) 2 else 3
        else -> 0
      }
    }`,
  ],
  [
    'swift',
    'guards and cases, not enumerations',
    8,
    `
    enum E { case a, b(x: Int)
      case c }
    func f(x: Int?) -> Int? {
      guard let y = x else { return nil }
      switch e { case .a: g(); case .b(let z) where z > 1: h(); default: i() }
      do { try? k(); try l() } catch { m() }
      let s = "if \\(x ?? 0) while" + #"case "q": "#
      return y > 1 && y < 3 ? 1 : nil
    }`,
  ],
  [
    'scala',
    'cases, not case classes',
    3,
    'case class A(b: Int)\ndef f(x: Any) = x match { case 1 => 2\n case s: String => 3\n case _ => 4 }',
  ],
  [
    'dart',
    'nullable types',
    4,
    "String? f(int? a) { if (a != null) { return a > 1 ? 'if' : r'\\'; } return b ?? c; }",
  ],
  [
    'lua',
    'long comments',
    4,
    '--[[ if a\nand b ]]\nif a and b then -- or\nwhile c do end end local s = [==[ if ]] or ]==]',
  ],
];

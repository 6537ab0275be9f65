// Files in ten languages, made of declarations with known names.
import * as fc from 'fast-check';

/** How a language writes declarations. Every name is unique. */
export interface Language {
  id: string;
  import(name: string): string;
  function(name: string, body: string): string;
  type(name: string, members: string[]): string;
  method(name: string, body: string): string;
  /** Texts that only look like code. */
  noise: readonly string[];
  comment: string;
  /** Matches the text exactly where the name is declared. */
  heads(name: string): RegExp;
}

const indented = (text: string, by: string): string => text.replaceAll(/^(?=.)/gm, by);
const braces = (head: string, body: string, by = '  '): string => `${head} {\n${indented(body, by)}\n}`;
const javaLike = ['"}{"', '"class A {"', '"/* "', "'{'"];

export const languages: readonly Language[] = [
  {
    id: 'typescript',
    import: (name) => `import { ${name} } from './${name}';`,
    function: (name, body) =>
      braces(`export function ${name}(a: { b: number }, c = {}): { d: number }`, body),
    type: (name, members) => braces(`export class ${name} extends Base`, members.join('\n\n')),
    method: (name, body) => braces(`async ${name}(item: string): Promise<void>`, body),
    noise: ['`${f({})} }{ ` + "}"', "'class B {'", '/[{/]}/', '`\nfunction no() {\n`'],
    comment: '//',
    heads: (name) => new RegExp(`(?:import \\{ |function |class |async )${name}\\b`),
  },
  {
    id: 'javascript',
    import: (name) => `import ${name} from "./${name}"`,
    function: (name, body) => braces(`export const ${name} = async (a, { b }) =>`, body),
    type: (name, members) => braces(`class ${name}`, members.join('\n\n')),
    method: (name, body) => braces(`static ${name}(item)`, body),
    noise: ['`${f({})} }{ ` + "}"', "'class B {'", "<p>Don't {x}</p>"],
    comment: '//',
    heads: (name) => new RegExp(`(?:import |const |class |static )${name}\\b`),
  },
  {
    id: 'python',
    import: (name) => `from pkg import ${name}`,
    function: (name, body) =>
      `@cached(a={1: 2})\nasync def ${name}(\n    a,\n    b={},\n):\n${indented(body.replaceAll(';', ''), '    ')}`,
    type: (name, members) => `class ${name}(Base):\n${indented(members.join('\n\n'), '    ')}`,
    method: (name, body) => `def ${name}(self):\n${indented(body.replaceAll(';', ''), '    ')}`,
    noise: ['"def no():"', '"""\ndef no():\n"""', "'class B: {'"],
    comment: '#',
    heads: (name) => new RegExp(`(?:import |def |class )${name}\\b`),
  },
  {
    id: 'go',
    import: (name) => `import "${name}/pkg"`,
    function: (name, body) => braces(`func ${name}(a map[string]struct{}, b int) (int, error)`, body, '\t'),
    type: (name, members) => members.join('\n\n').replaceAll('RECEIVER', name),
    method: (name, body) => braces(`func (r *RECEIVER) ${name}(a int) error`, body, '\t'),
    noise: ['`\nfunc no() {\n`', '"}{"', "'{'"],
    comment: '//',
    heads: (name) => new RegExp(`(?:import "|func |\\*)${name}\\b|\\) ${name}\\(`),
  },
  {
    id: 'rust',
    import: (name) => `use crate::${name};`,
    function: (name, body) =>
      braces(
        `pub async fn ${name}<T: Into<String>>(a: &'a str, b: T) -> Result<(), Box<dyn Error>>`,
        body,
        '    ',
      ),
    type: (name, members) => braces(`impl<'a> ${name}<'a>`, members.join('\n\n'), '    '),
    method: (name, body) => braces(`pub fn ${name}(&mut self) -> usize`, body, '    '),
    noise: ['r#"}{ fn no() {"#', '"}{"', "'{'"],
    comment: '//',
    heads: (name) => new RegExp(`(?:crate::|fn |impl<'a> )${name}\\b`),
  },
  {
    id: 'java',
    import: (name) => `import a.b.${name};`,
    function: (name, body) =>
      braces(`interface ${name}Holder<T>`, braces(`default void ${name}(T a) throws Exception`, body)),
    type: (name, members) =>
      braces(
        `@Entity(a = {1, 2})\npublic final class ${name} extends Base<Map<String, Integer>>`,
        members.join('\n\n'),
        '    ',
      ),
    method: (name, body) =>
      braces(
        `@Override\npublic <T> List<T> ${name}(final int a, String... b) throws IOException`,
        body,
        '    ',
      ),
    noise: javaLike,
    comment: '//',
    heads: (name) => new RegExp(`(?:a\\.b\\.|void |class |> )${name}\\b`),
  },
  {
    id: 'csharp',
    import: (name) => `using A.${name};`,
    function: (name, body) =>
      braces(
        `public static class ${name}Extensions`,
        braces(`public static int ${name}(this string a)`, body, '    '),
        '    ',
      ),
    type: (name, members) =>
      `[Serializable]\npublic sealed class ${name} : IBase\n{\n${indented(members.join('\n\n'), '    ')}\n}`,
    method: (name, body) =>
      `public async Task<int> ${name}(int a, string b = "}")\n{\n${indented(body, '    ')}\n}`,
    noise: ['$"}} {a} {{"', '@"} "" {"', '"""\n} class No {\n"""'],
    comment: '//',
    heads: (name) => new RegExp(`(?:A\\.|int |class |> )${name}\\b`),
  },
  {
    id: 'cpp',
    import: (name) => `#include "${name}.h"`,
    function: (name, body) => braces(`static std::vector<int> ${name}(const std::string &a, int b[])`, body),
    type: (name, members) =>
      `${braces(`template <typename T>\nclass ${name} : public Base<T>`, members.join('\n\n'))};`,
    method: (name, body) => braces(`virtual int ${name}(int a = 0) const override`, body),
    noise: ['R"x(}{ class No {)x"', '"}{"', "'{'"],
    comment: '//',
    heads: (name) => new RegExp(`(?:include "|> |class |int )${name}\\b`),
  },
  {
    id: 'ruby',
    import: (name) => `require '${name}'`,
    function: (name, body) => `def ${name}(a, b: {})\n${indented(body.replaceAll(';', ''), '  ')}\nend`,
    type: (name, members) => `class ${name} < Base\n${indented(members.join('\n\n'), '  ')}\nend`,
    method: (name, body) => `def ${name}\n${indented(body.replaceAll(';', ''), '  ')}\nend`,
    noise: ['"def no; #{x({})} end"', "'class B'", '%w[def end]'],
    comment: '#',
    heads: (name) => new RegExp(`(?:require '|def |class )${name}\\b`),
  },
  {
    id: 'kotlin',
    import: (name) => `import a.b.${name}`,
    function: (name, body) => braces(`suspend fun String.${name}(a: Int = 1): List<Int>`, body, '    '),
    type: (name, members) =>
      braces(`data class ${name}(val a: Int) : Base(a), Other`, members.join('\n\n'), '    '),
    method: (name, body) => braces(`override fun ${name}(a: Map<String, Int>): Int`, body, '    '),
    noise: ['"} ${f { it }} {"', '"""\n} fun no() {\n"""', "'{'"],
    comment: '//',
    heads: (name) => new RegExp(`(?:a\\.b\\.|String\\.|class |fun )${name}\\b`),
  },
];

/** A part of a file, and all names declared in it. */
export interface Item {
  name: string;
  kind: 'import' | 'function' | 'type';
  members: string[];
  /** Its text; with another number, the bodies differ. */
  text(version: number): string;
  /** Its text with only some of its members. */
  only(members: readonly string[], version: number): string;
  member(name: string, version: number): string;
  hasComment: boolean;
}

const upper = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** The items of a file in a language. Names are `n` and a number, so that none contains another. */
export function itemsOf(language: Language): fc.Arbitrary<Item[]> {
  const item = fc.record({
    kind: fc.constantFrom('function', 'function', 'type'),
    members: fc.integer({ min: 1, max: 3 }),
    noise: fc.array(fc.constantFrom(...language.noise), { maxLength: 2 }),
    hasComment: fc.boolean(),
  });
  return fc
    .tuple(fc.integer({ min: 0, max: 2 }), fc.array(item, { minLength: 1, maxLength: 6 }))
    .map(([imports, specs]) => {
      let count = 0;
      const name = (): string => `n${++count}z`;
      const head = Array.from({ length: imports }, () => importItem(language, name()));
      return head.concat(specs.map((spec) => declared(language, spec, name)));
    });
}

function importItem(language: Language, name: string): Item {
  const text = (): string => language.import(name);
  return { name, kind: 'import', members: [], text, only: text, member: text, hasComment: false };
}

interface Spec {
  kind: string;
  members: number;
  noise: string[];
  hasComment: boolean;
}

function declared(language: Language, { kind, members, noise, hasComment }: Spec, name: () => string): Item {
  const body = (version: number, own: string): string =>
    [
      ...noise.map((text, at) => `v${at} = ${text};`),
      `${language.comment} class ${own} { it's`,
      `use(${version});`,
      `return ${version};`,
    ].join('\n');
  const comment = hasComment ? `${language.comment} About it: {\n` : '';
  const own = kind === 'type' ? upper(name()) : name();
  if (kind !== 'type') {
    const text = (version: number): string => comment + language.function(own, body(version, 'X'));
    return {
      name: own,
      kind: 'function',
      members: [],
      text,
      only: (_, version) => text(version),
      member: (_, version) => text(version),
      hasComment,
    };
  }
  const names = Array.from({ length: members }, name);
  const member = (one: string, version: number): string =>
    language.method(one, body(version, 'Y')).replaceAll('RECEIVER', own);
  const only = (some: readonly string[], version: number): string =>
    comment +
    language.type(
      own,
      some.map((one) => language.method(one, body(version, 'Y'))),
    );
  return {
    name: own,
    kind: 'type',
    members: names,
    text: (version) => only(names, version),
    only,
    member,
    hasComment,
  };
}

/** All names declared in a file of these items. */
export function namesOfItems(items: readonly Item[]): string[] {
  return items.flatMap(({ name, members }) => [name, ...members]);
}

/** Languages that declare functions and classes, by VS Code's ids, with their file extensions. */
const extensions = `
bat: bat cmd
c: c h
clojure: clj cljs cljc
coffeescript: coffee
cpp: cpp cc cxx hpp hh hxx ipp inl
csharp: cs csx
cuda-cpp: cu cuh
dart: dart
elixir: ex exs
elm: elm
erlang: erl hrl
fsharp: fs fsi fsx
gdscript: gd
glsl: glsl vert frag comp
go: go
graphql: graphql gql
groovy: groovy gradle
haskell: hs
hlsl: hlsl
java: java
javascript: js mjs cjs es6
javascriptreact: jsx
julia: jl
kotlin: kt kts
lua: lua
nim: nim
objective-c: m
objective-cpp: mm
odin: odin
perl: pl pm
php: php phtml
powershell: ps1 psm1
proto3: proto
python: py pyw pyi
r: r
ruby: rb rake gemspec
rust: rs
scala: scala sc
shellscript: sh bash zsh
solidity: sol
sql: sql
svelte: svelte
swift: swift
terraform: tf
typescript: ts mts cts
typescriptreact: tsx
vb: vb
vue: vue
wgsl: wgsl
zig: zig
`;

const byExtension = new Map(
  extensions
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [id = '', list = ''] = line.split(': ');
      return list.split(' ').map((extension) => [extension, id] as const);
    }),
);

/** The language of a file by its name; `undefined` for a language without functions and classes. */
export function languageOfPath(path: string): string | undefined {
  return byExtension.get(extensionOf(path));
}

/** In lower case without the dot; empty for a name without an extension, such as `.gitignore`. */
export function extensionOf(path: string): string {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(dot + 1).toLowerCase() : '';
}

/**
 * Names allowed after the fence of a block from a model: programming languages and data formats, which only
 * select colors. Any other name may make a preview render or run something: diagrams, maps, formulas,
 * included files.
 */
const languages = new Set(
  `abap actionscript ada agda al apex apl applescript arduino arm asm assembly astro autohotkey autoit awk
  bash basic bat batch batchfile bazel bicep bicep brainfuck c c# c++ cc cfg cjs clj cljs clojure cmake cmd cobol
  coffee coffeescript common-lisp conf console cpp crystal cs csharp cshtml csproj css csv cts cu cuda cuda-cpp cxx cypher
  cython d dart delphi dhall diff docker docker-compose dockercompose dockerfile dosbatch dotenv editorconfig eex ejs
  elisp elixir elm emacs-lisp env erb erl erlang f# f90 fish forth fortran fs fsharp fsx gams gawk gd gdscript gherkin
  git-commit git-rebase gitattributes gitconfig gitignore gleam glsl gml gnuplot go go-mod go.mod go.sum golang gomod
  gosum gql gradle graphql groovy h haml handlebars haskell hbs hcl heex hjson hlsl hpp hs htm html http hxx idris ignore
  ini io java javascript javascriptreact jenkinsfile jinja jinja2 jl jq js json json5 jsonc jsonl jsonnet jsp jsx julia
  just justfile kdl kotlin kql kt kts kusto lean less liquid lisp livescript llvm log logs lua lock m makefile make
  markdown mat matlab md mdx meson mips mjs ml mli mm mojo moonscript mts mustache mysql nasm ndjson nginx nim nix nu
  nushell objc objcpp objective-c objective-cpp objectivec ocaml octave odin openscad output pascal patch perl pgsql php
  phtml pl plain plaintext plpgsql plsql pony postgres postgresql powershell pp prisma prolog properties proto proto3
  protobuf ps1 psm1 pug puppet purescript py py3 pycon pyi python python3 pyx qml r racket raku rb re reason rego regex
  regexp rescript restructuredtext rkt robot robotframework rs rst ruby rust sas sass sbt sbt scala scheme scm scss sh
  shell shellscript shellsession sh-session smali smalltalk sml solidity sol sparql spec sql sqlite ssh-config stan
  starlark stylus sv svelte swift systemverilog systemd tcl terminal terraform tf text tf tfvars thrift toml
  ts tsql tsv tsx turtle twig txt typescript typescriptreact typst v vala vb vba vbnet vbscript verilog vhdl vim viml
  vimscript vue wasm wat wgsl wl xaml xml xsd xsl xslt yacc yaml yml zig zsh`
    .split(/\s+/)
    .filter(Boolean),
);

/** The name for a block whose own name is not allowed. */
export const plainLanguage = 'text';

/**
 * A harmless version of the text after an opening fence: unchanged when it is only a language's name, that
 * name when more follows it (attributes may run code), else `text`.
 */
export function inertFenceInfo(info: string): string {
  const [word = ''] = /^[ \t]*[\w+#.-]*/.exec(info) ?? [];
  const name = word.trim();
  const rest = info.slice(word.length);
  if (info.trim() === '') return info;
  if (!languages.has(name.toLowerCase()) || !/^(?:$|[\s,;:{[(])/.test(rest)) return plainLanguage;
  return rest.trim() === '' ? info : name;
}

/** Official names. An id that is missing here is capitalized (see languageName). */
const names: Record<string, string> = {
  abap: 'ABAP',
  bat: 'Batch',
  bibtex: 'BibTeX',
  coffeescript: 'CoffeeScript',
  cpp: 'C++',
  csharp: 'C#',
  css: 'CSS',
  'cuda-cpp': 'CUDA C++',
  dockercompose: 'Docker Compose',
  dockerfile: 'Dockerfile',
  fsharp: 'F#',
  'git-commit': 'Git Commit Message',
  graphql: 'GraphQL',
  hlsl: 'HLSL',
  html: 'HTML',
  ini: 'INI',
  javascript: 'JavaScript',
  javascriptreact: 'JavaScript (React)',
  json: 'JSON',
  jsonc: 'JSON with Comments',
  jsonl: 'JSON Lines',
  latex: 'LaTeX',
  objc: 'Objective-C',
  'objective-c': 'Objective-C',
  'objective-cpp': 'Objective-C++',
  ocaml: 'OCaml',
  php: 'PHP',
  plaintext: 'Plain Text',
  powershell: 'PowerShell',
  proto3: 'Protocol Buffers',
  restructuredtext: 'reStructuredText',
  scss: 'SCSS',
  shellscript: 'Shell',
  sql: 'SQL',
  toml: 'TOML',
  typescript: 'TypeScript',
  typescriptreact: 'TypeScript (React)',
  vb: 'Visual Basic',
  xml: 'XML',
  xsl: 'XSL',
  yaml: 'YAML',
};

/** Names that Markdown renderers and models use for code blocks, if they differ from VS Code's id. */
const fenceTags: Record<string, string> = {
  javascriptreact: 'jsx',
  'objective-c': 'objc',
  'objective-cpp': 'objcpp',
  plaintext: 'text',
  shellscript: 'bash',
  typescriptreact: 'tsx',
};

/** The usual name: `typescript` is TypeScript, `shellscript` is Shell. An unknown id is capitalized. */
export function languageName(languageId: string): string {
  const known = Object.hasOwn(names, languageId) ? names[languageId] : undefined;
  return known ?? languageId.charAt(0).toUpperCase() + languageId.slice(1);
}

/**
 * The word after a code block's opening fence, with only characters that cannot end the line or the fence.
 */
export function fenceTag(languageId: string): string {
  const known = Object.hasOwn(fenceTags, languageId) ? fenceTags[languageId] : undefined;
  return known ?? languageId.toLowerCase().replaceAll(/[^\w+#.-]/g, '');
}

/** Languages without functions or classes that can have a comment. */
const textual = new Set(
  (
    'plaintext markdown json jsonc jsonl yaml toml ini log csv html xml css scss less ' +
    'git-commit git-rebase diff search-result ignore properties'
  ).split(' '),
);

const keyword =
  /^\s*(?:(?:export|default|declare|public|private|protected|internal|static|final|abstract|sealed|open|override|virtual|partial|async|inline|unsafe|extern|const|pub(?:\([\w: ]+\))?|data|suspend|operator|readonly)\s+)*(?:function\b|class\b|interface\b|struct\b|enum\b|trait\b|record\b|object\b|namespace\b|module\b|protocol\b|extension\b|def\b|fn\b|func\b|fun\b|sub\b|impl\b|type\s+\w)/;
/** `const add = (a, b) => {` */
const arrow =
  /^\s*(?:export\s+)?(?:const|let|var)\s+[\w$]+[^=]*=\s*(?:async\s*)?(?:function\b|\(|[\w$]+\s*=>)/;
/** `add(item) {`, `async *items() {`, `void Add(Item item) {` */
const headed = /^\s*(?:[\w$<>[\],.*&:?#~@]+\s+)*[*&]*[\w$:~#]+\s*(?:<[^()]*>)?\([^;]*\)[^;=]*\{\s*$/;
/** `void Add(Item item)` with its brace on the next line. */
const typed = /^\s*(?:[\w<>[\],.*&:?]+\s+)+[*&]*[\w:~]+\s*\([^;=]*\)[^;=]*$/;
const withTypedHeads = new Set(['c', 'cpp', 'csharp', 'java', 'cuda-cpp', 'objective-c', 'objective-cpp']);
const statement =
  /^\s*(?:if|else|for|foreach|while|switch|catch|return|throw|await|case|do|with|using|new|elif|until|when|not|assert|super|this|yield|print|echo|del)\b/;

/** Whether a function or class seems to begin on a line. Uses only the line itself, so it is fast. */
export function looksLikeDeclaration(line: string, languageId: string): boolean {
  if (textual.has(languageId) || line.length > 500) return false;
  if (keyword.test(line) || arrow.test(line)) return true;
  if (statement.test(line)) return false;
  return headed.test(line) || (withTypedHeads.has(languageId) && typed.test(line));
}

/** Whether a language declares neither functions nor classes, such as prose and data. */
export function isTextual(languageId: string): boolean {
  return textual.has(languageId);
}

import { compilePattern, matchesParts, type PathPattern } from './pathPattern.ts';

/** One line of a `.gitignore`. */
interface Rule {
  /** The rule matches when one of them does. */
  patterns: readonly PathPattern[];
  /** Whether it includes again what an earlier line ignores. */
  isNegated: boolean;
  onlyFolders: boolean;
  /** Whether it matches the path from the file's folder on; otherwise a name at any depth. */
  isAnchored: boolean;
}

/** The rules of one `.gitignore`, last one first: the first match decides. */
export type IgnoreRules = readonly Rule[];

/** Parses a `.gitignore` like Git. Skips lines that cannot match anything. */
export function parseIgnoreFile(text: string, ignoreCase = false): IgnoreRules {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n|\r$/);
  return lines
    .map((line) => ruleOf(line, ignoreCase))
    .filter((rule) => rule !== undefined)
    .toReversed();
}

function ruleOf(line: string, ignoreCase: boolean): Rule | undefined {
  if (line.startsWith('#')) return undefined;
  let text = withoutTrailingSpaces(line);
  const isNegated = text.startsWith('!');
  if (isNegated) text = text.slice(1);
  const onlyFolders = text.endsWith('/');
  if (onlyFolders) text = text.slice(0, -1);
  const isAnchored = text.includes('/');
  if (text.startsWith('/')) text = text.slice(1);
  if (text === '') return undefined;
  const patterns = (isAnchored ? alternatives(text) : [text])
    .map((one) => compilePattern(bytesOf(one), { ignoreCase }))
    .filter((pattern) => pattern !== undefined);
  return patterns.length === 0 ? undefined : { patterns, isNegated, onlyFolders, isAnchored };
}

/**
 * Git first compares the plain text at the beginning of a path, and then the rest separately: two stars after
 * it act as at the start of the pattern, and `a**\/b` matches `ab` and `a1/2/b`.
 */
function alternatives(text: string): string[] {
  const [, start = '', slash = '', rest = ''] = /^([^*?[\\]*[^*?[\\/])\*\*+(?:(\/)(.*))?$/s.exec(text) ?? [];
  if (start === '') return [text];
  return slash ? [start + rest, `${start}*/**/${rest}`] : [`${start}*`, `${start}*/**`];
}

/** Trailing spaces do not count, unless they follow a backslash. */
function withoutTrailingSpaces(line: string): string {
  let end = 0;
  for (let at = 0; at < line.length; at++) {
    if (line[at] === '\\') {
      at++;
      end = at + 1;
    } else if (line[at] !== ' ') end = at + 1;
  }
  return line.slice(0, end);
}

/** Git compares bytes: `?` matches one byte of a character. */
export function bytesOf(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return /^[\0-\x7f]*$/.test(text)
    ? text
    : Array.from(encoder.encode(text), (byte) => String.fromCharCode(byte)).join('');
}

const encoder = new TextEncoder();

/** The ignore files that apply to the content of a folder, outermost first. */
export interface IgnoreScope {
  /** Folder of the ignore file, from the top; `[]` for the top itself. */
  folder: readonly string[];
  rules: IgnoreRules;
}

/**
 * Whether an entry of a folder is ignored, if the folder itself is not. The content of an ignored folder is
 * always ignored, so a walk from the top skips it.
 * @param path its parts from the top, its own name last
 */
export function isIgnored(
  scopes: readonly IgnoreScope[],
  path: readonly string[],
  isFolder: boolean,
  ignoreCase = false,
): boolean {
  const bytes = path.map((part) => bytesOf(ignoreCase ? part.toLowerCase() : part));
  for (const { folder, rules } of scopes.toReversed()) {
    const below = bytes.slice(folder.length);
    const name = below.slice(-1);
    const rule = rules.find(
      ({ patterns, onlyFolders, isAnchored }) =>
        (isFolder || !onlyFolders) &&
        patterns.some((pattern) => matchesParts(pattern, isAnchored ? below : name)),
    );
    if (rule) return !rule.isNegated;
  }
  return false;
}

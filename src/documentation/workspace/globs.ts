import { compilePattern, matchesParts, type PathPattern } from './pathPattern.ts';

/** A setting such as `files.exclude`: globs that are switched on, off, or depend on another file. */
export type GlobSetting = Readonly<Record<string, unknown>>;

interface Exclusion {
  patterns: readonly PathPattern[];
  /** For example `$(basename).ts`: the glob applies only if this file exists too. */
  when: string | undefined;
}

/** Tells which paths are excluded by settings. A path in an excluded folder is excluded. */
export class GlobFilter {
  private readonly exclusions: readonly Exclusion[];

  constructor(settings: readonly GlobSetting[]) {
    this.exclusions = settings.flatMap((setting) =>
      Object.entries(setting).flatMap(([glob, value]) => exclusionOf(glob, value)),
    );
  }

  /** @param exists whether a file with this path exists */
  excludes(path: string, exists: (path: string) => boolean = () => false): boolean {
    const parts = path.split('/');
    return parts.some((_, index) => {
      const upTo = parts.slice(0, index + 1);
      return this.exclusions.some(
        ({ patterns, when }) =>
          patterns.some((pattern) => matchesParts(pattern, upTo)) &&
          (when === undefined || exists(siblingOf(upTo, when))),
      );
    });
  }
}

/** `**\/*.js` and `$(basename).ts`: `a/b.js` is excluded if `a/b.ts` exists. */
function siblingOf(parts: readonly string[], when: string): string {
  const name = parts.at(-1) ?? '';
  const dot = name.lastIndexOf('.');
  const base = dot > 0 ? name.slice(0, dot) : name;
  return [...parts.slice(0, -1), when.replaceAll('$(basename)', () => base)].join('/');
}

function exclusionOf(glob: string, value: unknown): Exclusion[] {
  const when: unknown =
    typeof value === 'object' && value !== null && 'when' in value ? value.when : undefined;
  if (value !== true && typeof when !== 'string') return [];
  const sources = withoutBraces(glob.replace(/^\.?\//, '').replace(/\/$/, ''));
  const patterns = sources
    .map((source) => compilePattern(source, { ignoreCase: false }))
    .filter((pattern) => pattern !== undefined);
  return [{ patterns, when: typeof when === 'string' ? when : undefined }];
}

/** Most globs that one glob with braces is expanded to. */
const mostAlternatives = 500;

/** Expands `{a,b}/*.{js,ts}` to globs without braces. A single open brace is an ordinary character. */
function withoutBraces(glob: string): string[] {
  const open = glob.indexOf('{');
  const close = open < 0 ? -1 : closingBrace(glob, open);
  if (close < 0) return [glob];
  const rests = withoutBraces(glob.slice(close + 1));
  const inner = splitAtCommas(glob.slice(open + 1, close)).flatMap(withoutBraces);
  return inner
    .flatMap((middle) => rests.map((rest) => glob.slice(0, open) + middle + rest))
    .slice(0, mostAlternatives);
}

function closingBrace(glob: string, open: number): number {
  let depth = 0;
  for (let at = open; at < glob.length; at++) {
    if (glob[at] === '{') depth++;
    else if (glob[at] === '}' && --depth === 0) return at;
  }
  return -1;
}

function splitAtCommas(text: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const char of text) {
    if (char === '{') depth++;
    else if (char === '}') depth--;
    if (char === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += char;
  }
  return parts;
}

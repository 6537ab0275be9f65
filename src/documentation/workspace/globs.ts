import { compilePattern, matchesParts, type PathPattern } from './pathPattern.ts';

/** A setting such as `files.exclude`: globs, each switched on, off, or bound to a file beside it. */
export type GlobSetting = Readonly<Record<string, unknown>>;

interface Exclusion {
  patterns: readonly PathPattern[];
  /** Such as `$(basename).ts`: it holds only where this file is, too. */
  when: string | undefined;
}

/** Says which paths settings exclude; a path in an excluded folder is excluded. */
export class GlobFilter {
  private readonly exclusions: readonly Exclusion[];

  constructor(settings: readonly GlobSetting[]) {
    this.exclusions = settings.flatMap((setting) =>
      Object.entries(setting).flatMap(([glob, value]) => exclusionOf(glob, value)),
    );
  }

  /** @param exists whether there is a file of this path */
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

/** `**\/*.js` and `$(basename).ts`: `a/b.js` is excluded where there is `a/b.ts`. */
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

/** Globs that one with braces may stand for at most. */
const mostAlternatives = 500;

/** `{a,b}/*.{js,ts}` as the globs without braces that it stands for; an open brace is a character like others. */
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

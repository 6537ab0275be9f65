/**
 * Patterns of paths with `*`, `?`, `[...]` and `**`, as in Git and VS Code. They come from files of a
 * repository, so matching must be fast: each part takes time proportional to pattern times text.
 */
export interface PathPattern {
  /** The parts between slashes; `undefined` is `**`, any number of folders. */
  parts: readonly (Part | undefined)[];
}

interface Part {
  tokens: readonly Token[];
  /** The whole text of a pattern without wildcards. */
  literal: string | undefined;
  /** The text after a star that is the only wildcard, as in `*.min.js`. */
  suffix: string | undefined;
}

type Token =
  | { kind: 'text'; text: string }
  | { kind: 'one' }
  | { kind: 'any' }
  | { kind: 'class'; accepts: (char: string) => boolean };

interface Dialect {
  ignoreCase: boolean;
}

/** `undefined` for a pattern that cannot match anything, such as one with an unclosed bracket. */
export function compilePattern(source: string, { ignoreCase }: Dialect): PathPattern | undefined {
  const text = ignoreCase ? source.toLowerCase() : source;
  const parts: (Part | undefined)[] = [];
  let tokens: Token[] = [];
  const chars = Array.from(text);
  for (let at = 0; at <= chars.length; at++) {
    const char = chars[at];
    if (char === undefined || char === '/') {
      parts.push(partOf(tokens));
      tokens = [];
    } else if (char === '*') {
      const run = starsAt(chars, at);
      const isWhole =
        tokens.length === 0 && run > 1 && (at + run === chars.length || chars[at + run] === '/');
      at += run - 1;
      if (!isWhole) tokens.push({ kind: 'any' });
      else {
        parts.push(undefined);
        // At the end it matches the content of a folder, not the folder; elsewhere the slash after it belongs
        // to it.
        if (++at === chars.length) return { parts: [...parts, partOf([{ kind: 'any' }])] };
      }
    } else if (char === '?') tokens.push({ kind: 'one' });
    else if (char === '[') {
      const found = classAt(chars, at);
      if (!found) return undefined;
      tokens.push(found.token);
      at = found.end;
    } else {
      if (char === '\\') at++;
      const literal = chars[at];
      if (literal === undefined) return undefined;
      if (literal === '/') {
        parts.push(partOf(tokens));
        tokens = [];
      } else tokens.push({ kind: 'text', text: literal });
    }
  }
  return { parts };
}

function partOf(tokens: readonly Token[]): Part {
  return {
    tokens,
    literal: literalOf(tokens),
    suffix: tokens[0]?.kind === 'any' ? literalOf(tokens.slice(1)) : undefined,
  };
}

function literalOf(tokens: readonly Token[]): string | undefined {
  return tokens.every((token) => token.kind === 'text') ? tokens.map(({ text }) => text).join('') : undefined;
}

function starsAt(chars: readonly string[], at: number): number {
  let end = at;
  while (chars[end] === '*') end++;
  return end - at;
}

const named: Record<string, RegExp> = {
  alnum: /^[A-Za-z0-9]$/,
  alpha: /^[A-Za-z]$/,
  blank: /^[ \t]$/,
  cntrl: /^[\x00-\x1f\x7f]$/, // oxlint-disable-line no-control-regex
  digit: /^[0-9]$/,
  graph: /^[!-~]$/,
  lower: /^[a-z]$/,
  print: /^[ -~]$/,
  punct: /^[!-/:-@[-`{-~]$/,
  space: /^[ \t\n\v\f\r]$/,
  upper: /^[A-Z]$/,
  xdigit: /^[0-9A-Fa-f]$/,
};

/** The class whose bracket opens at `start`. Its first `]` is an ordinary character. */
function classAt(chars: readonly string[], start: number): { token: Token; end: number } | undefined {
  let at = start + 1;
  const isNegated = chars[at] === '!' || chars[at] === '^';
  if (isNegated) at++;
  const tests: ((char: string) => boolean)[] = [];
  const first = at;
  let previous: string | undefined;
  for (; at === first || chars[at] !== ']'; at++) {
    let char = chars[at];
    if (char === undefined) return undefined;
    if (char === '[' && chars[at + 1] === ':') {
      const close = chars.indexOf(']', at + 2);
      if (close < 0) return undefined;
      if (chars[close - 1] === ':' && close - 1 > at + 1) {
        const pattern = named[chars.slice(at + 2, close - 1).join('')];
        if (!pattern) return undefined;
        tests.push((one) => pattern.test(one));
        at = close;
        previous = undefined;
        continue;
      }
    }
    if (char === '-' && previous !== undefined && chars[at + 1] !== undefined && chars[at + 1] !== ']') {
      char = chars[++at]!;
      if (char === '\\') char = chars[++at];
      if (char === undefined) return undefined;
      const [low, high] = [previous, char];
      tests.push((one) => low <= one && one <= high);
      previous = undefined;
      continue;
    }
    if (char === '\\') char = chars[++at];
    if (char === undefined) return undefined;
    const literal = char;
    tests.push((one) => one === literal);
    previous = literal;
  }
  const accepts = (one: string): boolean => tests.some((test) => test(one)) !== isNegated;
  return { token: { kind: 'class', accepts }, end: at };
}

/** Whether the pattern matches the whole path, given by its parts. */
export function matchesParts({ parts }: PathPattern, path: readonly string[]): boolean {
  return matchesSequence(parts, path, {
    isStar: (part) => part === undefined,
    matches: (part, name) => part !== undefined && matchesPart(part, name),
  });
}

function matchesPart({ tokens, literal, suffix }: Part, name: string): boolean {
  if (literal !== undefined) return name === literal;
  if (suffix !== undefined) return name.endsWith(suffix);
  return matchesSequence(tokens, Array.from(name), {
    isStar: ({ kind }) => kind === 'any',
    matches: matchesToken,
  });
}

function matchesToken(token: Token, char: string): boolean {
  switch (token.kind) {
    case 'text':
      return token.text === char;
    case 'one':
      return true;
    case 'class':
      return token.accepts(char);
    case 'any':
      return false;
  }
}

interface Matcher<P, V> {
  isStar: (pattern: P) => boolean;
  matches: (pattern: P, value: V) => boolean;
}

/** A star matches as little as possible. Only the last one is tried again, which is sufficient. */
function matchesSequence<P, V>(pattern: readonly P[], values: readonly V[], how: Matcher<P, V>): boolean {
  let [inPattern, inValues] = [0, 0];
  let star: { pattern: number; values: number } | undefined;
  while (inValues < values.length) {
    const current = pattern[inPattern];
    if (inPattern < pattern.length && how.isStar(current as P)) {
      star = { pattern: ++inPattern, values: inValues };
    } else if (inPattern < pattern.length && how.matches(current as P, values[inValues]!)) {
      inPattern++;
      inValues++;
    } else if (star) {
      inPattern = star.pattern;
      inValues = ++star.values;
    } else return false;
  }
  while (inPattern < pattern.length && how.isStar(pattern[inPattern]!)) inPattern++;
  return inPattern === pattern.length;
}

import {
  docStartOf,
  lineEnd,
  type DeclarationKind,
  type DeclaredSymbol,
  type MaskedCode,
} from './declarationTypes.ts';

/** How a line declares something, in a language without braces. */
export interface LineHead {
  /** Matches the code of a line without its indentation. The last matching group is the name. */
  pattern: RegExp;
  kind: DeclarationKind;
  /** Only outside of functions. */
  isOuter?: boolean;
  /** Whether to read the name from the original text, because it is in a string or has other marks. */
  isRaw?: boolean;
  /** Whether a block follows. */
  opens?: boolean;
  /** Whether several of one name may coexist. */
  isOpen?: boolean;
}

export interface LineRules {
  heads: readonly LineHead[];
  /** A line that belongs to the declaration below it. */
  prefix?: RegExp;
  /** A line that ends a declaration of the same indentation. */
  end?: RegExp;
  /** Starts a statement without indentation. Lines before it belong to the statement above. */
  statement?: RegExp;
  /** Names of a line that declares several. */
  names?(text: string): string[];
}

interface Line {
  start: number;
  end: number;
  code: string;
  indentation: number;
}

/** The declarations of a code whose blocks are marked by indentation or by words at their end. */
export function declarationsInLines(code: MaskedCode, rules: LineRules): DeclaredSymbol[] {
  const lines = logicalLines(code);
  const root: DeclaredSymbol[] = [];
  const open: { symbol: DeclaredSymbol; indentation: number }[] = [];
  for (const [at, line] of lines.entries()) {
    while (open.length > 0 && line.indentation <= open.at(-1)!.indentation) open.pop();
    const parent = open.at(-1)?.symbol;
    const found = headOf(code, line, rules, parent?.kind === 'function');
    if (!found) continue;
    const symbols = symbolsOf(code, lines, at, found, rules);
    (parent?.children ?? root).push(...symbols);
    if (found.head.opens && symbols[0]) open.push({ symbol: symbols[0], indentation: line.indentation });
  }
  return root;
}

/** The lines that have code and start outside of brackets and strings. */
function logicalLines({ text, masked, pairs }: MaskedCode): Line[] {
  const lines: Line[] = [];
  let skipTo = 0;
  for (let start = 0; start < masked.length; start = masked.indexOf('\n', start) + 1 || masked.length) {
    const end = lineEnd(masked, start);
    const code = masked.slice(start, end);
    const indentation = code.search(/\S/);
    if (start >= skipTo && indentation >= 0 && text.slice(start, start + indentation).trim() === '')
      lines.push({ start, end, code: code.trim(), indentation });
    for (let at = start; at < end; at++) {
      const close = at < skipTo ? undefined : pairs.get(at);
      if (close !== undefined && close > end) skipTo = close + 1;
    }
  }
  return lines;
}

/** Characters read per line: names are at the start. */
const longestLine = 500;

interface Found {
  head: LineHead;
  name: string;
  raw: string;
}

function headOf({ text }: MaskedCode, line: Line, { heads }: LineRules, isInner: boolean): Found | undefined {
  const raw = text.slice(line.start, line.end).trim().slice(0, longestLine);
  for (const head of heads) {
    if (head.isOuter && isInner) continue;
    const found = head.pattern.exec(head.isRaw ? raw : line.code.slice(0, longestLine));
    const name = found?.slice(1).findLast((group) => group !== undefined) ?? found?.[0];
    if (found && name !== undefined) return { head, name: name.trim(), raw };
  }
  return undefined;
}

/** Decorators of declarations that share their name with another one. */
const versions = /\.(?:setter|getter|deleter|register)\b|\boverload\b/;

function symbolsOf(
  code: MaskedCode,
  lines: Line[],
  at: number,
  { head, name, raw }: Found,
  rules: LineRules,
): DeclaredSymbol[] {
  const line = lines[at]!;
  const headStart = line.start + line.indentation;
  const start = prefixStart(code, lines, at, rules);
  const end = statementEnd(code, lastLineOf(lines, at, head, rules));
  const { kind } = head;
  const statement = kind === 'import' ? code.text.slice(headStart, end) : raw;
  const listed = kind === 'import' || kind === 'value' ? (rules.names?.(statement) ?? []) : [];
  const names = listed.length > 0 ? listed : [name];
  const isOpen =
    (head.isOpen === true && kind !== 'import') || versions.test(code.text.slice(start, headStart));
  const body = head.opens ? { start: Math.min(line.end + 1, end), end } : undefined;
  const signature = isOpen ? undefined : kind;
  const docStart = docStartOf(code, start);
  return names.map((one) => ({
    name: one,
    kind,
    docStart,
    start,
    headStart,
    end,
    children: [],
    body,
    signature,
  }));
}

function prefixStart({ masked }: MaskedCode, lines: Line[], at: number, { prefix }: LineRules): number {
  let first = at;
  while (
    prefix?.test(lines[first - 1]?.code ?? '') &&
    lines[first - 1]!.indentation === lines[at]!.indentation &&
    isDirectlyBelow(masked, lines[first - 1]!, lines[first]!)
  )
    first--;
  return lines[first]!.start + lines[first]!.indentation;
}

function isDirectlyBelow(masked: string, above: Line, line: Line): boolean {
  const between = masked.slice(above.end, line.start);
  return between.trim() === '' || /[)\]}]\s*$/.test(between);
}

function lastLineOf(lines: Line[], at: number, head: LineHead, rules: LineRules): Line {
  if (head.opens) return blockEnd(lines, at, rules);
  const { statement } = rules;
  const next = statement ? lines.findIndex(({ code }, index) => index > at && statement.test(code)) : at + 1;
  return lines[(next < 0 ? lines.length : next) - 1] ?? lines[at]!;
}

/** The last line that is indented more, including the word or bracket that ends the block. */
function blockEnd(lines: Line[], at: number, { end }: LineRules): Line {
  const { indentation } = lines[at]!;
  let last = at;
  for (let next = at + 1; next < lines.length; next++) {
    const line = lines[next]!;
    const isEnd = line.indentation === indentation && end?.test(line.code);
    if (line.indentation <= indentation && !isEnd) break;
    last = next;
    if (isEnd) break;
  }
  return lines[last]!;
}

function statementEnd({ masked, pairs }: MaskedCode, { start, end }: Line): number {
  let last = end;
  for (let at = start; at < last; at++) {
    const close = pairs.get(at);
    if (close !== undefined && close > last) last = lineEnd(masked, close);
    at = close ?? at;
  }
  return last;
}

import { declarationsIn } from '../../code/declarations.ts';
import type { DeclarationKind, DeclaredSymbol } from '../../code/declarationTypes.ts';
import { linesOf } from '../../text/markdown.ts';
import { LineNumbers } from './lineNumbers.ts';
import type { PageSubject } from './pageMark.ts';

/** The current position of a declaration. Lines are counted from 0, both inclusive. */
export interface SourceRange {
  start: number;
  end: number;
  code: string;
}

type Lines = PageSubject['lines'];

/** Identifies the source of a page. */
type About = Pick<PageSubject, 'symbol' | 'kind' | 'lines' | 'also' | 'languageId'>;

/**
 * The current source of a page in its file, found by its name because lines move: all declarations of this
 * name, in the order of the file. Our own outline decides first, so that the editor and the command line
 * agree; else the lines of the plan, if they still contain the name. Empty when it no longer exists.
 */
export function sourcesIn(text: string, about: About): SourceRange[] {
  const lines = linesOf(text);
  if (about.symbol === undefined) return [{ start: 0, end: Math.max(0, lines.length - 1), code: text }];
  const declared = declaredIn(text, about);
  const ranges = declared.length > 0 ? declared : plannedIn(lines, about);
  return ranges.map(({ start, end }) => ({ start, end, code: lines.slice(start, end + 1).join('\n') }));
}

const kinds: Record<string, DeclarationKind> = { function: 'function', class: 'type' };

/** The declarations of the page's kind, as a plan finds them; else the nearest other one of this name. */
function declaredIn(text: string, { symbol, kind, lines, languageId }: About): Lines[] {
  const found = declarationsIn(text, languageId).symbols.flatMap((one) => named(one, '', symbol!));
  const numbers = new LineNumbers(text);
  const rangeOf = ({ start, end }: DeclaredSymbol): Lines => ({
    start: numbers.of(start),
    end: numbers.of(Math.max(start, end - 1)),
  });
  const same = found.filter(({ declaration, isLocal }) => !isLocal && declaration.kind === kinds[kind]);
  if (same.length > 0) return withoutOverlaps(same.map(({ declaration }) => rangeOf(declaration)));
  const distance = (range: Lines): number => Math.abs(range.start - lines.start);
  return found
    .map(({ declaration }) => rangeOf(declaration))
    .toSorted((one, other) => distance(one) - distance(other))
    .slice(0, 1);
}

interface Named {
  declaration: DeclaredSymbol;
  /** Whether it is inside a function, where other code cannot use it. */
  isLocal: boolean;
}

/** A name is qualified by the names around it, unless it contains them. */
function named(symbol: DeclaredSymbol, owner: string, wanted: string, isLocal = false): Named[] {
  const name = owner === '' || symbol.name.startsWith(`${owner}.`) ? symbol.name : `${owner}.${symbol.name}`;
  const inner = symbol.children.flatMap((child) =>
    named(child, symbol.kind === 'type' ? name : owner, wanted, isLocal || symbol.kind === 'function'),
  );
  return name === wanted ? [{ declaration: symbol, isLocal }, ...inner] : inner;
}

/** In the order of the file. Declarations that share a line are one range. */
function withoutOverlaps(ranges: readonly Lines[]): Lines[] {
  const kept: Lines[] = [];
  for (const { start, end } of ranges.toSorted((one, other) => one.start - other.start)) {
    const last = kept.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else kept.push({ start, end });
  }
  return kept;
}

function plannedIn(all: readonly string[], { symbol, lines, also = [] }: About): Lines[] {
  const name = simpleName(symbol!);
  const ranges = [lines, ...also].map(({ start, end }) => ({ start, end: Math.min(end, all.length - 1) }));
  return withoutOverlaps(
    ranges.filter(({ start, end }) => all.slice(start, end + 1).some((line) => line.includes(name))),
  );
}

/** The name in other code: the last part of a qualified name, without parameters. */
export function simpleName(symbol: string): string {
  return /[\p{L}\p{N}_$]+(?=[^\p{L}\p{N}_$]*$)/u.exec(symbol.replace(/\(.*$/s, ''))?.[0] ?? symbol;
}

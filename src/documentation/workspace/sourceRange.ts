import { declarationsIn } from '../../code/declarations.ts';
import type { DeclaredSymbol } from '../../code/declarationTypes.ts';
import { linesOf } from '../../text/markdown.ts';
import type { PageSubject } from './pageMark.ts';

/** The current position of a page's source. Lines are counted from 0, both inclusive. */
export interface SourceRange {
  start: number;
  end: number;
  code: string;
}

/** Identifies the source of a page. */
type About = Pick<PageSubject, 'symbol' | 'lines' | 'languageId'>;

/**
 * The current source of a page in its file, found by its name because lines move. Our own outline decides
 * first, so that the editor and the command line agree; else the lines of the plan, if they still contain the
 * name. `undefined` when it no longer exists.
 */
export function sourceIn(text: string, about: About): SourceRange | undefined {
  const lines = linesOf(text);
  if (about.symbol === undefined) return { start: 0, end: Math.max(0, lines.length - 1), code: text };
  const range = declared(text, about) ?? planned(lines, about);
  return range && { ...range, code: lines.slice(range.start, range.end + 1).join('\n') };
}

function declared(text: string, { symbol, lines, languageId }: About): PageSubject['lines'] | undefined {
  const { symbols } = declarationsIn(text, languageId);
  const found = symbols
    .flatMap((one) => named(one, '', symbol!))
    .map(({ start, end }) => ({ start: lineOf(text, start), end: lineOf(text, Math.max(start, end - 1)) }));
  const distance = (range: PageSubject['lines']): number => Math.abs(range.start - lines.start);
  return found.toSorted((one, other) => distance(one) - distance(other))[0];
}

/** A name is qualified by the names around it, unless it contains them. */
function named(symbol: DeclaredSymbol, owner: string, wanted: string): DeclaredSymbol[] {
  const name = owner === '' || symbol.name.startsWith(`${owner}.`) ? symbol.name : `${owner}.${symbol.name}`;
  const inner = symbol.children.flatMap((child) =>
    named(child, symbol.kind === 'type' ? name : owner, wanted),
  );
  return name === wanted ? [symbol, ...inner] : inner;
}

function planned(all: readonly string[], { symbol, lines }: About): PageSubject['lines'] | undefined {
  const end = Math.min(lines.end, all.length - 1);
  const name = simpleName(symbol!);
  const isThere = all.slice(lines.start, end + 1).some((line) => line.includes(name));
  return isThere ? { start: lines.start, end } : undefined;
}

/** The name in other code: the last part of a qualified name, without parameters. */
export function simpleName(symbol: string): string {
  return /[\p{L}\p{N}_$]+(?=[^\p{L}\p{N}_$]*$)/u.exec(symbol.replace(/\(.*$/s, ''))?.[0] ?? symbol;
}

function lineOf(text: string, offset: number): number {
  let line = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

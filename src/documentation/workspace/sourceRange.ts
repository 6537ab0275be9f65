import { declarationsIn } from '../../code/declarations.ts';
import type { DeclaredSymbol } from '../../code/declarationTypes.ts';
import { linesOf } from '../../text/markdown.ts';
import type { PageSubject } from './pageMark.ts';

/** Where the source of a page is now. Lines are counted from 0, both inclusive. */
export interface SourceRange {
  start: number;
  end: number;
  code: string;
}

/** What tells the source of a page. */
type About = Pick<PageSubject, 'symbol' | 'lines' | 'languageId'>;

/**
 * The source of a page in its file as it is now: by its name, because lines move. Where our own reading of the language
 * finds it, that decides, so that the source is the same in the editor and on the command line; else the lines of the plan,
 * as long as the name is still in them. `undefined`: it is no longer there.
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

/** A name is qualified by those around it, unless it says them itself. */
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

/** What others call it: the last part of a qualified name, without parameters. */
export function simpleName(symbol: string): string {
  return /[\p{L}\p{N}_$]+(?=[^\p{L}\p{N}_$]*$)/u.exec(symbol.replace(/\(.*$/s, ''))?.[0] ?? symbol;
}

function lineOf(text: string, offset: number): number {
  let line = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

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

interface Named {
  lines: Lines;
  declaration: DeclaredSymbol;
  /** Whether it is inside a function, where other code cannot use it. */
  isLocal: boolean;
}

const kinds: Record<string, DeclarationKind> = { function: 'function', class: 'type' };

/** A file with the sources of its pages. It is outlined once for all of them. */
export class SourceFile {
  readonly text: string;
  readonly lines: readonly string[];
  /** The declarations by their names, per language. */
  private readonly outlines = new Map<string, Map<string, Named[]>>();

  constructor(text: string) {
    this.text = text;
    this.lines = linesOf(text);
  }

  /**
   * The current source of a page, found by its name because lines move: all declarations of this name, in the
   * order of the file. Our own outline decides first, so that the editor and the command line agree; else the
   * lines of the plan, if they still contain the name. Empty when it no longer exists.
   */
  of(about: About): SourceRange[] {
    const { text, lines } = this;
    if (about.symbol === undefined) return [{ start: 0, end: Math.max(0, lines.length - 1), code: text }];
    const declared = this.declared(about);
    const ranges = declared.length > 0 ? declared : plannedIn(lines, about);
    return ranges.map(({ start, end }) => ({ start, end, code: lines.slice(start, end + 1).join('\n') }));
  }

  /** The declarations of the page's kind, as a plan finds them; else the nearest other one of this name. */
  private declared({ symbol, kind, lines, languageId }: About): Lines[] {
    const found = this.outline(languageId).get(symbol!) ?? [];
    const same = found.filter(({ declaration, isLocal }) => !isLocal && declaration.kind === kinds[kind]);
    if (same.length > 0) return withoutOverlaps(same.map((one) => one.lines));
    const distance = (range: Lines): number => Math.abs(range.start - lines.start);
    return found
      .map((one) => one.lines)
      .toSorted((one, other) => distance(one) - distance(other))
      .slice(0, 1);
  }

  private outline(languageId: string): Map<string, Named[]> {
    const known = this.outlines.get(languageId);
    if (known) return known;
    const numbers = new LineNumbers(this.text);
    const outline = new Map<string, Named[]>();
    for (const symbol of declarationsIn(this.text, languageId).symbols) addNamed(outline, symbol, numbers);
    this.outlines.set(languageId, outline);
    return outline;
  }
}

/** A name is qualified by the names around it, unless it contains them. */
function addNamed(
  outline: Map<string, Named[]>,
  declaration: DeclaredSymbol,
  numbers: LineNumbers,
  owner = '',
  isLocal = false,
): void {
  const { name: own, start, end, kind, children } = declaration;
  const name = owner === '' || own.startsWith(`${owner}.`) ? own : `${owner}.${own}`;
  const lines = { start: numbers.of(start), end: numbers.of(Math.max(start, end - 1)) };
  const same = outline.get(name);
  if (same) same.push({ lines, declaration, isLocal });
  else outline.set(name, [{ lines, declaration, isLocal }]);
  for (const child of children)
    addNamed(outline, child, numbers, kind === 'type' ? name : owner, isLocal || kind === 'function');
}

/** In the order of the file. Declarations that share a line are one range. */
function withoutOverlaps(ranges: readonly Lines[]): Lines[] {
  const kept: { start: number; end: number }[] = [];
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

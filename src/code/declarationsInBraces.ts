import {
  docStartOf,
  lineStart,
  skipSpace,
  type Context,
  type DeclarationKind,
  type DeclaredSymbol,
  type MaskedCode,
} from './declarationTypes.ts';

/** The start of a declaration, as read by the rules of a language. */
export interface Head {
  names: readonly string[];
  kind: DeclarationKind;
  /** The context of its block. Undefined when nothing in it counts as a declaration. */
  opens?: Context;
  /** Whether the names in its block count as names outside of it. */
  isTransparent?: boolean;
  /** Whether its block is a function passed to a call. */
  isCall?: boolean;
  /** Whether it continues after its block, to a semicolon or the end of the line. */
  isStatement?: boolean;
  /** Whether several of one name are allowed, as for namespaces. */
  isOpen?: boolean;
  /** Its end, if the text does not show it. */
  end?: number;
  /** The name of the scope for the names in its block, if it differs from the declaration's. */
  scope?: string;
}

export interface BraceRules {
  /** Whether the end of a line may end a statement. */
  newlines: boolean;
  /** A decorator, annotation or attribute. Sticky. */
  prefix?: RegExp;
  head(code: MaskedCode, at: number, context: Context, owner: string): Head | undefined;
}

interface Region {
  from: number;
  to: number;
  context: Context;
  owner: string;
  depth: number;
}

/** Most decorators read before one declaration. */
const mostPrefixes = 50;
/** Deepest level at which declarations are read. */
const deepest = 6;

/** The declarations of a code whose blocks have braces. */
export function declarationsInBraces(
  code: MaskedCode,
  rules: BraceRules,
  context: Context = 'file',
  owner = '',
): DeclaredSymbol[] {
  return new Scan(code, rules).declarations({ from: 0, to: code.masked.length, context, owner, depth: 0 });
}

interface Extent {
  end: number;
  block?: { start: number; end: number } | undefined;
}

class Scan {
  readonly #code: MaskedCode;
  readonly #rules: BraceRules;

  constructor(code: MaskedCode, rules: BraceRules) {
    this.#code = code;
    this.#rules = rules;
  }

  declarations(region: Region): DeclaredSymbol[] {
    const found: DeclaredSymbol[] = [];
    const { masked } = this.#code;
    let at = skipSpace(masked, region.from, region.to);
    while (at < region.to) {
      const headStart = this.#skipPrefixes(at, region.to);
      const head = this.#rules.head(this.#code, headStart, region.context, region.owner);
      const extent = head?.end === undefined ? this.#extentOf(headStart, region, head) : { end: head.end };
      if (head) found.push(...this.#symbols(head, { start: at, headStart, ...extent }, region));
      at = skipSpace(masked, Math.max(extent.end, headStart + 1), region.to);
    }
    return found;
  }

  #symbols(
    head: Head,
    extent: Extent & { start: number; headStart: number },
    region: Region,
  ): DeclaredSymbol[] {
    const { start, headStart, end, block } = extent;
    const owner = head.scope ?? head.names[0] ?? region.owner;
    const children =
      block && head.opens && region.depth < deepest
        ? this.declarations({
            from: block.start,
            to: block.end,
            context: head.opens,
            owner,
            depth: region.depth + 1,
          })
        : [];
    if (head.isTransparent) return children;
    const docStart = docStartOf(this.#code, start);
    const signature = this.#signatureOf(head, headStart, extent);
    return head.names.map((name, at) => ({
      name,
      kind: head.kind,
      docStart,
      start,
      headStart,
      end,
      children: at === 0 ? children : [],
      ...(block && head.opens && { body: block }),
      ...(signature !== undefined && { signature }),
    }));
  }

  /** Overloads differ in their parameters. Declarations without a body may be repeated. */
  #signatureOf({ kind, isOpen }: Head, headStart: number, { end, block }: Extent): string | undefined {
    if (kind === 'import') return kind;
    if (isOpen) return undefined;
    if (kind !== 'function') return kind;
    const text = this.#code.masked.slice(headStart, block ? block.start - 1 : end);
    if (!block && !/=/.test(text)) return undefined;
    const open = text.indexOf('(');
    const close = open < 0 ? undefined : this.#code.pairs.get(headStart + open);
    return open < 0 ? kind : text.slice(open, (close ?? end) - headStart).replaceAll(/\s+/g, '');
  }

  #skipPrefixes(from: number, to: number): number {
    const { prefix } = this.#rules;
    const { masked, pairs } = this.#code;
    if (!prefix) return from;
    let at = from;
    for (let count = 0; at < to && count < mostPrefixes; count++) {
      prefix.lastIndex = at;
      const length = prefix.exec(masked)?.[0].length;
      if (!length) break;
      let end = at + length;
      if (/[([]$/.test(masked.slice(at, end))) end = (pairs.get(end - 1) ?? to) + 1;
      at = skipSpace(masked, end, to);
    }
    return at < to ? at : from;
  }

  /** From the start of a statement to its end, and the block at its end, or its body. */
  #extentOf(start: number, { to, context }: Region, head: Head | undefined): Extent {
    const { masked, pairs } = this.#code;
    let block: Extent['block'];
    for (let at = start; at < to;) {
      const character = masked.charAt(at);
      if (character === ';') return { end: at + 1, block };
      if (')]}'.includes(character) || (character === ',' && (context === 'object' || context === 'group')))
        return { end: at === start ? at + 1 : trimmedEnd(masked, start, at), block };
      if (character === '\n' && this.#endsLine(start, at, to))
        return { end: trimmedEnd(masked, start, at), block };
      const close = '([{'.includes(character) ? Math.min(pairs.get(at) ?? to, to) : undefined;
      if (close !== undefined && (character === '{' || (character === '(' && head?.opens === 'group')))
        block = { start: at + 1, end: close };
      if (close !== undefined && character === '(' && head?.isCall)
        block = this.#blockIn(at + 1, close) ?? block;
      at = close === undefined ? at + 1 : close + 1;
      if (character === '{' && this.#endsWithBlock(at, to, head, context))
        return { end: this.#withSemicolon(at, to), block };
    }
    return { end: trimmedEnd(masked, start, to), block };
  }

  /** The body of a function passed to a call. */
  #blockIn(from: number, to: number): Extent['block'] {
    const at = this.#code.masked.slice(from, to).search(/(?:=>|\))\s*\{/);
    const open = at < 0 ? -1 : this.#code.masked.indexOf('{', from + at);
    return open < 0 ? undefined : { start: open + 1, end: Math.min(this.#code.pairs.get(open) ?? to, to) };
  }

  #endsWithBlock(at: number, to: number, head: Head | undefined, context: Context): boolean {
    const { masked } = this.#code;
    const next = skipSpace(masked, at, to);
    const rest = masked.slice(next, next + 12);
    if (head?.isStatement) return false;
    if (!head && /^(?:else|catch|finally|while)\b/.test(rest)) return false;
    if (context === 'object' || masked.slice(at, next).includes('\n')) return context !== 'object';
    return !/^(?:[{>,.)\]|&=[(;?:]|as\b|satisfies\b)/.test(rest);
  }

  #withSemicolon(at: number, to: number): number {
    const rest = /^[ \t]*;/.exec(this.#code.masked.slice(at, Math.min(to, at + 20)));
    return at + (rest?.[0].length ?? 0);
  }

  /**
   * Whether a statement ends with its line: the next line is not indented more, and neither line continues.
   */
  #endsLine(start: number, at: number, to: number): boolean {
    if (!this.#rules.newlines) return false;
    const { masked } = this.#code;
    const next = skipSpace(masked, at, to);
    if (next >= to) return true;
    const before = masked.slice(lineStart(masked, at), at).trimEnd();
    if (/(?:[=([{,*/|&<?:.~^%]|(?<!\+)\+|(?<!-)-|=>|->)$/.test(before)) return false;
    if (/^(?:\.(?!\.\.)|\?|:|&&|\|\||=|\{|>|,|[*/%^](?![*/]))/.test(masked.slice(next, next + 3)))
      return false;
    const indentation = (offset: number): number => offset - lineStart(masked, offset);
    const first = lineStart(masked, start);
    return indentation(next) <= skipSpace(masked, first) - first;
  }
}

function trimmedEnd(masked: string, start: number, end: number): number {
  return start + masked.slice(start, end).trimEnd().length;
}

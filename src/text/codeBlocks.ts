import { type Fence, closesFence, fenceIn, isBareFence } from './fences.ts';
import { normalizeNewlines } from './markdown.ts';

/** A fenced code block of a Markdown text. */
export interface CodeBlock {
  /** The first word after the opening fence, in lower case; empty if there is none. */
  tag: string;
  /** Without the line break before the closing fence. Lines end with a line feed alone. */
  code: string;
  /** Number of the line with the opening fence, from 0. */
  line: number;
  /** False when the text ends before the closing fence. */
  closed: boolean;
  /** Set when fences inside the block make its end unclear, so that `code` may be incomplete. */
  ambiguous?: true;
}

/** Helps to find the end of a block that contains fences. */
export interface FenceContext {
  /**
   * The code that the block will replace. Its fences are expected in the block, and a part of it is not taken
   * for the whole.
   */
  known?: string;
  /**
   * Whether code ends inside a string or comment, so that a fence there cannot end the block. Undefined when
   * not known.
   */
  isOpenEnded?: (code: string, tag: string) => boolean | undefined;
}

/** Most possible ends of a block that are compared. With more, the block is ambiguous. */
const mostEnds = 64;
/** Most fences inside a block. */
const mostInside = 500;

/**
 * All fenced blocks in order, up to the first one whose end is unclear. An indented block, such as one in a
 * list, loses that indentation. A block may contain pairs of fences. If several ends are possible, the fences
 * of the known code decide, or the end that leaves no string or comment open.
 */
export function codeBlocks(markdown: string, context: FenceContext = {}): CodeBlock[] {
  const lines = normalizeNewlines(markdown).split('\n');
  const reader = new BlockReader(lines, context);
  const blocks: CodeBlock[] = [];
  for (let block = reader.next(); block; block = reader.next()) blocks.push(block);
  return blocks;
}

/** A fence and the number of its line. */
interface FenceLine extends Fence {
  line: number;
}

class BlockReader {
  private readonly lines: string[];
  private readonly fences: FenceLine[];
  private readonly context: FenceContext;
  /** Whether the text from a fence on consists of closed blocks according to CommonMark. */
  private readonly isFlat: boolean[];
  private at = 0;

  constructor(lines: string[], context: FenceContext) {
    this.lines = lines;
    this.context = context;
    this.fences = fencesIn(lines);
    this.isFlat = flatFrom(this.fences);
  }

  next(): CodeBlock | undefined {
    const open = this.fences[this.at];
    if (!open) return undefined;
    const ends = this.endsOf(open);
    const [end, ...others] = this.likely(open, ends);
    const ambiguous = others.length > 0 || ends.length >= mostEnds;
    this.at = end === undefined || ambiguous ? this.fences.length : end + 1;
    const until = end === undefined ? this.lines.length : this.fences[end]!.line;
    return {
      tag: tagOf(open),
      line: open.line,
      code: this.codeOf(open, until),
      closed: end !== undefined,
      ...(ambiguous ? { ambiguous } : {}),
    };
  }

  /** Indexes of the fences that may end the block: before it only pairs, after it only closed blocks. */
  private endsOf(open: FenceLine): number[] {
    const ends: number[] = [];
    const last = Math.min(this.fences.length, this.at + mostInside);
    let isInside = false;
    for (let at = this.at + 1; at < last && ends.length < mostEnds; at++) {
      const fence = this.fences[at]!;
      if (!fence.marks.startsWith(open.marks)) continue;
      const closes = closesFence(fence, open);
      if (closes && !isInside && this.isFlat[at + 1]) ends.push(at);
      if (isInside && !isBareFence(fence)) break;
      isInside = !isInside;
    }
    return ends;
  }

  private likely(open: FenceLine, ends: number[]): number[] {
    const { known: text, isOpenEnded = () => undefined } = this.context;
    const known = fencesIn(normalizeNewlines(text ?? '').split('\n'))
      .filter(({ marks }) => marks.startsWith(open.marks))
      .map(textOf);
    if (ends.length <= 1 && known.length === 0) return ends;
    const judged = ends.map((end) => ({
      end,
      isOpen: isOpenEnded(this.codeOf(open, this.fences[end]!.line), tagOf(open)),
      isSame: this.innerFences(open, end) === known.join('\n'),
    }));
    const possible = judged.filter(({ isOpen }) => isOpen !== true);
    const same = possible.find(
      ({ isSame, isOpen, end }) => isSame && (isOpen === false || end === ends.at(-1)),
    );
    if (same && (known.length > 0 || same.isOpen === false)) return [same.end];
    return possible.map(({ end }) => end).slice(0, text === undefined ? 1 : undefined);
  }

  private innerFences({ marks }: FenceLine, end: number): string {
    const inner = this.fences.slice(this.at + 1, end);
    return inner
      .filter((fence) => fence.marks.startsWith(marks))
      .map(textOf)
      .join('\n');
  }

  private codeOf(open: FenceLine, end: number): string {
    return this.lines
      .slice(open.line + 1, end)
      .map((line) => outdented(line, open))
      .join('\n');
  }
}

function fencesIn(lines: string[]): FenceLine[] {
  return lines.flatMap((text, line) => {
    const fence = fenceIn(text);
    return fence ? [{ ...fence, line }] : [];
  });
}

function flatFrom(fences: FenceLine[]): boolean[] {
  const flat = Array<boolean>(fences.length + 1).fill(false);
  flat[fences.length] = true;
  /** For each fence, the next one that can close a block. */
  const nextBare = Array<number>(fences.length + 1).fill(fences.length);
  for (let at = fences.length - 1; at >= 0; at--) {
    let end = nextBare[at + 1]!;
    for (let tries = 0; end < fences.length && !closesFence(fences[end], fences[at]!); tries++)
      end = tries < mostInside ? nextBare[end + 1]! : fences.length;
    flat[at] = end < fences.length && flat[end + 1]!;
    nextBare[at] = isBareFence(fences[at]!) ? at : nextBare[at + 1]!;
  }
  return flat;
}

const textOf = ({ marks, info }: Fence): string => `${marks}${info.trim()}`;

function tagOf({ info }: Fence): string {
  return /[\w+#.-]*\w[\w+#]*/.exec(info.trim().replace(/^\{?\.?/, ''))?.[0].toLowerCase() ?? '';
}

function outdented(line: string, { indentation }: Fence): string {
  const own = /^[ \t]*/.exec(line)![0].length;
  return line.slice(Math.min(own, indentation.length));
}

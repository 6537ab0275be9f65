/** A line that opens or closes a fenced block of code (CommonMark 4.5). */
export interface Fence {
  /** Spaces and tabs, or the marks of lists and quotations, before the fence. */
  indentation: string;
  /** The characters of the fence. */
  marks: string;
  /** The text after them. */
  info: string;
}

/** The fence itself. After backticks, a further backtick makes the line inline code. */
const fence = /(?:(`{3,})([^`]*)|(~{3,})([^]*))$/y;
const spaces = /^[ \t]*/;
/** Spaces, and the marks of lists and quotations, as the source of a regular expression. */
export const containerMarks = String.raw`(?:[\s>]|[-*+](?=\s)|\d{1,9}[.)](?=\s))*`;
const containers = new RegExp(`^${containerMarks}`);
/** CommonMark: a fence may be indented by at most this many columns more than what contains it. */
export const deepestFence = 3;
const tabWidth = 4;

/** The fence in a line, at any indentation; undefined for any other line. */
export function fenceIn(line: string): Fence | undefined {
  return fenceAfter(spaces, line);
}

/** The same outside of lists: a line that is indented further is text. */
export function blockFenceIn(line: string): Fence | undefined {
  const found = fenceIn(line);
  return found && columns(found.indentation) <= deepestFence ? found : undefined;
}

/** The same at any indentation, also inside lists and quotations that begin in the line. */
export function fenceInContainers(line: string): Fence | undefined {
  return fenceAfter(containers, line);
}

function fenceAfter(before: RegExp, line: string): Fence | undefined {
  // Most lines contain no fence, and searching is cheaper than matching.
  if (!line.includes('```') && !line.includes('~~~')) return undefined;
  const [indentation] = before.exec(line)!;
  fence.lastIndex = indentation.length;
  const [, ticks, tickInfo = '', tildes = '', tildeInfo = ''] = fence.exec(line) ?? [];
  if (ticks !== undefined) return { indentation, marks: ticks, info: tickInfo };
  return tildes === '' ? undefined : { indentation, marks: tildes, info: tildeInfo };
}

/** Other invisible characters are text for CommonMark. */
export function isBlankLine(line: string): boolean {
  return /^[ \t]*$/.test(line);
}

/** Whether a fence has no text after it, as every closing one. */
export function isBareFence({ info }: Fence): boolean {
  return isBlankLine(info);
}

/**
 * Whether a line's fence ends a block. In a list, both are indented further.
 * @param deepest most columns before the closing fence; outside of lists, `deepestFence`
 */
export function closesFence(
  closing: Fence | undefined,
  open: Fence,
  deepest = columns(open.indentation) + deepestFence,
): boolean {
  return (
    closing !== undefined &&
    closing.marks.startsWith(open.marks) &&
    isBareFence(closing) &&
    columns(closing.indentation) <= deepest
  );
}

function columns(indentation: string): number {
  let count = 0;
  for (const char of indentation) count += char === '\t' ? tabWidth - (count % tabWidth) : 1;
  return count;
}

/** What a line is for fenced blocks. */
export type FencedLine = 'text' | 'opening' | 'code' | 'closing';

/** Follows the fenced blocks of a text line by line. */
export class FenceTracker {
  private readonly inLists: boolean;
  private fence: Fence | undefined;

  /** @param inLists whether blocks may be in lists, so that a fence at any indentation opens one */
  constructor(inLists = false) {
    this.inLists = inLists;
  }

  /** The fence of the block that is open. */
  get open(): Fence | undefined {
    return this.fence;
  }

  read(line: string): FencedLine {
    if (!this.fence) {
      this.fence = this.inLists ? fenceIn(line) : blockFenceIn(line);
      return this.fence ? 'opening' : 'text';
    }
    if (!closesFence(fenceIn(line), this.fence, this.inLists ? undefined : deepestFence)) return 'code';
    this.fence = undefined;
    return 'closing';
  }
}

/** Separates fenced code from the rest of a Markdown text. Each block leaves an empty line there. */
export function separateBlocks(text: string): { prose: string; blocks: string[] } {
  const tracker = new FenceTracker();
  const prose: string[] = [];
  const blocks: string[][] = [];
  for (const line of text.split('\n')) {
    const kind = tracker.read(line);
    if (kind === 'text') prose.push(line);
    else if (kind === 'code') blocks.at(-1)!.push(line);
    else if (kind === 'opening') {
      prose.push('');
      blocks.push([]);
    }
  }
  return { prose: prose.join('\n'), blocks: blocks.map((lines) => lines.join('\n')) };
}

/** Follows the fenced blocks of a text that comes in pieces, so that one left open at its end can be closed. */
export class OpenBlock {
  private readonly outsideLists = new FenceTracker();
  private readonly inLists = new FenceTracker(true);
  /** The unfinished line. */
  private line = '';

  add(piece: string): void {
    const lines = piece.split('\n');
    lines[0] = this.line + lines[0];
    this.line = lines.pop()!;
    for (const line of lines) this.read(line);
  }

  /** What closes the open block at the end of the text; empty without one. */
  end(): string {
    const breaks = this.line === '' ? '' : '\n';
    this.add('\n');
    const open = this.outsideLists.open ?? this.deepInList();
    return open ? `${breaks}${open.indentation}${open.marks}\n` : '';
  }

  /** Outside of lists, a fence this deep is text, and so is what closes it. A less deep one could open a block. */
  private deepInList(): Fence | undefined {
    const { open } = this.inLists;
    return open && columns(open.indentation) > deepestFence ? open : undefined;
  }

  private read(line: string): void {
    this.outsideLists.read(line);
    this.inLists.read(line);
  }
}

/** What closes the block of code that is still open at the end of a text; empty without one. */
export function closingFence(text: string): string {
  const block = new OpenBlock();
  block.add(text);
  return block.end();
}

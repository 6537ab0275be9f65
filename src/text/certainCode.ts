import { inertFenceInfo } from './fenceLanguages.ts';
import {
  type Fence,
  closesFence,
  containerMarks,
  deepestFence,
  fenceIn,
  fenceInContainers,
  isBareFence,
  isBlankLine,
} from './fences.ts';

/** Before a fence in every interpretation, at most as the first thing in a list item. */
const certainStart = /^(?:[-*+] {1,4}| {0,3})$/;
/** The indentation of a line, with the marks of lists and quotations, and its text. */
const lineParts = new RegExp(`^(${containerMarks})([^]*)$`);
const formulaOnOneLine = /^\$\$(?:(?!\$\$)[^])*\$\$\s*$/;

/** The same line, with a harmless name after its fence if it has one. */
export function inertFence(line: string): string {
  const fence = fenceInContainers(line);
  return fence ? fence.indentation + fence.marks + inertFenceInfo(fence.info) : line;
}

/** The text after the fence of a line; empty for any other line. */
export function fenceInfo(line: string): string {
  return fenceInContainers(line)?.info.trim() ?? '';
}

/**
 * Finds lines of fenced code that are code in every interpretation. Lists change the indentation that
 * CommonMark expects, and only a full parser recognizes all lists, so anything that depends on them counts as
 * text.
 */
export class CertainCode {
  private fence: Fence | undefined;
  /** Whether a fence may be open in a list or quotation. Text without indentation would end it. */
  private doubtful = false;
  /**
   * The indentation of a block of formulas that may be open. Some previews support them; inside one, nothing is
   * Markdown, fences included.
   */
  private formula: string | undefined;
  /** Whether a block of formulas may be open in some interpretation, after one with different indentations. */
  private perhapsFormula = false;
  /** Whether a fence may be open until the end of the text. */
  private lost = false;

  get inCode(): boolean {
    return this.fence !== undefined;
  }

  /** Classifies the next line. An opening fence belongs to a code block. */
  read(line: string): 'text' | 'opening' | 'code' {
    if (this.lost) return 'text';
    if (isBlankLine(line)) return this.inCode ? 'code' : 'text';
    if (this.fence) return this.readCode(line, this.fence) ? 'code' : 'text';
    if (/^\S/.test(line)) this.doubtful = false;
    this.readFence(line);
    this.readFormula(line);
    return this.inCode ? 'opening' : 'text';
  }

  private readFence(line: string): void {
    const fence = fenceInContainers(line);
    if (!fence) return;
    const isCertain = certainStart.test(fence.indentation);
    const inFormula = this.formula !== undefined || this.perhapsFormula;
    // With a bar it could also be the head of a table.
    this.lost = this.doubtful || inFormula || (isCertain && fence.info.includes('|'));
    if (isCertain && !this.lost) this.fence = fence;
    this.doubtful ||= !this.fence;
  }

  private readFormula(line: string): void {
    if (!line.includes('$$')) return;
    const [, marks = '', text = ''] = lineParts.exec(line)!;
    const indentation = marks.replaceAll(/[^\s>]/g, ' ');
    if (this.formula !== undefined) {
      this.perhapsFormula ||= indentation !== this.formula;
      this.formula = undefined;
    } else if (text.startsWith('$$') && !formulaOnOneLine.test(text)) this.formula = indentation;
  }

  private readCode(line: string, open: Fence): boolean {
    const own = /^ */.exec(line)![0].length;
    const end = fenceIn(line);
    const isEnd = closesFence(end, open, deepestFence);
    const mayEnd = end !== undefined && end.marks.startsWith(open.marks) && isBareFence(end);
    // Only an indented fence can be in a list. Text further left ends a list, and with it the fence; further
    // right, a fence may still be the end.
    const mayBeInList = open.indentation !== '';
    this.lost = mayBeInList && (own < open.indentation.length || (mayEnd && !isEnd));
    if (this.lost || isEnd) this.fence = undefined;
    return !this.lost;
  }
}

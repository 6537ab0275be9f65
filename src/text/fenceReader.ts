import { inertFenceInfo } from './fenceLanguages.ts';

/** A fence that is one by every reading, at most as the first thing in an item of a list. */
const openingFence = /^([-*+] {1,4}| {0,3})(`{3,}|~{3,})(.*)$/;
/** What may be a fence, depending on which lists and quotations it stands in. */
const perhapsFence = /^((?:[\s>]|[-*+](?=\s)|\d{1,9}[.)](?=\s))*)(`{3,}|~{3,})(.*)$/;
const closingFence = /^ *(`{3,}|~{3,}) *$/;
/** A block of formulas, which some previews know: what is in it is no Markdown there, its fences neither. */
const formulaBlock = /^(?:[\s>]|[-*+](?=\s)|\d{1,9}[.)](?=\s))*\$\$(.*)$/;
/** CommonMark: a closing fence stands at most so many blanks deeper than what it is in. */
const closingDepth = 3;

/** The same line with a name behind its fence that nothing is drawn by, if it is one. */
export function inertFence(line: string): string {
  const [, before = '', marks = '', info = ''] = perhapsFence.exec(line) ?? [];
  return opens(marks, info) ? before + marks + inertFenceInfo(info) : line;
}

/** What stands behind the fence of a line; nothing where it is none. */
export function fenceInfo(line: string): string {
  const [, , marks = '', info = ''] = perhapsFence.exec(line) ?? [];
  return opens(marks, info) ? info.trim() : '';
}

function opens(marks: string, info: string): boolean {
  return marks !== '' && !(marks.startsWith('`') && info.includes('`'));
}

/**
 * Finds the lines of fenced code that are code by every reading. Lists move the edge from which CommonMark counts,
 * and what is a list only a whole parser knows; so what depends on it counts as text.
 */
export class FenceReader {
  private fence: { indentation: number; marks: string } | undefined;
  /** A fence may be open in a list or quotation; whatever stands at the very left would end it. */
  private doubtful = false;
  /** A block of formulas may be open. */
  private inFormula = false;
  /** A fence may be open until the end of the text. */
  private lost = false;

  get inCode(): boolean {
    return this.fence !== undefined;
  }

  /** What the line, the next of the text, is: its opening fence belongs to a block of code. */
  read(line: string): 'text' | 'opening' | 'code' {
    if (this.lost) return 'text';
    if (line.trim() === '') return this.inCode ? 'code' : 'text';
    if (this.fence) return this.readCode(line, this.fence) ? 'code' : 'text';
    if (/^\S/.test(line)) this.doubtful = false;
    const [, before = '', marks = '', info = ''] = openingFence.exec(line) ?? [];
    const isOpening = opens(marks, info);
    const perhaps = perhapsFence.test(line);
    // With a bar in it, it may just as well be the head of a table.
    this.lost = perhaps && (this.doubtful || this.inFormula || (isOpening && info.includes('|')));
    if (isOpening && !this.lost) this.fence = { indentation: before.length, marks };
    this.doubtful ||= perhaps && !this.fence;
    this.readFormula(line);
    return this.inCode ? 'opening' : 'text';
  }

  private readFormula(line: string): void {
    const [, rest] = formulaBlock.exec(line) ?? [];
    if (this.inFormula) this.inFormula = !line.includes('$$');
    else if (rest !== undefined) this.inFormula = !/^(?:(?!\$\$).)*\$\$\s*$/.test(rest);
  }

  private readCode(line: string, { indentation, marks }: NonNullable<FenceReader['fence']>): boolean {
    const own = /^ */.exec(line)![0].length;
    const closes = closingFence.exec(line)?.[1]?.startsWith(marks) ?? false;
    // Left of where it began, a list has ended and the fence with it; or it was in no list, and goes on.
    this.lost = own < indentation || (closes && own > closingDepth);
    if (this.lost || closes) this.fence = undefined;
    return !this.lost;
  }
}

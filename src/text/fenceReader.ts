import { inertFenceInfo } from './fenceLanguages.ts';

/** A fence in every interpretation, at most as the first thing in a list item. */
const openingFence = /^([-*+] {1,4}| {0,3})(`{3,}|~{3,})(.*)$/;
/** Possibly a fence, depending on the surrounding lists and quotations. */
const perhapsFence = /^((?:[\s>]|[-*+](?=\s)|\d{1,9}[.)](?=\s))*)(`{3,}|~{3,})(.*)$/;
const closingFence = /^ *(`{3,}|~{3,}) *$/;
/** A block of formulas, which some previews support. Inside it, nothing is Markdown, fences included. */
const formulaBlock = /^(?:[\s>]|[-*+](?=\s)|\d{1,9}[.)](?=\s))*\$\$(.*)$/;
/** The indentation of a line, with the marks of lists and quotations. */
const linePrefix = /^(?:[\s>]|[-*+](?=\s)|\d{1,9}[.)](?=\s))*/;
/** CommonMark: a closing fence may be indented by at most this many spaces more than its container. */
const closingDepth = 3;

/** Whether a line contains the characters of a fence at all. Most lines do not. */
function mayBeFence(line: string): boolean {
  return line.includes('```') || line.includes('~~~');
}

/** The same line, with a harmless name after its fence if it has one. */
export function inertFence(line: string): string {
  if (!mayBeFence(line)) return line;
  const [, before = '', marks = '', info = ''] = perhapsFence.exec(line) ?? [];
  return opens(marks, info) ? before + marks + inertFenceInfo(info) : line;
}

/** The text after the fence of a line; undefined for any other line. */
export function fenceInfo(line: string): string {
  const [, , marks = '', info = ''] = perhapsFence.exec(line) ?? [];
  return opens(marks, info) ? info.trim() : '';
}

function opens(marks: string, info: string): boolean {
  return marks !== '' && !(marks.startsWith('`') && info.includes('`'));
}

/**
 * Finds lines of fenced code that are code in every interpretation. Lists change the indentation that
 * CommonMark expects, and only a full parser recognizes all lists, so anything that depends on them counts as
 * text.
 */
export class FenceReader {
  private fence: { indentation: number; marks: string } | undefined;
  /** Whether a fence may be open in a list or quotation. Text without indentation would end it. */
  private doubtful = false;
  /** The indentation of a block of formulas that may be open. */
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
    if (line.trim() === '') return this.inCode ? 'code' : 'text';
    if (this.fence) return this.readCode(line, this.fence) ? 'code' : 'text';
    if (/^\S/.test(line)) this.doubtful = false;
    this.readFence(line);
    this.readFormula(line);
    return this.inCode ? 'opening' : 'text';
  }

  private readFence(line: string): void {
    if (!mayBeFence(line)) return;
    const [, before = '', marks = '', info = ''] = openingFence.exec(line) ?? [];
    const isOpening = opens(marks, info);
    const perhaps = perhapsFence.test(line);
    // With a bar it could also be the head of a table.
    const inFormula = this.formula !== undefined || this.perhapsFormula;
    this.lost = perhaps && (this.doubtful || inFormula || (isOpening && info.includes('|')));
    if (isOpening && !this.lost) this.fence = { indentation: before.length, marks };
    this.doubtful ||= perhaps && !this.fence;
  }

  private readFormula(line: string): void {
    if (!line.includes('$$')) return;
    const indentation = linePrefix.exec(line)![0].replaceAll(/[^\s>]/g, ' ');
    if (this.formula !== undefined) {
      this.perhapsFormula ||= indentation !== this.formula;
      this.formula = undefined;
      return;
    }
    const [, rest] = formulaBlock.exec(line) ?? [];
    if (rest !== undefined && !/^(?:(?!\$\$).)*\$\$\s*$/.test(rest)) this.formula = indentation;
  }

  private readCode(line: string, { indentation, marks }: NonNullable<FenceReader['fence']>): boolean {
    const own = /^ */.exec(line)![0].length;
    const closes = closingFence.exec(line)?.[1]?.startsWith(marks) ?? false;
    // Text further left ends a list and with it the fence; without a list, the fence continues.
    this.lost = own < indentation || (closes && own > closingDepth);
    if (this.lost || closes) this.fence = undefined;
    return !this.lost;
  }
}

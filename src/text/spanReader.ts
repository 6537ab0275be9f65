import { hasFormulaCommand } from './inertText.ts';

/** A part of a line. */
export interface Span {
  text: string;
  code: boolean;
}

/** A line that starts a new block in every interpretation. Marks left open before it have no effect on it. */
export const newBlock = /^ {0,3}(?:[-*+] +\S|#{1,6} )|^[ \t]*$/;

/**
 * Finds inline code that is code in every interpretation: on one line, not in a table, with nothing open
 * before it. After a bracket, VS Code's preview (markdown-it) may pair backticks differently, depending on
 * text far below; after a dollar sign, a formula may end inside what looks like code.
 */
export class SpanReader {
  private doubtful = false;
  private dollar = false;
  /** Whether a formula of several blocks may be open. */
  private doubleDollar = false;

  /** @param begins whether the line starts a new block */
  read(line: string, begins: boolean): Span[] {
    if (begins) {
      this.doubtful = false;
      this.dollar = this.doubleDollar;
    }
    const spans: Span[] = [];
    let start = 0;
    for (let at = this.next(line, 0); at !== undefined; at = this.next(line, start)) {
      const end = this.endOf(line, at);
      if (end === undefined) break;
      spans.push({ text: line.slice(start, at), code: false }, { text: line.slice(at, end), code: true });
      start = end;
    }
    return [...spans, { text: line.slice(start), code: false }];
  }

  /** The start of the next run of backticks whose meaning is certain. */
  private next(line: string, from: number): number | undefined {
    const mark = /\\[^]|:\/\/|[`[\s]|\$\$?/g;
    mark.lastIndex = from;
    let isAddress = false;
    for (let found = mark.exec(line); found && !this.doubtful; found = mark.exec(line)) {
      const [sign] = found;
      if (sign === '`' && !isAddress) return found.index;
      // An address may continue after a backtick.
      if (sign === '[' || sign === '`') this.doubtful = true;
      isAddress = sign === '://' || (isAddress && sign.trim() !== '');
      if (sign.startsWith('$')) this.dollar = true;
      if (sign === '$$') this.doubleDollar = true;
    }
    return undefined;
  }

  private endOf(line: string, from: number): number | undefined {
    const after = endOfRun(line, from);
    const run = /`+/g;
    run.lastIndex = after;
    let partner = run.exec(line);
    while (partner && partner[0].length !== after - from) partner = run.exec(line);
    const inner = partner && line.slice(after, partner.index);
    // A table splits its cells first, even inside backticks.
    if (inner !== null && !inner.includes('|') && !this.mayBeFormula(inner)) return run.lastIndex;
    this.doubtful = true;
    return undefined;
  }

  private mayBeFormula(code: string): boolean {
    return this.dollar && (code.includes('$') || hasFormulaCommand(code));
  }
}

function endOfRun(line: string, from: number): number {
  let end = from;
  while (line[end] === '`') end++;
  return end;
}

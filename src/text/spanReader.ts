import { hasFormulaCommand } from './inertText.ts';

/** A piece of a line. */
export interface Span {
  text: string;
  code: boolean;
}

/** Begins a block of its own, by every reading: what was left open before it stays open. */
export const newBlock = /^ {0,3}(?:[-*+] +\S|#{1,6} )|^\s*$/;

/**
 * Finds the code between backticks that is code by every reading: on one line, in no table, with nothing left open
 * before it. Behind a bracket, the reader of VS Code's preview (markdown-it) may see a pair differently, depending on
 * backticks much further down; behind a dollar sign, a formula may end inside of what looks like code.
 */
export class SpanReader {
  private doubtful = false;
  private dollar = false;
  /** A formula of several blocks may have begun. */
  private doubleDollar = false;

  /** @param begins whether the line begins a block of its own */
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

  /** Where the next run of backticks begins, if it is certain what it is. */
  private next(line: string, from: number): number | undefined {
    const mark = /\\[^]|:\/\/|[`[\s]|\$\$?/g;
    mark.lastIndex = from;
    let isAddress = false;
    for (let found = mark.exec(line); found && !this.doubtful; found = mark.exec(line)) {
      const [sign] = found;
      if (sign === '`' && !isAddress) return found.index;
      // An address may go on behind a backtick.
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
    // A table cuts its cells first, whatever stands between backticks.
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

import { type Fence, closesFence, fenceIn } from '../text/fences.ts';
import {
  KnownMarks,
  type MarkPosition,
  type SplitAnswer,
  closingOf,
  openHere,
  isOpen,
  isClose,
  isFinal,
  finalMessage,
  anyMarkOf,
  strong,
  weak,
  closeOnLine,
  tokenRun,
  beforeTokens,
  head,
  anyForeignTurn,
  foreignTurn,
  harmonyHead,
  remark,
  bareAnalysis,
  anyOfHarmony,
  spaces,
  quotesIn,
  withoutHeads,
  match,
  withoutTail,
  beginningOf,
} from './markPatterns.ts';
import { bareHarmonyFinal, markStart } from './markers.ts';

/** Splits one answer from beginning to end; see `splitAnswer`. */
export class Splitter {
  private readonly answer: string;
  private readonly known: KnownMarks;
  /** Closing marks of thinking that do not occur any more. */
  private readonly missing = new Set<string>();
  private readonly thoughts: string[] = [];
  private kept: string[] = [];
  private at = 0;
  /** Tokens before this offset are ordinary text. */
  private dataTo = 0;
  /** End of the line that contains `at`. */
  private newline = -1;
  private end: SplitAnswer['end'] = 'text';
  private isBeginning = false;
  private fence: Fence | undefined;
  /** Whether there is text before `at` on its line. */
  private isMidLine = false;
  /** Whether the answer starts like gpt-oss's thinking. */
  private isBare = false;

  constructor(answer: string, known: string) {
    this.answer = answer;
    this.known = new KnownMarks(known);
  }

  run(): SplitAnswer {
    this.begin(false);
    while (this.end === 'text' && this.at < this.answer.length) this.readLine();
    const { end, isBeginning } = this;
    const text = this.kept.join('');
    return {
      text: this.fence ? text : withoutTail(text),
      thinking: this.thoughts.join(''),
      end,
      isBeginning,
    };
  }

  /** Skips what comes before an answer: thinking and headers of turns. */
  private begin(hasDropped: boolean): void {
    const from = this.at;
    let dropped = hasDropped;
    while (this.end === 'text' && this.dropHead()) dropped = true;
    const blank = match(spaces, this.answer, this.at) ?? '';
    this.at = dropped ? this.at + beginningOf(blank) : from;
    this.isMidLine = false;
    this.isBeginning = dropped;
    this.isBare =
      this.kept.length === 0 &&
      /^\s*analysis\b|^\s*analysis[A-Z]/.test(this.answer.slice(this.at, this.at + 100));
  }

  private dropHead(): boolean {
    const start = this.at + (match(spaces, this.answer, this.at) ?? '').length;
    if (start >= this.answer.length) return false;
    const thought = match(openHere, this.answer, start);
    if (thought !== undefined && this.think(start, thought)) return true;
    if (match(harmonyHead, this.answer, start) !== undefined || match(bareAnalysis, this.answer, start))
      if (this.readHarmony(start)) return true;
    if (
      match(foreignTurn, this.answer, start) !== undefined &&
      !this.known.has(match(head, this.answer, start) ?? '')
    )
      return this.finish();
    const token = match(head, this.answer, start);
    if (token === undefined || this.known.has(token)) return false;
    const after = start + token.length;
    if (weak.has(token.toLowerCase()) && /\S/.test(this.answer.charAt(after))) return false;
    this.at = after;
    return true;
  }

  /** Skips thinking that starts with `open` at `start`. Returns false when it is text of the user's code. */
  private think(start: number, open: string): boolean {
    const from = start + open.length;
    const end = this.endOfThoughts(from, open);
    const isText =
      end === undefined && this.known.has(open) && !/^[ \t]*\n/.test(this.answer.slice(from, from + 100));
    if (isText) return false;
    this.thoughts.push(this.answer.slice(from, end?.at));
    this.at = end ? end.at + end.length : this.answer.length;
    if (!end) this.end = 'thinking';
    return true;
  }

  private endOfThoughts(from: number, open: string): MarkPosition | undefined {
    const { close, pattern } = closingOf(open);
    if (this.missing.has(close)) return undefined;
    const isData = this.known.has(close);
    pattern.lastIndex = from;
    for (let found = pattern.exec(this.answer); found; found = pattern.exec(this.answer)) {
      const isQuoted = isData && /["'`]/.test(this.answer.charAt(found.index - 1));
      if (!isQuoted) return { at: found.index, length: found[0].length };
    }
    this.missing.add(close);
    return undefined;
  }

  /** Channels of gpt-oss: the final one is the answer, or else a remark to the user. */
  private readHarmony(start: number): boolean {
    const isTagged = this.answer.startsWith('<', start);
    const final = isTagged ? this.finalAfter(start) : this.bareFinalAfter(start);
    if (final) {
      this.restart(start, final);
      return true;
    }
    if (!isTagged || this.known.has('<|channel|>')) return false;
    const rest = this.answer.slice(start);
    const said = remark.exec(rest);
    this.thoughts.push(withoutHeads(said ? rest.slice(0, said.index) : rest));
    if (said?.[1]) this.kept.push(new Splitter(said[1], this.known.text).run().text);
    this.end = said ? 'ended' : 'thinking';
    this.at = this.answer.length;
    return false;
  }

  private finalAfter(from: number): MarkPosition | undefined {
    if (this.missing.has('final')) return undefined;
    finalMessage.lastIndex = from;
    const found = finalMessage.exec(this.answer);
    if (!found) this.missing.add('final');
    return found ? { at: found.index, length: found[0].length } : undefined;
  }

  private bareFinalAfter(from: number): MarkPosition | undefined {
    const at = this.known.has(bareHarmonyFinal) ? -1 : this.answer.indexOf(bareHarmonyFinal, from);
    return at < 0 ? undefined : { at, length: bareHarmonyFinal.length };
  }

  private bareFinalIn(line: string): MarkPosition | undefined {
    const at = this.isBare && !this.known.has(bareHarmonyFinal) ? line.indexOf(bareHarmonyFinal) : -1;
    return at < 0 ? undefined : { at: this.at + at, length: bareHarmonyFinal.length };
  }

  private readLine(): void {
    if (this.newline < this.at) {
      const found = this.answer.indexOf('\n', this.at);
      this.newline = found < 0 ? this.answer.length : found;
    }
    const end = Math.min(this.newline + 1, this.answer.length);
    const line = this.answer.slice(this.at, this.newline);
    if (!this.isMidLine && this.readFence(line, end)) return;
    if (this.readMarks(line)) return;
    this.keep(end);
  }

  private readFence(line: string, end: number): boolean {
    if (this.fence) return this.readCode(line, end, this.fence);
    this.fence = fenceIn(line);
    if (this.fence) this.keep(end);
    return this.fence !== undefined;
  }

  private readCode(line: string, end: number, fence: Fence): boolean {
    const plain = beforeTokens(line);
    if (closesFence(fenceIn(plain), fence)) {
      this.fence = undefined;
      this.keep(plain === line ? end : this.at + plain.length);
      return true;
    }
    // In code, only what is very unlikely there ends thinking.
    const found = this.endInCode(line);
    if (found) this.restart(this.at, found);
    else this.keep(end);
    return true;
  }

  private endInCode(line: string): MarkPosition | undefined {
    const [closing] = closeOnLine.exec(line) ?? [];
    if (closing !== undefined && !this.known.has(closing.trim()))
      return { at: this.at, length: closing.length };
    finalMessage.lastIndex = 0;
    const final =
      line.includes('<|channel|>') && !this.known.has('<|channel|>') ? finalMessage.exec(line) : null;
    if (final) return { at: this.at + final.index, length: final[0].length };
    return this.bareFinalIn(line);
  }

  /** Whether a mark in the line changes the meaning of what follows. */
  private readMarks(line: string): boolean {
    const from = this.at;
    const bare = this.bareFinalIn(line);
    if (bare) {
      this.restart(from, bare);
      return true;
    }
    if (!markStart.test(line)) return false;
    const isQuoted = quotesIn(line);
    // Not `matchAll`, which makes a pattern of its own for each line.
    for (let next = 0; ;) {
      anyMarkOf.lastIndex = next;
      const found = anyMarkOf.exec(line);
      if (!found) return false;
      next = anyMarkOf.lastIndex;
      if (!isQuoted(found.index) && this.readMark(found[0], line, from + found.index)) return true;
    }
  }

  private readMark(mark: string, line: string, at: number): boolean {
    const isData = this.known.has(mark);
    const isIgnored = isData && (line.trim() !== mark || this.isLast(at + mark.length));
    if (isClose.test(mark) || isFinal.test(mark)) {
      if (isIgnored) return false;
      this.restart(this.at, { at, length: mark.length });
      return true;
    }
    if (isOpen.test(mark)) {
      const isFirst = !this.isMidLine && this.answer.slice(this.at, at).trim() === '';
      if (isIgnored || !isFirst || !this.think(at, mark)) return false;
      if (this.end === 'text') this.begin(true);
      return true;
    }
    return strong.has(mark.toLowerCase()) && !isData ? this.endTurn(mark, at) : this.endOrData(at);
  }

  /** Whether nothing more follows after an offset. */
  private isLast(at: number): boolean {
    return at + match(spaces, this.answer, at)!.length === this.answer.length;
  }

  private endTurn(mark: string, at: number): boolean {
    const next = at + mark.length + (match(spaces, this.answer, at + mark.length) ?? '').length;
    const isHarmony = anyOfHarmony.has(mark) && match(foreignTurn, this.answer, next) === undefined;
    const final = isHarmony ? this.finalAfter(at) : undefined;
    if (final) this.restart(this.at, final);
    else {
      this.keep(at);
      this.finish();
    }
    return true;
  }

  /** A token that may be ordinary text counts when only tokens, or another role's turn, follow. */
  private endOrData(at: number): boolean {
    if (at < this.dataTo) return false;
    const run = match(tokenRun, this.answer, at) ?? '';
    this.dataTo = at + run.length;
    const isTurn = anyForeignTurn.test(run.slice(-60) + this.answer.slice(this.dataTo, this.dataTo + 20));
    if (this.dataTo < this.answer.length && !isTurn) return false;
    this.keep(at);
    return this.finish();
  }

  /** The text before the mark at `final` was thinking. The answer starts after the mark. */
  private restart(from: number, final: MarkPosition): void {
    this.thoughts.push(...this.kept, withoutHeads(this.answer.slice(from, final.at)));
    this.kept = [];
    this.fence = undefined;
    this.at = final.at + final.length;
    this.begin(true);
  }

  private finish(): boolean {
    this.end = 'ended';
    return true;
  }

  private keep(end: number): void {
    if (end > this.at) this.isBeginning = false;
    if (end > this.at) this.kept.push(this.answer.slice(this.at, end));
    this.isMidLine = end > this.at ? this.answer.charAt(end - 1) !== '\n' : this.isMidLine;
    this.at = end;
  }
}

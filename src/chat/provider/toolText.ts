import { thoughtMarks } from '../../text/thoughtMarks.ts';
import {
  callsInJson,
  jsonEnd,
  mayBeCall,
  type Offered,
  type OfferedTool,
  type TextCall,
} from './toolTextJson.ts';
import {
  longestOpener,
  mayBeOpener,
  openerAt,
  readMarked,
  type Place,
  type Reading,
} from './toolTextForms.ts';

/** A piece of an answer: text for the user, or a call found in it. */
export type ToolTextPart = { type: 'text'; text: string } | { type: 'call'; call: TextCall };

/**
 * Up to `short` characters, a call is read with every piece; up to `middle`, only where it may end; after
 * that, when it has grown by a fraction.
 */
const chars = { short: 512, middle: 8192 };
const growth = 1 / 8;
const mayEnd = /[}\]>`]/;
const closingFence = /^(?:`{3,}|~{3,})(?=[ \t]*(?:\r?\n|$))/;
/** Languages of fenced code that may be a call. */
const callFence = /^(`{3,}|~{3,})[ \t]*(?:json|tool_code|tool_calls?)?[ \t]*\n\s*(?=[{[])/;
const callFenceBegun = /^(?:`{1,}|~{1,})[ \t]*(?:[a-z_]{0,10})[ \t]*(?:\n\s*)?$/;

/**
 * Finds tool calls in the text of an answer: models write them there if their template does not know tools. A
 * call must name an offered tool, with arguments that fit its schema; all else stays text. Calls in fenced
 * code and in thinking are quotations, except a fenced block that has only a call and ends the answer.
 */
export class ToolTextReader {
  private readonly offered: Offered;
  /** The text that was not delivered yet. */
  private held = '';
  /** No call begins before this offset in `held`. */
  private from = 0;
  private nextRead = 0;
  /** Whether the delivered part of the line is blank. */
  private isLineBlank = true;
  private lastCharacter = '';
  /** The fence of the code that contains `from`. */
  private fence: string | undefined;
  private isBehindCall = false;
  /** Thinking at the beginning of the answer: possible, over, or open until its closing mark. */
  private thoughts: 'possible' | 'over' | { close: string } = 'possible';
  private parts: ToolTextPart[] = [];

  constructor(tools: readonly OfferedTool[]) {
    this.offered = new Map(tools.map((tool) => [tool.name, tool]));
  }

  add(piece: string): ToolTextPart[] {
    this.held += piece;
    const { length } = this.held;
    const isWorthIt =
      length < chars.short || length >= this.nextRead || (length < chars.middle && mayEnd.test(piece));
    if (isWorthIt) this.read(false);
    return this.taken();
  }

  /** The events held back so far, at the end of the text. */
  finish(): ToolTextPart[] {
    this.read(true);
    this.give(this.held.length);
    return this.taken();
  }

  private read(isFinal: boolean): void {
    this.nextRead = 0;
    for (;;) {
      if (!this.passThoughts(isFinal)) return;
      const candidate = this.nextCandidate(isFinal);
      if (candidate === undefined) return;
      this.give(candidate);
      const reading = this.readAt({ text: this.held, at: this.from, isFinal });
      if (reading === 'more') {
        this.nextRead = this.held.length * (1 + growth);
        return;
      }
      if (reading === 'none') this.pass();
      else this.call(reading.calls, reading.end);
    }
  }

  /** Delivers the text that cannot be the beginning of a call, and finds the next possible beginning. */
  private nextCandidate(isFinal: boolean): number | undefined {
    for (; this.from < this.held.length; this.from++) {
      if (this.fence !== undefined) {
        if (!isFinal && this.mayEndFence()) break;
        this.leaveFence();
        continue;
      }
      if (!isFinal && this.mayBegin(this.from)) break;
      if (this.isCandidate(this.from)) return this.from;
    }
    this.give(this.from);
    return undefined;
  }

  private isCandidate(at: number): boolean {
    if (openerAt(this.held, at) !== undefined) return this.isPlaceForOpener(at);
    return /[{[`~]/.test(this.held[at]!) && this.isAtLineStart(at);
  }

  /** Whether the end of the text may be the beginning of a mark. */
  private mayBegin(at: number): boolean {
    const left = this.held.length - at;
    return left < longestOpener && mayBeOpener(this.held.slice(at)) && this.isPlaceForOpener(at);
  }

  /** Not in code within a line. An opener that could be a word of the text must begin its line. */
  private isPlaceForOpener(at: number): boolean {
    if (/[a-z]/.test(this.held[at]!)) return this.isAtLineStart(at);
    return (at > 0 ? this.held[at - 1] : this.lastCharacter) !== '`';
  }

  private isAtLineStart(at: number): boolean {
    for (let index = at - 1; index >= 0; index--) {
      if (this.held[index] === '\n') return true;
      if (this.held[index] !== ' ' && this.held[index] !== '\t') return false;
    }
    return this.isLineBlank;
  }

  private readAt(place: Place): Reading {
    const opener = openerAt(place.text, place.at);
    if (opener !== undefined) return readMarked(place, opener, this.offered);
    return /[`~]/.test(place.text[place.at]!) ? this.readFenced(place) : this.readBare(place);
  }

  /** JSON that is alone on its lines. */
  private readBare({ text, at, isFinal }: Place): Reading {
    if (!mayBeCall(text, at, this.offered)) return 'none';
    const end = jsonEnd(text, at);
    if (end === undefined) return isFinal ? 'none' : 'more';
    const behind = /^[ \t]*;?[ \t]*/.exec(text.slice(end, end + 100))![0].length + end;
    if (behind >= text.length && !isFinal) return 'more';
    const isAlone = behind >= text.length || /[\r\n{]/.test(text[behind]!);
    const calls = isAlone ? callsInJson(text.slice(at, end), this.offered) : undefined;
    return calls ? { calls, end: behind } : 'none';
  }

  /** A code block that has only a call and ends the answer. */
  private readFenced({ text, at, isFinal }: Place): Reading {
    const rest = text.slice(at, at + 100);
    const [head, fence] = callFence.exec(rest) ?? [];
    if (head === undefined || fence === undefined)
      return !isFinal && callFenceBegun.test(rest) ? 'more' : 'none';
    if (!mayBeCall(text, at + head.length, this.offered)) return 'none';
    const end = jsonEnd(text, at + head.length);
    if (end === undefined) return isFinal ? 'none' : 'more';
    const closing = /^\s*(`{3,}|~{3,})[ \t]*/.exec(text.slice(end, end + 100));
    if (!closing && text.slice(end).trim() !== '' && !/^\s*[`~]{1,2}$/.test(text.slice(end))) return 'none';
    if (!closing && !isFinal) return 'more';
    const behind = closing ? end + closing[0].length : text.length;
    const next = text.slice(behind).trimStart();
    if (next === '' && !isFinal) return 'more';
    const isLast = next === '' || callFence.test(next.slice(0, 100)) || openerAt(next, 0) !== undefined;
    if (!isLast && !isFinal && (callFenceBegun.test(next) || mayBeOpener(next))) return 'more';
    const calls = isLast ? callsInJson(text.slice(at + head.length, end), this.offered) : undefined;
    return calls ? { calls, end: behind } : 'none';
  }

  /** Treats what begins at `from` as text, with all code of a fence. */
  private pass(): void {
    const [fence] = /^(?:`{3,}|~{3,})/.exec(this.held.slice(this.from, this.from + 20)) ?? [];
    if (fence !== undefined) {
      this.fence = fence;
      const newline = this.held.indexOf('\n', this.from);
      this.from = newline < 0 ? this.from + fence.length : newline;
    } else this.from++;
    this.isBehindCall = false;
  }

  /** Leaves the code if it ends at `from`, the last character of the closing fence. */
  private leaveFence(): void {
    const [closing] = closingFence.exec(this.held.slice(this.from, this.from + 100)) ?? [];
    if (closing === undefined || !this.closes(closing) || !this.isAtLineStart(this.from)) return;
    this.fence = undefined;
    this.from += closing.length - 1;
  }

  private closes(marks: string): boolean {
    return marks[0] === this.fence?.[0] && marks.length >= (this.fence?.length ?? 0);
  }

  /** Whether the end of the text may be the closing fence. The rest of its line is not known yet. */
  private mayEndFence(): boolean {
    return (
      /^(?:`+|~+)[ \t]*\r?$/.test(this.held.slice(this.from, this.from + 100)) &&
      this.isAtLineStart(this.from)
    );
  }

  /**
   * Passes thinking that the server has left in the answer. Calls in it are ignored.
   * @returns whether the thinking is over
   */
  private passThoughts(isFinal: boolean): boolean {
    if (this.thoughts === 'possible') {
      const begun = this.held.trimStart();
      if (begun === '') return true;
      const marks = thoughtMarks.find(({ open }) => begun.startsWith(open));
      if (!marks && !isFinal && thoughtMarks.some(({ open }) => open.startsWith(begun))) return false;
      this.thoughts = marks ? { close: marks.close } : 'over';
    }
    if (this.thoughts === 'over') return true;
    const { close } = this.thoughts;
    const end = this.held.indexOf(close);
    if (end >= 0) this.thoughts = 'over';
    this.from = end >= 0 ? end + close.length : Math.max(0, this.held.length - close.length + 1);
    this.give(this.from);
    return end >= 0;
  }

  private call(calls: readonly TextCall[], end: number): void {
    this.parts.push(...calls.map((call): ToolTextPart => ({ type: 'call', call })));
    this.held = this.held.slice(end);
    this.from = 0;
    this.isBehindCall = true;
    this.isLineBlank = true;
  }

  /** Delivers the text up to an offset, without white space after a call. */
  private give(to: number): void {
    const text = this.held.slice(0, to);
    if (text === '' || (this.isBehindCall && text.trim() === '')) return;
    this.isBehindCall = false;
    this.parts.push({ type: 'text', text });
    this.isLineBlank = (this.isLineBlank || text.includes('\n')) && /(?:^|\n)[ \t]*$/.test(text);
    this.lastCharacter = text.at(-1)!;
    this.held = this.held.slice(to);
    this.from -= to;
  }

  private taken(): ToolTextPart[] {
    const { parts } = this;
    this.parts = [];
    return parts;
  }
}

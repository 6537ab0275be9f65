import { thoughtMarks, type ThoughtMarks } from '../../text/thoughtMarks.ts';
import { LineState } from './lineState.ts';
import {
  callsInJson,
  jsonEnd,
  mayBeCall,
  type Offered,
  type OfferedTool,
  type TextCall,
} from './toolTextJson.ts';
import { longestOpener, mayBeOpener, openerAt, readMarked } from './toolTextForms.ts';
import type { Position, Reading } from './toolTextPosition.ts';

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
/** A fence and its line. */
const fenceLine = /^(`{3,}|~{3,})[ \t]*[\w+#.-]{0,30}[ \t]*(?:\r?\n|$)/;
/** Fenced code that may be a call, by its language. */
const callFence = /^(`{3,}|~{3,})[ \t]*(?:json[c5]?|tool_code|tool_calls?)?[ \t]*\r?\n\s*(?=[{[])/i;
const callFenceBegun =
  /^(?:`{1,2}|~{1,2}|(?:`{3,}|~{3,})[ \t]*[\w+#.-]{0,30}[ \t]*\r?|(?:`{3,}|~{3,})[ \t]*[a-z\d_]{0,10}[ \t]*\r?\n\s*)$/i;
/** Between the calls of one block. */
const betweenCalls = /^[\s;,]*/;
/** The rest of a line continues a sentence. */
const goesOn = /^[ \t]*[a-z,.;:!?)\]"'”’»]/;
const quotes = /["'“‘«]/;

/** Thinking at the beginning of an answer; the last two are those of gpt-oss. */
const thoughts: readonly ThoughtMarks[] = [
  ...thoughtMarks,
  ...['<|channel|>analysis<|message|>', '<|start|>assistant<|channel|>analysis<|message|>'].map((open) => ({
    open,
    close: '<|end|>',
  })),
];

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
  /** The line before `from`. */
  private readonly line = new LineState();
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
    for (; this.from < this.held.length; this.moveTo(this.from + 1)) {
      if (this.fence !== undefined) {
        if (!isFinal && this.mayEndFence()) break;
        this.leaveFence();
        continue;
      }
      if (!isFinal && this.mayBegin()) break;
      if (this.isCandidate()) return this.from;
    }
    this.give(this.from);
    return undefined;
  }

  private isCandidate(): boolean {
    const { held, from, line } = this;
    if (openerAt(held, from) !== undefined) return this.canOpenHere();
    if (line.isInCode) return false;
    if (!line.isBlank) return held[from] === '`' || this.isBehindSentence();
    return /[{[`~]/.test(held[from]!) && !line.isIndentedCode;
  }

  private isBehindSentence(): boolean {
    const { held, from, line } = this;
    return /[{[]/.test(held[from]!) && line.hasLetters && /[\s:]/.test(line.last);
  }

  /** Whether the end of the text may be the beginning of a mark. */
  private mayBegin(): boolean {
    const left = this.held.length - this.from;
    return left < longestOpener && mayBeOpener(this.held.slice(this.from)) && this.canOpenHere();
  }

  /** Not in code and not quoted. An opener that could be a word of the text must begin its line. */
  private canOpenHere(): boolean {
    const { line } = this;
    if (line.isBlank) return !line.isIndentedCode;
    return !/[a-z>]/.test(this.held[this.from]!) && !line.isInCode && !quotes.test(line.last);
  }

  private moveTo(to: number): void {
    this.line.pass(this.held.slice(this.from, to));
    this.from = to;
  }

  private readAt(position: Position): Reading {
    const opener = openerAt(position.text, position.at);
    if (opener !== undefined) return this.checked(readMarked(position, opener, this.offered), position);
    return /[`~]/.test(position.text[position.at]!) ? this.readFenced(position) : this.readBare(position);
  }

  /** A call with a sentence around it is an example. */
  private checked(reading: Reading, { text, isFinal }: Position): Reading {
    if (typeof reading !== 'object' || this.line.isBlank) return reading;
    const rest = text.slice(reading.end, reading.end + 100);
    if (rest.trim() === '' && !/[\r\n]/.test(rest) && !isFinal) return 'more';
    return goesOn.test(rest) ? 'none' : reading;
  }

  /** JSON that is alone on its lines, or that ends the answer behind a sentence. */
  private readBare({ text, at, isFinal }: Position): Reading {
    if (!mayBeCall(text, at, this.offered)) return 'none';
    const end = jsonEnd(text, at);
    if (end === undefined) return isFinal ? 'none' : 'more';
    const behind = /^[ \t]*;?[ \t]*/.exec(text.slice(end, end + 100))![0].length + end;
    if (behind >= text.length && !isFinal) return 'more';
    const isLast = text.slice(behind).trim() === '';
    if (!this.line.isBlank && isLast && !isFinal) return 'more';
    const isAlone = isLast || (this.line.isBlank && /[\r\n{]/.test(text[behind]!));
    const calls = isAlone ? callsInJson(text.slice(at, end), this.offered) : undefined;
    return calls ? { calls, end: behind } : 'none';
  }

  /** A code block that has only calls and ends the answer. */
  private readFenced({ text, at, isFinal }: Position): Reading {
    const rest = text.slice(at, at + 100);
    const [head, fence] = callFence.exec(rest) ?? [];
    if (head === undefined || fence === undefined)
      return !isFinal && callFenceBegun.test(rest) ? 'more' : 'none';
    const values = this.valuesIn(text, at + head.length);
    if (values === 'none') return 'none';
    const { ends, isWhole } = values;
    if (!isWhole) return isFinal ? 'none' : 'more';
    const end = ends.at(-1)![1];
    const closing = /^\s*(`{3,}|~{3,})[ \t]*/.exec(text.slice(end, end + 100));
    if (!closing && text.slice(end).trim() !== '' && !/^\s*[`~]{1,2}$/.test(text.slice(end))) return 'none';
    if (!closing && !isFinal) return 'more';
    const behind = closing ? end + closing[0].length : text.length;
    const next = text.slice(behind).trimStart();
    if (next === '' && !isFinal) return 'more';
    const isLast = next === '' || callFence.test(next.slice(0, 100)) || openerAt(next, 0) !== undefined;
    if (!isLast && !isFinal && (callFenceBegun.test(next) || mayBeOpener(next))) return 'more';
    const calls = isLast ? ends.map(([from, to]) => callsInJson(text.slice(from, to), this.offered)) : [];
    return calls.length > 0 && calls.every((one) => one !== undefined)
      ? { calls: calls.flat(), end: behind }
      : 'none';
  }

  /** The consecutive JSON values from a position on that may be calls, and whether the last one has its end. */
  private valuesIn(text: string, at: number): { ends: [number, number][]; isWhole: boolean } | 'none' {
    const ends: [number, number][] = [];
    for (let from = at; ;) {
      if (!mayBeCall(text, from, this.offered)) return 'none';
      const end = jsonEnd(text, from);
      if (end === undefined) return { ends, isWhole: false };
      ends.push([from, end]);
      from = end + betweenCalls.exec(text.slice(end))![0].length;
      if (!/[{[]/.test(text[from] ?? '')) return { ends, isWhole: true };
    }
  }

  /** Treats what begins at `from` as text, with all code of a fence. */
  private pass(): void {
    const rest = this.held.slice(this.from, this.from + 200);
    const [head, fence] = fenceLine.exec(rest) ?? /^(~{3,}|`{3,})/.exec(rest) ?? [];
    const isFence = head !== undefined && (this.line.isBlank || fenceLine.test(rest));
    if (isFence) {
      this.fence = fence;
      const newline = this.held.indexOf('\n', this.from);
      this.moveTo(newline < 0 ? this.from + fence!.length : newline);
    } else this.moveTo(this.from + (head?.length ?? 1));
    this.isBehindCall = false;
  }

  /** Leaves the code if it ends at `from`, the last character of the closing fence. */
  private leaveFence(): void {
    const [closing] = closingFence.exec(this.held.slice(this.from, this.from + 100)) ?? [];
    if (closing === undefined || !this.closes(closing) || !this.line.isBlank) return;
    this.fence = undefined;
    this.moveTo(this.from + closing.length - 1);
  }

  private closes(marks: string): boolean {
    return marks[0] === this.fence?.[0] && marks.length >= (this.fence?.length ?? 0);
  }

  /** Whether the end of the text may be the closing fence. The rest of its line is not known yet. */
  private mayEndFence(): boolean {
    return this.line.isBlank && /^(?:`+|~+)[ \t]*\r?$/.test(this.held.slice(this.from, this.from + 100));
  }

  /**
   * Passes thinking that the server has left in the answer. Calls in it are ignored.
   * @returns whether the thinking is over
   */
  private passThoughts(isFinal: boolean): boolean {
    if (this.thoughts === 'possible') {
      const begun = this.held.trimStart();
      if (begun === '') return true;
      const marks = thoughts.find(({ open }) => begun.startsWith(open));
      if (!marks && !isFinal && thoughts.some(({ open }) => open.startsWith(begun))) return false;
      this.thoughts = marks ? { close: marks.close } : 'over';
    }
    if (this.thoughts === 'over') return true;
    const { close } = this.thoughts;
    const end = this.held.indexOf(close);
    if (end >= 0) this.thoughts = 'over';
    this.moveTo(end >= 0 ? end + close.length : Math.max(0, this.held.length - close.length + 1));
    this.give(this.from);
    return end >= 0;
  }

  private call(calls: readonly TextCall[], end: number): void {
    this.parts.push(...calls.map((call): ToolTextPart => ({ type: 'call', call })));
    this.held = this.held.slice(end);
    this.from = 0;
    this.isBehindCall = true;
    this.line.reset();
  }

  /** Delivers the text up to an offset, without white space after a call. */
  private give(to: number): void {
    const text = this.held.slice(0, to);
    if (text === '' || (this.isBehindCall && text.trim() === '')) return;
    this.isBehindCall = false;
    this.parts.push({ type: 'text', text });
    this.held = this.held.slice(to);
    this.from -= to;
  }

  private taken(): ToolTextPart[] {
    const { parts } = this;
    this.parts = [];
    return parts;
  }
}

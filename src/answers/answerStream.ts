import { anyMark, bareHarmonyFinal, longestMark, markStart } from './markers.ts';
import { beginningOf, type SplitAnswer } from './markPatterns.ts';
import { splitAnswer } from './splitAnswer.ts';

/** A piece of an answer; `restart`: the text before it was none of the answer, which begins now. */
export type AnswerPart = { type: 'text' | 'thinking'; text: string } | { type: 'restart' };

/** An answer is taken apart again when it has grown by this share: so often that all of it costs linear time. */
const growth = 1 / 8;

/**
 * An answer that is being written, taken apart as `splitAnswer` does it. Text goes on at once as long as nothing in it
 * may be a mark; what was handed out since the last `restart` is the answer in the end, however it was cut into pieces.
 */
export class AnswerStream {
  private readonly known: string;
  private all = '';
  /** How much of it was handed out or taken apart. */
  private done = 0;
  /** What was handed out. */
  private readonly sent = { text: '', thinking: '' };
  private end: SplitAnswer['end'] = 'text';
  /** Marks were dropped just before `done`: the answer begins, and blank lines before it are none of it. */
  private isDropped = false;
  /** A mark waits to be judged, when more of the answer is there. */
  private isHeld = false;
  private nextSplit = 0;
  /** So far, the answer is blank. */
  private blankTo = 0;
  private parts: AnswerPart[] = [];

  /** @param known what was asked about: marks in it are data when they come back */
  constructor(known = '') {
    this.known = known;
  }

  /** The answer so far. */
  get text(): string {
    return this.sent.text;
  }

  add(piece: string): AnswerPart[] {
    this.all += piece;
    if (this.isStillBlank(piece)) return [];
    if (!this.isHeld) this.pass();
    if (this.isHeld && this.all.length >= this.nextSplit) this.split(this.safeEnd());
    return this.taken();
  }

  /** The rest of it. */
  finish(): AnswerPart[] {
    this.split(this.all.length);
    return this.taken();
  }

  /** Blank text before an answer waits for the first word; it is not read again and again. */
  private isStillBlank(piece: string): boolean {
    const isBlank = this.blankTo === this.all.length - piece.length && piece.trim() === '';
    if (isBlank) this.blankTo = this.all.length;
    return isBlank;
  }

  /** Hands out what is new, up to where a mark begins or may begin. */
  private pass(): void {
    const marked = this.all.slice(this.done).search(anyMark);
    this.isHeld = marked >= 0;
    const end = Math.min(this.safeEnd(), marked < 0 ? this.all.length : this.done + marked);
    if (end <= this.done) return;
    const text = this.all.slice(this.done, end);
    if ((this.isDropped || this.done === 0) && text.trim() === '') return;
    this.give(this.end === 'thinking' ? 'thinking' : 'text', this.isDropped ? withoutBlankLines(text) : text);
    this.isDropped &&= this.end === 'thinking';
    this.done = end;
  }

  /** Before anything at the end that may be the beginning of a mark. */
  private safeEnd(): number {
    const tail = Math.max(0, this.all.length - longestMark);
    const start = this.all.slice(tail).search(markStart);
    const isBare = /^\s*[a-z]{0,8}$|^\s*analysis/.test(this.all.slice(0, longestMark));
    const bare = isBare ? this.all.length - bareHarmonyFinal.length : this.all.length;
    return Math.max(0, Math.min(bare, start < 0 ? this.all.length : tail + start));
  }

  private split(to: number): void {
    const { text, thinking, end, isBeginning } = splitAnswer(this.all.slice(0, to), this.known);
    this.nextSplit = this.all.length * (1 + growth);
    this.end = end;
    this.isDropped = isBeginning;
    // Behind the end of an answer only its next look tells whether it was one.
    this.isHeld = end === 'ended' || to <= this.done;
    this.done = Math.max(this.done, to);
    this.settle('thinking', thinking);
    if (!text.startsWith(this.sent.text)) {
      this.parts.push({ type: 'restart' });
      this.sent.text = '';
    }
    this.settle('text', text);
  }

  /** Hands out what is missing; thoughts that were handed out as text are not repeated. */
  private settle(type: 'text' | 'thinking', whole: string): void {
    const sent = this.sent[type];
    if (whole.startsWith(sent)) this.give(type, whole.slice(sent.length));
    else if (type === 'thinking') this.sent.thinking = whole;
  }

  private give(type: 'text' | 'thinking', text: string): void {
    if (text === '') return;
    this.sent[type] += text;
    this.parts.push({ type, text });
  }

  private taken(): AnswerPart[] {
    const { parts } = this;
    this.parts = [];
    return parts;
  }
}

function withoutBlankLines(text: string): string {
  const blank = /^\s*/.exec(text)![0];
  return text.slice(beginningOf(blank));
}

import { anyMark, bareHarmonyFinal, longestMark, markStart } from './markers.ts';
import { beginningOf, type SplitAnswer } from './markPatterns.ts';
import { splitAnswer } from './splitAnswer.ts';

/** A piece of an answer. `restart`: the text so far was not part of the answer, which starts now. */
export type AnswerPart = { type: 'text' | 'thinking'; text: string } | { type: 'restart' };

/** Share of growth after which the answer is split again, so that all splits together take linear time. */
const growth = 1 / 8;

/**
 * Splits an answer while it is being written, like `splitAnswer`. Text is passed on at once unless it may
 * contain a mark. What was passed on since the last `restart` is the answer in the end, however it arrived in
 * pieces.
 */
export class AnswerStream {
  private readonly known: string;
  /** The whole answer. Read only to split it: reading it after each piece would copy it each time. */
  private all = '';
  /** The first and last characters of the answer, and the text from `done` on. */
  private head = '';
  private tail = '';
  private pending = '';
  /** How many characters were passed on or split. */
  private done = 0;
  /** The text passed on. */
  private readonly sent = { text: '', thinking: '' };
  private end: SplitAnswer['end'] = 'text';
  /**
   * Whether marks were removed just before `done`. Then the answer starts here, and empty lines before it are
   * not part of it.
   */
  private isDropped = false;
  /** Whether a mark needs more of the answer to be recognized. */
  private isHeld = false;
  private nextSplit = 0;
  /** The answer contains only white space up to here. */
  private blankTo = 0;
  private parts: AnswerPart[] = [];

  /** @param known the prompt: marks that occur in it are ordinary text */
  constructor(known = '') {
    this.known = known;
  }

  /** The answer so far. */
  get text(): string {
    return this.sent.text;
  }

  add(piece: string): AnswerPart[] {
    this.all += piece;
    this.pending += piece;
    this.tail = (this.tail + piece).slice(-longestMark);
    if (this.head.length < longestMark) this.head = (this.head + piece).slice(0, longestMark);
    if (this.isStillBlank(piece)) return [];
    if (!this.isHeld) this.pass();
    if (this.isHeld && this.all.length >= this.nextSplit) this.split(this.safeEnd());
    return this.taken();
  }

  /** The rest of the answer. */
  finish(): AnswerPart[] {
    this.split(this.all.length);
    return this.taken();
  }

  /** White space before an answer waits for the first word, without being read again for each piece. */
  private isStillBlank(piece: string): boolean {
    const isBlank = this.blankTo === this.all.length - piece.length && piece.trim() === '';
    if (isBlank) this.blankTo = this.all.length;
    return isBlank;
  }

  /** Passes on what is new, up to where a mark begins or may begin. */
  private pass(): void {
    const marked = this.pending.search(anyMark);
    this.isHeld = marked >= 0;
    const end = Math.min(this.safeEnd(), marked < 0 ? this.all.length : this.done + marked);
    if (end <= this.done) return;
    const text = this.pending.slice(0, end - this.done);
    if ((this.isDropped || this.done === 0) && text.trim() === '') return;
    this.give(this.end === 'thinking' ? 'thinking' : 'text', this.isDropped ? withoutBlankLines(text) : text);
    this.isDropped &&= this.end === 'thinking';
    this.pending = this.pending.slice(end - this.done);
    this.done = end;
  }

  /** The offset before anything at the end that may be the beginning of a mark. */
  private safeEnd(): number {
    const tail = this.all.length - this.tail.length;
    const start = this.tail.search(markStart);
    const isBare = /^\s*[a-z]{0,8}$|^\s*analysis/.test(this.head);
    const bare = isBare ? this.all.length - bareHarmonyFinal.length : this.all.length;
    return Math.max(0, Math.min(bare, start < 0 ? this.all.length : tail + start));
  }

  private split(to: number): void {
    const { text, thinking, end, isBeginning } = splitAnswer(this.all.slice(0, to), this.known);
    this.nextSplit = this.all.length * (1 + growth);
    this.end = end;
    this.isDropped = isBeginning;
    // After the end of an answer, only the next split shows whether it really was the end.
    this.isHeld = end === 'ended' || to <= this.done;
    this.done = Math.max(this.done, to);
    this.pending = this.all.slice(this.done);
    this.settle('thinking', thinking);
    if (!text.startsWith(this.sent.text)) {
      this.parts.push({ type: 'restart' });
      this.sent.text = '';
    }
    this.settle('text', text);
  }

  /** Passes on what is missing. Thinking that was passed on as text is not repeated. */
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

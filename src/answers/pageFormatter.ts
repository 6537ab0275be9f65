import { type Fence, closesFence, fenceIn, isBareFence } from '../text/fences.ts';
import { InertMarkdown } from '../text/sanitizeMarkdown.ts';

/** A line and the section it belongs to. */
interface Line {
  kind: 'text' | 'heading' | 'title';
  text: string;
}

/** A line that starts like this is not a heading, fence or rule, so it can be shown before it ends. */
const plainStart = /^\s{0,3}(?:[-*+] |\d+[.)] )?\p{L}/u;
const startLength = 16;
/** From these characters on, the rest of the line must be read first. */
const suspect = /[![<]/;

/**
 * Brings an answer into the form of a page, piece by piece: all headings of the kind, each once, in order, as
 * `##`. The model's title is dropped, its other headings get a lower level, a fence around the whole is
 * removed, an open one is closed, and active content is disabled. No other text is lost: a section that comes
 * too early is kept until its position.
 */
export class PageText {
  private readonly headings: readonly string[];
  /** Sections that came too early, by number. */
  private readonly early = new Map<number, string>();
  /** Number of the last heading passed on. */
  private shown = -1;
  /** Number of the section that the model is writing. */
  private current = -1;
  private line = '';
  /** The start of the current line, long enough to recognize its kind. */
  private start = '';
  /** The end of the current line that was not passed on yet. Long lines are not read again for each piece. */
  private rest = '';
  /** Characters of the line that were passed on. */
  private given = 0;
  /** Offset of the last space before a suspect character. */
  private lastSpace = -1;
  private isSuspect = false;
  private fence: Fence | undefined;
  private wrapped = false;
  /**
   * A fence without a language. The next line shows whether it surrounds the answer or starts a code block.
   */
  private heldFence = '';
  private begun = false;
  private blank = true;
  private out = '';
  private readonly inert = new InertMarkdown();
  /** The last two characters passed on. */
  private tail = '';
  /** Text before the title or first heading may be thinking. It is held back until that line, or the end. */
  private held: string[] = [];
  private isHolding = true;

  constructor(headings: readonly string[]) {
    this.headings = headings;
  }

  /** Adds a piece of the answer. Returns the text to append to the page. */
  add(piece: string): string {
    const [first = '', ...others] = piece.replaceAll('\r', '').split('\n');
    this.extend(first);
    for (const next of others) {
      this.holdOrTake(this.line);
      this.newLine();
      this.extend(next);
    }
    this.hurry();
    return this.taken();
  }

  private extend(text: string): void {
    const stop = this.isSuspect ? 0 : text.search(suspect);
    const space = text.slice(0, stop < 0 ? undefined : stop).lastIndexOf(' ');
    if (space >= 0) this.lastSpace = this.line.length + space;
    this.isSuspect ||= stop >= 0;
    this.line += text;
    this.rest += text;
    if (this.start.length < startLength) this.start = (this.start + text).slice(0, startLength);
  }

  private newLine(): void {
    this.line = this.start = this.rest = '';
    this.given = 0;
    this.lastSpace = -1;
    this.isSuspect = false;
  }

  /** The text so far was not part of the answer: forgets it, as far as it was not passed on. */
  restart(): void {
    this.held = [];
    this.newLine();
  }

  /**
   * The rest of the page's text, ending with a line break.
   * @param complete whether the model has finished; then each missing heading gets a sentence
   */
  end(complete: boolean): string {
    if (this.line) this.holdOrTake(this.line);
    this.newLine();
    this.release();
    if (this.fence) this.write(`${this.fence.indentation}${this.fence.marks}\n`);
    this.fence = undefined;
    const last = complete ? this.headings.length - 1 : Math.max(this.shown, ...this.early.keys());
    while (this.shown < last) this.show(this.shown + 1, complete || this.early.has(this.shown + 1));
    return this.taken() + this.inert.end();
  }

  private taken(): string {
    const { out } = this;
    this.out = '';
    return this.inert.add(out);
  }

  /** Passes on the beginning of a long line, up to its last space. */
  private hurry(): void {
    const isOut = this.current === this.shown && this.current >= 0;
    if (!isOut || this.fence || this.heldFence || !plainStart.test(this.start)) return;
    if (this.lastSpace <= this.given) return;
    this.put(this.rest.slice(0, this.lastSpace - this.given));
    this.rest = this.rest.slice(this.lastSpace - this.given);
    this.given = this.lastSpace;
    this.blank = false;
  }

  private holdOrTake(line: string): void {
    this.isHolding &&= read(line, this.headings).kind === 'text';
    if (this.isHolding) {
      this.held.push(line);
      return;
    }
    this.release();
    this.takeLine(line);
  }

  private release(): void {
    const { held } = this;
    this.held = [];
    for (const line of held) this.takeLine(line);
  }

  private takeLine(line: string): void {
    const from = this.given;
    this.given = 0;
    if (from > 0) {
      this.put(`${line.slice(from)}\n`);
      return;
    }
    if (this.heldFence && line.trim()) this.settleFence(line);
    if (this.takeFence(line)) return;
    if (this.fence) return this.write(`${line}\n`);
    const { kind, text } = read(line, this.headings);
    if (kind === 'text') this.text(text);
    else if (kind === 'heading' || (this.begun && text)) this.open(this.indexOf(text), text);
  }

  private text(text: string): void {
    // `===` and `---` below a text would turn it into a heading.
    if (/^\s{0,3}=+\s*$/.test(text)) return;
    if (this.current < 0) {
      if (!text.trim()) return;
      this.open(0, '');
    }
    if (/^\s{0,3}-+\s*$/.test(text) && !this.blank) this.write('\n');
    this.write(`${text}\n`);
  }

  /** Whether the line was a fence. */
  private takeFence(line: string): boolean {
    if (this.fence) return this.takeClosing(line, this.fence);
    // Blocks may be in lists.
    const fence = fenceIn(line);
    if (!fence) return false;
    const mayWrap = !this.begun && !this.wrapped;
    if (mayWrap && /^\s*(?:markdown|md)\s*$/i.test(fence.info)) this.wrapped = true;
    else if ((mayWrap || this.wrapped) && isBareFence(fence)) this.heldFence = line;
    else this.openFence(line);
    return true;
  }

  private takeClosing(line: string, open: Fence): boolean {
    if (!closesFence(fenceIn(line), open)) return false;
    this.fence = undefined;
    this.write(`${line}\n`);
    return true;
  }

  private openFence(line: string): void {
    if (this.current < 0) this.open(0, '');
    this.fence = fenceIn(line);
    this.write(`${line}\n`);
  }

  /** The held fence surrounds the answer if a heading follows directly; else it starts a code block. */
  private settleFence(next: string): void {
    const line = this.heldFence;
    this.heldFence = '';
    if (!this.begun && !this.wrapped && /^\s*#/.test(next)) this.wrapped = true;
    else this.openFence(line);
  }

  private indexOf(heading: string): number {
    return this.headings.findIndex((known) => bare(known) === bare(heading));
  }

  /** A heading of the model: the next section, one that comes too early, or a heading inside a section. */
  private open(index: number, text: string): void {
    this.begun = true;
    if (index === this.current && index >= 0) return;
    if (index < 0 || this.early.has(index) || index <= this.shown) {
      if (this.current < 0) this.open(0, '');
      return this.write(`${this.blank ? '' : '\n'}### ${text}\n\n`);
    }
    while (this.early.has(this.shown + 1)) this.show(this.shown + 1, false);
    this.current = index;
    this.blank = true;
    if (index === this.shown + 1) this.show(index, false);
    else this.early.set(index, '');
  }

  /** Passes on a section's heading and the text kept for it. */
  private show(index: number, fill: boolean): void {
    const text = this.early.get(index)?.trim() ?? '';
    this.early.delete(index);
    const gap = this.shown < 0 || this.tail === '\n\n' ? '' : '\n';
    this.shown = index;
    this.put(`${gap}## ${this.headings[index]}\n\n`);
    if (text) this.put(`${text}\n`);
    else if (fill) this.put('*The model wrote nothing here.*\n');
  }

  private put(text: string): void {
    this.out += text;
    this.tail = (this.tail + text).slice(-2);
  }

  private write(text: string): void {
    this.begun ||= text.trim() !== '';
    // Collapses repeated empty lines.
    if (text === '\n' && this.blank && !this.fence) return;
    this.blank = text.endsWith('\n\n') || text === '\n';
    if (this.current === this.shown) this.put(text);
    else this.early.set(this.current, (this.early.get(this.current) ?? '') + text);
  }
}

/** Recognizes headings. A bold line is a heading if it is one of ours. */
function read(line: string, headings: readonly string[]): Line {
  const [, marks = '', hashed = ''] = /^\s{0,3}(#{1,6})\s+(.*?)(?:\s+#+)?\s*$/.exec(line) ?? [];
  const isKnown = (text: string): boolean => headings.some((known) => bare(known) === bare(text));
  if (hashed && isKnown(hashed)) return { kind: 'heading', text: hashed };
  if (marks === '#') return { kind: 'title', text: hashed };
  if (marks === '##') return { kind: 'heading', text: hashed };
  if (/^\s{0,3}#{1,6}\s*$/.test(line)) return { kind: 'title', text: '' };
  const [, bold = ''] = /^\s{0,3}(?:\d+[.)]\s+)?\*\*(.+?)\*\*:?\s*$/.exec(line) ?? [];
  return bold && isKnown(bold) ? { kind: 'heading', text: bold } : { kind: 'text', text: line };
}

/** A heading without number, marks and case. */
function bare(heading: string): string {
  return heading
    .replace(/^[\d.)\s]+/, '')
    .replaceAll(/[*_`:#]/g, '')
    .trim()
    .toLowerCase();
}

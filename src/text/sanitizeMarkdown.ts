import { FenceReader, inertFence } from './fenceReader.ts';
import { closeContinuedLink, inertText, openLink } from './inertText.ts';
import { SpanReader, newBlock } from './spanReader.ts';

/** The definition of an address, which a picture or a link elsewhere in the text could use; or of a footnote. */
const definition = /^((?:[\s>]|[-*+](?=\s)|\d{1,9}[.)](?=\s))*)\[(?=(?:[^\]\\]|\\.)*(?:\]:|\\?$))/;
/** What extensions of previews make containers, diagrams or included files of. */
const directive =
  /^((?:[\s>]|[-*+](?=\s)|\d{1,9}[.)](?=\s))*)(?=:::|!!!|\?\?\?|@(?:start|import|include|\[)|<<<|\{%)/i;
/** At the very beginning of a document: settings of whatever shows it. */
const frontMatter = /^(?:-{3}|\+{3})\s*$/;
/** A line that begins like this is no fence, and no marks that span lines begin in it. */
const plainStart = /^\s{0,3}(?:[-*+] |\d+[.)] )?\p{L}/u;
/** So much of a line is enough to know whether it begins like that. */
const startLength = 16;
/** From here on the rest of the line has to be seen first. */
const suspect = /[`<!\\[\]${]|[:/](?=\/|$)/;

/**
 * Takes the power out of a Markdown text, line by line, and leaves it readable: outside its code, tags become
 * plain text, pictures (which a preview fetches from anywhere, with whatever stands in their address) become plain
 * text, and so do links to anything but pages, mail and files beside the text. Code stays as it is, because it has no
 * power, but for the name behind its fence, by which a preview may draw it; where it is not certain that something is
 * code, it counts as text.
 */
export class InertMarkdown {
  /** The line that has not ended yet, and how much of it has been handed out. */
  private line = '';
  private given = 0;
  /** Its beginning, by which it is known what it may be. */
  private start = '';
  /** What of it has not been handed out. */
  private rest = '';
  /** All of the line has to be seen first. */
  private waits = false;
  private isFirst = true;
  private readonly fences = new FenceReader();
  private readonly spans = new SpanReader();
  private linkBegun = false;

  /** Takes a piece of the text and returns what can be shown of it. */
  add(piece: string): string {
    const lines = piece.split('\n');
    const last = lines.pop() ?? '';
    const whole = lines.map((line) => `${this.take(line)}\n`).join('');
    this.line += last;
    return whole + this.hurry(last);
  }

  /** The rest of the text. */
  end(): string {
    return this.take('');
  }

  /** Hands out the beginning of a long line, as far as nothing in it could be more than text. */
  private hurry(piece: string): string {
    this.waits ||= this.linkBegun || this.fences.inCode;
    if (this.waits) return '';
    this.rest += piece;
    if (this.start.length < startLength) this.start = (this.start + piece).slice(0, startLength);
    if (!plainStart.test(this.start)) {
      this.waits = this.start.length === startLength;
      return '';
    }
    const stop = this.rest.search(suspect);
    const ready = this.rest.slice(0, stop < 0 ? undefined : stop);
    // A colon or a slash at the end is only suspicious because of what may follow it.
    this.waits = stop >= 0 && !(stop === this.rest.length - 1 && /[:/]$/.test(this.rest));
    this.rest = this.rest.slice(ready.length);
    this.given += ready.length;
    return ready;
  }

  /** Ends the line. */
  private take(piece: string): string {
    const whole = this.line + piece;
    const { given: from, isFirst } = this;
    this.line = this.start = this.rest = '';
    this.given = 0;
    this.waits = this.isFirst = false;
    switch (this.fences.read(whole)) {
      case 'code':
        return whole;
      case 'opening':
        return inertFence(whole);
      case 'text':
        return this.text(whole, from, isFirst);
    }
  }

  private text(whole: string, from: number, isFirst: boolean): string {
    if (whole.trim() === '') {
      this.spans.read('', true);
      return whole.slice(from);
    }
    // The word at the end of what has been handed out may be the scheme of an address.
    const known = from - startOfWord(whole, from);
    const line = from === 0 ? inertFence(whole) : whole.slice(from - known);
    const continued = this.linkBegun ? closeContinuedLink(line) : line;
    this.linkBegun = openLink.test(whole);
    const inert = this.spans
      .read(continued, newBlock.test(whole))
      .map(({ text, code }) => (code ? text : inertText(text)))
      .join('');
    if (from > 0) return inert.slice(known);
    if (isFirst && frontMatter.test(whole)) return '***';
    return inert.replace(definition, '$1\\[').replace(directive, '$1\\');
  }
}

function startOfWord(text: string, end: number): number {
  let start = end;
  while (/[\w+.-]/.test(text[start - 1] ?? '')) start--;
  return start;
}

/** A whole text without its power; see {@link InertMarkdown}. */
export function sanitizeMarkdown(text: string): string {
  const inert = new InertMarkdown();
  return inert.add(text.replaceAll(/\r\n?/g, '\n')) + inert.end();
}

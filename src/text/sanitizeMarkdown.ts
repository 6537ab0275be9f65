import { CertainCode, inertFence } from './certainCode.ts';
import { containerMarks, isBlankLine } from './fences.ts';
import { closeContinuedLink, inertText, openLink } from './inertText.ts';
import { SpanReader, newBlock } from './spanReader.ts';

/** The definition of an address, which images and links elsewhere in the text can use, or of a footnote. */
const definition = new RegExp(String.raw`^(${containerMarks})\[(?=(?:[^\]\\]|\\[^])*(?:\]:|\\?$))`);
/** Extensions of previews turn these into containers, diagrams or included files. */
const directive = new RegExp(
  String.raw`^(${containerMarks})(?=:::|!!!|\?\?\?|@(?:start|import|include|\[)|<<<|\{%)`,
  'i',
);
/** At the very start of a document: settings for whatever displays it. */
const frontMatter = /^(?:-{3}|\+{3})\s*$/;
/** A line that starts like this is not a fence, and no multi-line marks start in it. */
const plainStart = /^\s{0,3}(?:[-*+] |\d+[.)] )?\p{L}/u;
/** Characters of a line that show whether it starts like that. */
const startLength = 16;
/** From these characters on, the rest of the line must be read first. */
const suspect = /[`<!\\[\]${]|[:/](?=\/|$)/;

/**
 * Disables active content in Markdown, line by line, and keeps it readable. Outside of code, tags and images
 * (which a preview would load from anywhere) become plain text, and so do links to anything but web pages,
 * mail addresses and relative files. Code stays as it is, except for the name after its fence, which could
 * make a preview render it. Text that is not certainly code counts as text.
 */
export class InertMarkdown {
  /** The unfinished line, and how many of its characters were passed on. */
  private line = '';
  private given = 0;
  /** The line's start, which shows what it may be. */
  private start = '';
  /** The part of the line that was not passed on. */
  private rest = '';
  /** Whether the whole line must be read first. */
  private waits = false;
  private isFirst = true;
  private readonly fences = new CertainCode();
  private readonly spans = new SpanReader();
  private linkBegun = false;

  /** Adds a piece of the text. Returns what can be shown. */
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

  /** Passes on the start of a long line, as far as nothing in it could be more than text. */
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
    // A colon or slash at the end matters only if certain text follows it.
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
    if (isBlankLine(whole)) {
      this.spans.read('', true);
      return whole.slice(from);
    }
    // The last word passed on may be the scheme of an address.
    const known = from - startOfWord(whole, from);
    const line = from === 0 ? inertFence(whole) : whole.slice(from - known);
    const continued = this.linkBegun ? closeContinuedLink(line) : line;
    this.linkBegun = whole.includes(']') && openLink.test(whole);
    const inert = this.spans
      .read(continued, newBlock.test(whole))
      .map(({ text, code }) => (code ? text : inertText(text)))
      .join('');
    if (from > 0) return inert.slice(known);
    if (isFirst && frontMatter.test(whole)) return '***';
    const defined = inert.includes('[') ? inert.replace(definition, '$1\\[') : inert;
    return defined.replace(directive, '$1\\');
  }
}

function startOfWord(text: string, end: number): number {
  let start = end;
  while (/[\w+.-]/.test(text[start - 1] ?? '')) start--;
  return start;
}

/** A whole text without active content; see {@link InertMarkdown}. */
export function sanitizeMarkdown(text: string): string {
  const inert = new InertMarkdown();
  return inert.add(text.replaceAll(/\r\n?/g, '\n')) + inert.end();
}

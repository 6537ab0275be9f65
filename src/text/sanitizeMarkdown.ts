/** Where a link may lead from a text that nobody has vouched for: to a page, which VS Code asks about before it opens. */
const openSchemes = /^(?:https?|mailto)$/i;
/** Where a link's address begins: behind `](` or `]:`. */
const address = String.raw`\](?:\(|:)\s*<?`;
/** An address that begins with a scheme, of two letters or more: one is a drive of Windows. */
const linkScheme = new RegExp(`(${address})([a-z-][a-z0-9+.-]+):`, 'gi');
/** An address whose scheme may be hidden in an entity such as `&#99;`. */
const hiddenScheme = new RegExp(`(${address}[a-z0-9+.-]*)&(?=#|[a-z]+;)`, 'gi');
/** The same two at the beginning of a line, for a link that was begun on the line before. */
const continuedScheme = /^([\s>]*<?)([a-z-][a-z0-9+.-]+):/i;
const continuedHidden = /^([\s>]*<?[a-z0-9+.-]*)&(?=#|[a-z]+;)/i;
/** A picture; without an address behind it, such as Rust's `vec![1]`, it is none. */
const picture = /!\[(?![^[\]\\]*\](?![([]))/g;
/** The definition of an address, which a picture or a link elsewhere in the text could use. */
const definition = /^([\s>]*(?:(?:[-*+]|\d+[.)])\s+)*)\[(?=[^\]]*(?:\]:|$))/;
/** A line that begins like this is no fence, and no marks that span lines begin in it. */
const plainStart = /^\s{0,3}(?:[-*+] |\d+[.)] )?\p{L}/u;
/** From here on the rest of the line has to be seen first. */
const suspect = /[`<!\\[\]]/;

/**
 * Takes the power out of a Markdown text, line by line, and leaves it readable: outside its code, tags become
 * plain text, pictures (which a preview fetches from anywhere, with whatever stands in their address) become plain
 * text, and so do links that would run a command of VS Code or open another program. Code stays as it is, because it
 * has no power; where it is not certain that something is code, it counts as text.
 */
export class InertMarkdown {
  private line = '';
  /** How much of the line has been handed out. */
  private given = 0;
  private readonly fences = new FenceReader();
  private readonly spans = new SpanReader();
  private linkBegun = false;

  /** Takes a piece of the text and returns what can be shown of it. */
  add(piece: string): string {
    const lines = (this.line + piece).split('\n');
    this.line = lines.pop() ?? '';
    const whole = lines.map((line) => `${this.take(line)}\n`).join('');
    return whole + this.hurry();
  }

  /** The rest of the text. */
  end(): string {
    const rest = this.take(this.line);
    this.line = '';
    return rest;
  }

  /** Hands out the beginning of a long line, as far as nothing in it could be more than text. */
  private hurry(): string {
    if (this.linkBegun || this.fences.inCode || !plainStart.test(this.line)) return '';
    const stop = this.line.search(suspect);
    const end = stop < 0 ? this.line.length : stop;
    const ready = this.line.slice(this.given, end);
    this.given = Math.max(this.given, end);
    return ready;
  }

  private take(whole: string): string {
    const from = this.given;
    const line = whole.slice(from);
    this.given = 0;
    if (this.fences.read(whole)) return line;
    const continued = this.linkBegun
      ? line.replace(continuedScheme, closedScheme).replace(continuedHidden, '$1&amp;')
      : line;
    this.linkBegun = /\](?:\(|:)\s*<?\s*$/.test(whole) || (this.linkBegun && whole.trim() === '');
    return this.spans
      .read(continued, newBlock.test(whole))
      .map(({ text, code }) => (code ? text : inertText(text)))
      .join('')
      .replace(definition, from === 0 ? '$1\\[' : '$&');
  }
}

/** A whole text without its power; see {@link InertMarkdown}. */
export function sanitizeMarkdown(text: string): string {
  const inert = new InertMarkdown();
  return inert.add(text.replaceAll(/\r\n?/g, '\n')) + inert.end();
}

/** Where an address begins in Markdown or in HTML, and a scheme by which VS Code runs something. */
const runningScheme = /((?:\]\(|\]:|=)\s*["'<]?|<)(command|vscode(?:-[a-z]+)*):/gi;

/**
 * Text that is to take the place of a user's Markdown: links that run something are closed in every line that is new;
 * everything else is for the user to judge, who sees the difference before it is made.
 */
export function closeCommandLinks(text: string, before: string): string {
  const known = new Set(before.split(/\r?\n/));
  const lines = text.split('\n');
  return lines
    .map((line) => (known.has(line.replace(/\r$/, '')) ? line : line.replaceAll(runningScheme, '$1$2%3A')))
    .join('\n');
}

function inertText(text: string): string {
  return text
    .replaceAll(linkScheme, closedScheme)
    .replaceAll(hiddenScheme, '$1&amp;')
    .replaceAll(/<(?=[a-z/!?])(?!(?:https?|mailto):)/gi, '&lt;')
    .replaceAll(picture, '!\\[');
}

/** Escaped as addresses are, the colon ends no scheme any more, and what is left leads to a file that is not there. */
function closedScheme(whole: string, before: string, scheme: string): string {
  return openSchemes.test(scheme) ? whole : `${before}${scheme}%3A`;
}

/** A fence that is one by every reading, at most as the first thing in an item of a list. */
const openingFence = /^([-*+] {1,4}| {0,3})(`{3,}|~{3,})(.*)$/;
/** What may be a fence, depending on which lists and quotations it stands in. */
const perhapsFence = /^[\s>]*(?:(?:[-*+]|\d+[.)])\s+)*[\s>]*(?:`{3,}|~{3,})/;
const closingFence = /^ *(`{3,}|~{3,}) *$/;
/** CommonMark: a closing fence stands at most so many blanks deeper than what it is in. */
const closingDepth = 3;

/**
 * Finds the lines of fenced code that are code by every reading. Lists move the edge from which CommonMark counts,
 * and what is a list only a whole parser knows; so what depends on it counts as text.
 */
class FenceReader {
  private fence: { indentation: number; marks: string } | undefined;
  /** A fence may be open in a list or quotation; whatever stands at the very left would end it. */
  private doubtful = false;
  /** A fence may be open until the end of the text. */
  private lost = false;

  get inCode(): boolean {
    return this.fence !== undefined;
  }

  /** Whether the line, the next of the text, is one of code. */
  read(line: string): boolean {
    if (this.lost) return false;
    if (line.trim() === '') return this.inCode;
    if (this.fence) return this.readCode(line, this.fence);
    if (/^\S/.test(line)) this.doubtful = false;
    const [, before = '', marks = '', info = ''] = openingFence.exec(line) ?? [];
    const opens = marks !== '' && !(marks.startsWith('`') && info.includes('`'));
    const perhaps = perhapsFence.test(line);
    // With a bar in it, it may just as well be the head of a table.
    this.lost = perhaps && (this.doubtful || (opens && info.includes('|')));
    if (opens && !this.doubtful && !this.lost) this.fence = { indentation: before.length, marks };
    this.doubtful ||= perhaps && !this.fence;
    return this.inCode;
  }

  private readCode(line: string, { indentation, marks }: NonNullable<FenceReader['fence']>): boolean {
    const own = /^ */.exec(line)![0].length;
    const closes = closingFence.exec(line)?.[1]?.startsWith(marks) ?? false;
    // Left of where it began, a list has ended and the fence with it; or it was in no list, and goes on.
    this.lost = own < indentation || (closes && own > closingDepth);
    if (this.lost || closes) this.fence = undefined;
    return !this.lost;
  }
}

/** A piece of a line. */
interface Span {
  text: string;
  code: boolean;
}

/** Begins a block of its own, by every reading: what was left open before it stays open. */
const newBlock = /^ {0,3}(?:[-*+] +\S|#{1,6} )|^\s*$/;

/**
 * Finds the code between backticks that is code by every reading: on one line, in no table, with nothing left open
 * before it. Behind a bracket, the reader of VS Code's preview (markdown-it) may see a pair differently, depending on
 * backticks much further down.
 */
class SpanReader {
  private doubtful = false;

  /** @param begins whether the line begins a block of its own */
  read(line: string, begins: boolean): Span[] {
    if (begins) this.doubtful = false;
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
    const mark = /\\[^]|[`[]/g;
    mark.lastIndex = from;
    for (let found = mark.exec(line); found && !this.doubtful; found = mark.exec(line)) {
      if (found[0] === '`') return found.index;
      if (found[0] === '[') this.doubtful = true;
    }
    return undefined;
  }

  private endOf(line: string, from: number): number | undefined {
    const [mark] = /^`+/.exec(line.slice(from))!;
    const after = from + mark.length;
    const partner = [...line.slice(after).matchAll(/`+/g)].find(([run]) => run.length === mark.length);
    const inner = partner && line.slice(after, after + partner.index);
    // A table cuts its cells first, whatever stands between backticks.
    if (inner !== undefined && !inner.includes('|')) return after + inner.length + mark.length;
    this.doubtful = true;
    return undefined;
  }
}

import { lineIndex } from './lineIndex.ts';
import { RegexLiterals } from './regexLiterals.ts';
import type { DelimitedRule, LexerRules, StringRule } from './lexers.ts';

const closers: Record<string, string> = { '{': '}', '(': ')' };

/** After one of these marks or words, a slash starts a regular expression; otherwise it is a division. */
const beforeRegex =
  /(?:^|[=(,;:!&|?{}[+*%~^>-]|\n|\b(?:return|typeof|case|in|of|do|else|void|when|if|unless|and|or|not))[ \t]*$/;
/** Pieces (words or single characters) before a slash that are examined. */
const mostPieces = 20;
const word = /[\p{L}\p{N}_$]+/uy;
/** Levels of strings inside code inside strings. Handwritten code has fewer; the call stack is limited. */
const mostNested = 100;

/**
 * The code with every comment as a space and every string as `""`, so that a search finds only code. Code
 * inside strings (such as `${...}`) stays. This is not a parser: what it does not recognize, such as text
 * between the tags of JSX, stays as code.
 */
export function maskCode(code: string, lexer: LexerRules): string {
  return new Mask(code, lexer, 'code').run();
}

/** Like `maskCode`, but keeps all line breaks, so that the lines correspond. */
export function maskLines(code: string, lexer: LexerRules): string[] {
  return new Mask(code, lexer, 'lines').run().split('\n');
}

/**
 * Like `maskCode`, but keeps the position of every character: comments become spaces and strings quotes of
 * the same length. The brackets of code inside strings (such as `${...}`) stay, as they need a partner.
 */
export function maskColumns(code: string, lexer: LexerRules): string {
  return new Mask(code, lexer, 'columns').run();
}

/** Like `maskColumns`, but only the first and last character of a string become quotes, the others spaces. */
export function maskOffsets(code: string, lexer: LexerRules): string {
  return new Mask(code, lexer, 'offsets').run();
}

/** Whether the code ends inside a multi-line string or a block comment. */
export function endsInside(code: string, lexer: LexerRules): boolean {
  const mask = new Mask(code, lexer, 'code');
  mask.run();
  return mask.isOpen;
}

type Kept = 'code' | 'lines' | 'columns' | 'offsets';

class Mask {
  readonly #code: string;
  readonly #lexer: LexerRules;
  readonly #keep: Kept;
  /** Whether every character keeps its position. */
  readonly #isPlaced: boolean;
  /** Whether the code ended inside a string, a comment, or code in a string. */
  isOpen = false;
  #at = 0;
  /** Joined only at the end: reading back in one growing string would copy it each time. */
  readonly #masked: string[] = [];
  /** The closing words of here-documents that were opened on this line. */
  #hereWords: string[] = [];
  /** Finds lines by the word they start with. */
  #lineOf: ((word: string, from: number) => number | undefined) | undefined;
  /** Closing marks that do not occur any more, so that the rest is not searched again. */
  readonly #missing = new Set<RegExp>();
  #regexLiterals: RegexLiterals | undefined;
  #nested = 0;

  constructor(code: string, lexer: LexerRules, keep: Kept) {
    this.#code = code;
    this.#lexer = lexer;
    this.#keep = keep;
    this.#isPlaced = keep === 'columns' || keep === 'offsets';
  }

  run(): string {
    this.#codeUntil(undefined);
    return this.#masked.join('');
  }

  /** Reads code to the end, or to the bracket that ends an interpolation. */
  #codeUntil(open: string | undefined): void {
    const close = open && closers[open];
    let depth = 0;
    while (this.#at < this.#code.length) {
      if (this.#skipComment() || this.#skipString() || this.#skipOther() || this.#copyWord()) {
        continue;
      }
      const character = this.#code.charAt(this.#at++);
      if (character === close && depth === 0) {
        this.#masked.push(this.#isPlaced ? character : ' ');
        return;
      }
      depth += character === open ? 1 : character === close ? -1 : 0;
      this.#masked.push(character);
      if (character === '\n') {
        this.#skipHereDocuments();
      }
    }
    this.isOpen ||= open !== undefined;
  }

  #skipComment(): boolean {
    // Strings come first, because they may start like a comment (Lua's long strings).
    const { lineComment, blockComment, strings } = this.#lexer;
    if (lineComment && this.#match(lineComment) && !strings.some(({ open }) => this.#match(open))) {
      return this.#skip(this.#match(lineComment), ' ');
    }
    if (!blockComment || !this.#code.startsWith(blockComment.open, this.#at)) {
      return false;
    }
    const start = this.#at;
    this.#at += blockComment.open.length;
    this.#closeComment(blockComment);
    this.#replace(start, ' ', ' ');
    return true;
  }

  #closeComment({ open, close, nested = false }: { open: string; close: string; nested?: boolean }): void {
    let depth = 1;
    while (depth > 0 && this.#at < this.#code.length) {
      if (this.#code.startsWith(close, this.#at)) {
        depth -= 1;
        this.#at += close.length;
      } else if (nested && this.#code.startsWith(open, this.#at)) {
        depth += 1;
        this.#at += open.length;
      } else {
        this.#at += 1;
      }
    }
    this.isOpen ||= depth > 0;
  }

  #skipString(): boolean {
    for (const rule of this.#lexer.strings) {
      const opened = this.#match(rule.open);
      if (opened !== undefined) {
        this.#pass(opened.length, '"');
        this.#readString(rule, rule.close ? rule.close(opened) : opened);
        return true;
      }
    }
    return false;
  }

  #readString(rule: StringRule, close: string): void {
    while (this.#at < this.#code.length) {
      const literal = literalLength(this.#code, this.#at, rule, close);
      if (literal > 0) {
        this.#pass(literal);
      } else if (this.#code.startsWith(close, this.#at)) {
        return this.#pass(close.length, '"');
      } else if (rule.interpolation && this.#mayOpen(rule.interpolation)) {
        this.#openInterpolation(rule.interpolation);
      } else if (!rule.multiline && this.#code[this.#at] === '\n') {
        break;
      } else {
        this.#pass(1);
      }
    }
    this.isOpen ||= rule.multiline === true;
    if (!this.#isPlaced) this.#masked.push('"');
  }

  #mayOpen(interpolation: string): boolean {
    return this.#nested < mostNested && this.#code.startsWith(interpolation, this.#at);
  }

  #openInterpolation(opening: string): void {
    const bracket = opening.charAt(opening.length - 1);
    this.#at += opening.length;
    this.#masked.push(
      this.#isPlaced ? (this.#keep === 'columns' ? '"' : ' ').repeat(opening.length - 1) + bracket : ' ',
    );
    this.#nested += 1;
    this.#codeUntil(bracket);
    this.#nested -= 1;
  }

  #skipOther(): boolean {
    const { others = [], regexLiterals, hereDocument } = this.#lexer;
    for (const rule of others) {
      const other = rule instanceof RegExp ? this.#match(rule) : this.#matchUntil(rule);
      if (other !== undefined) return this.#skip(other, '""');
    }
    if (regexLiterals && this.#code[this.#at] === '/' && this.#mayBeginRegex()) {
      this.#regexLiterals ??= new RegexLiterals(this.#code);
      return this.#skip(this.#regexLiterals.at(this.#at), '""');
    }
    return hereDocument !== undefined && this.#openHereDocument(hereDocument);
  }

  #mayBeginRegex(): boolean {
    return beforeRegex.test(this.#masked.slice(-mostPieces).join(''));
  }

  #openHereDocument(rule: RegExp): boolean {
    rule.lastIndex = this.#at;
    const [text, ...words] = rule.exec(this.#code) ?? [];
    const end = words.find((candidate) => candidate !== undefined);
    if (text === undefined || end === undefined) {
      return false;
    }
    this.#hereWords.push(end);
    return this.#skip(text, '""');
  }

  /** Without its closing word it is not a here-document (`1 << SIZE`), so nothing is skipped. */
  #skipHereDocuments(): void {
    if (this.#hereWords.length === 0) return;
    this.#lineOf ??= lineIndex(this.#code);
    for (const end of this.#hereWords.splice(0)) {
      const last = this.#lineOf(end, this.#at);
      if (last !== undefined) this.#pass(last - this.#at);
    }
  }

  /** A text from `open` to `close`; undefined when one is missing. */
  #matchUntil({ open, close }: DelimitedRule): string | undefined {
    const opened = this.#missing.has(close) ? undefined : this.#match(open);
    if (opened === undefined) return undefined;
    close.lastIndex = this.#at + opened.length;
    if (close.test(this.#code)) return this.#code.slice(this.#at, close.lastIndex);
    this.#missing.add(close);
    return undefined;
  }

  #skip(text: string | undefined, replacement: string): boolean {
    if (text !== undefined) {
      this.#at += text.length;
      this.#replace(this.#at - text.length, replacement, replacement.charAt(0));
    }
    return text !== undefined;
  }

  /** Copies whole words, because a string prefix (`r"..."`) is one only at the start of a word. */
  #copyWord(): boolean {
    const text = this.#match(word);
    if (text !== undefined) {
      this.#masked.push(text);
      this.#at += text.length;
    }
    return text !== undefined;
  }

  /** Skips text in a string. If columns are kept, writes as many quotes. */
  #pass(length: number, replacement = ''): void {
    this.#at += length;
    this.#replace(this.#at - length, replacement, '"');
  }

  /** Writes the substitute for the text since `start`: a replacement, or a filler for every character. */
  #replace(start: number, replacement: string, filler: string): void {
    if (this.#isPlaced) {
      const blank = this.#keep === 'offsets' ? ' ' : filler;
      const text = this.#code.slice(start, this.#at).replaceAll(/[^\n]/g, blank);
      this.#masked.push(this.#keep === 'offsets' && !text.startsWith('\n') ? begun(text, replacement) : text);
      return;
    }
    if (replacement !== '') this.#masked.push(replacement);
    this.#keepBreaks(start);
  }

  /** Writes the line breaks of the text since `start`. */
  #keepBreaks(start: number): void {
    for (let at = start; this.#keep === 'lines' && at < this.#at; at++) {
      if (this.#code[at] === '\n') {
        this.#masked.push('\n');
      }
    }
  }

  #match(rule: RegExp): string | undefined {
    rule.lastIndex = this.#at;
    return rule.exec(this.#code)?.[0];
  }
}

/** A blanked text that starts with the replacement, if both are on one line. */
function begun(text: string, replacement: string): string {
  const length = Math.min(replacement.length, `${text}\n`.indexOf('\n'));
  return replacement.slice(0, length) + text.slice(length);
}

/** Length of what looks like the end of a string or an interpolation but is neither; else 0. */
function literalLength(
  code: string,
  at: number,
  { escapes, doubled, interpolation: opener }: StringRule,
  close: string,
): number {
  if ((opener === '{' && code.startsWith('{{', at)) || (doubled && code.startsWith(close + close, at))) {
    return 2;
  }
  return escapes && code[at] === '\\' && !(opener?.startsWith('\\') && code.startsWith(opener, at)) ? 2 : 0;
}

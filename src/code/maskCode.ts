import type { LexerRules, StringRule } from './lexers.ts';

const closers: Record<string, string> = { '{': '}', '(': ')' };

/** After one of these marks or words a slash begins a regular expression; elsewhere it divides. */
const beforeRegex =
  /(?:^|[=(,;:!&|?{}[+*%~^>-]|\n|\b(?:return|typeof|case|in|of|do|else|void|when|if|unless|and|or|not))[ \t]*$/;
const regexLiteral = /\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^\\/[\n])+\/\w*/y;
/** So many pieces (words or single characters) before a slash are enough to tell. */
const lookBehind = 20;
const word = /[\p{L}\p{N}_$]+/uy;

/**
 * The code with every comment as a blank and every string as `""`, so that a search for words and operators
 * finds only code. Code inside strings (`${...}` and its like) stays code. Not a parser: what it cannot
 * know, such as text between the tags of JSX, it takes for code.
 */
export function maskCode(code: string, lexis: LexerRules): string {
  return new Mask(code, lexis, 'code').run();
}

/** The same, but with every line break where it was, inside comments and strings, too: line by line. */
export function maskLines(code: string, lexis: LexerRules): string[] {
  return new Mask(code, lexis, 'lines').run().split('\n');
}

/**
 * The same, with every character where it was: a comment is blanks and a string quotes, both as long as they were.
 * The brackets of code inside strings (`${...}` and its like) stay, because they have to be closed like all others.
 */
export function maskColumns(code: string, lexis: LexerRules): string {
  return new Mask(code, lexis, 'columns').run();
}

class Mask {
  readonly #code: string;
  readonly #lexis: LexerRules;
  readonly #keep: 'code' | 'lines' | 'columns';
  #at = 0;
  /** Joined only at the end: looking back into one growing string would copy it every time. */
  readonly #masked: string[] = [];
  /** Words that end here-documents opened on this line. */
  #hereWords: string[] = [];

  constructor(code: string, lexis: LexerRules, keep: 'code' | 'lines' | 'columns') {
    this.#code = code;
    this.#lexis = lexis;
    this.#keep = keep;
  }

  run(): string {
    this.#codeUntil(undefined);
    return this.#masked.join('');
  }

  /** Reads code to the end, or to the bracket that closes the hole in a string. */
  #codeUntil(open: string | undefined): void {
    const close = open && closers[open];
    let depth = 0;
    while (this.#at < this.#code.length) {
      if (this.#skipComment() || this.#skipString() || this.#skipOther() || this.#copyWord()) {
        continue;
      }
      const character = this.#code.charAt(this.#at++);
      if (character === close && depth === 0) {
        this.#masked.push(this.#keep === 'columns' ? character : ' ');
        return;
      }
      depth += character === open ? 1 : character === close ? -1 : 0;
      this.#masked.push(character);
      if (character === '\n') {
        this.#skipHereDocuments();
      }
    }
  }

  #skipComment(): boolean {
    // A rule for strings may begin like a comment (Lua's long comments): it goes first.
    const { lineComment, blockComment, strings } = this.#lexis;
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
    for (let depth = 1; depth > 0 && this.#at < this.#code.length;) {
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
  }

  #skipString(): boolean {
    for (const rule of this.#lexis.strings) {
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
      } else if (rule.interpolation && this.#code.startsWith(rule.interpolation, this.#at)) {
        this.#openInterpolation(rule.interpolation);
      } else if (!rule.multiline && this.#code[this.#at] === '\n') {
        break;
      } else {
        this.#pass(1);
      }
    }
    if (this.#keep !== 'columns') this.#masked.push('"');
  }

  #openInterpolation(opening: string): void {
    const bracket = opening.charAt(opening.length - 1);
    this.#at += opening.length;
    this.#masked.push(this.#keep === 'columns' ? '"'.repeat(opening.length - 1) + bracket : ' ');
    this.#codeUntil(bracket);
  }

  #skipOther(): boolean {
    const { others = [], regexLiterals, hereDocument } = this.#lexis;
    const other = others.map((rule) => this.#match(rule)).find((text) => text !== undefined);
    if (other !== undefined) {
      return this.#skip(other, '""');
    }
    if (regexLiterals && this.#code[this.#at] === '/' && this.#mayBeginRegex()) {
      return this.#skip(this.#match(regexLiteral), '""');
    }
    return hereDocument !== undefined && this.#openHereDocument(hereDocument);
  }

  #mayBeginRegex(): boolean {
    return beforeRegex.test(this.#masked.slice(-lookBehind).join(''));
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

  /** A word that never comes was no here-document (`1 << SIZE`): nothing is skipped. */
  #skipHereDocuments(): void {
    for (const end of this.#hereWords.splice(0)) {
      const last = new RegExp(`^[ \\t]*${end}\\b`, 'm').exec(this.#code.slice(this.#at));
      if (last) this.#pass(last.index + last[0].length);
    }
  }

  #skip(text: string | undefined, replacement: string): boolean {
    if (text !== undefined) {
      this.#at += text.length;
      this.#replace(this.#at - text.length, replacement, replacement.charAt(0));
    }
    return text !== undefined;
  }

  /** Whole words, so that a string's prefix (`r"..."`) is only seen at the beginning of a word. */
  #copyWord(): boolean {
    const text = this.#match(word);
    if (text !== undefined) {
      this.#masked.push(text);
      this.#at += text.length;
    }
    return text !== undefined;
  }

  /** Goes over text in a string; where columns count, it becomes as many quotes. */
  #pass(length: number, replacement = ''): void {
    this.#at += length;
    this.#replace(this.#at - length, replacement, '"');
  }

  /** Puts what stands for the text since `start`: a replacement, or a filler for every character. */
  #replace(start: number, replacement: string, filler: string): void {
    if (this.#keep === 'columns') {
      this.#masked.push(this.#code.slice(start, this.#at).replaceAll(/[^\n]/g, filler));
      return;
    }
    if (replacement !== '') this.#masked.push(replacement);
    this.#keepBreaks(start);
  }

  /** The line breaks of what was passed over since `start`. */
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

/** Length of what looks like the end of a string or like a hole in it and is neither; else 0. */
function literalLength(
  code: string,
  at: number,
  { escapes, doubled, interpolation: hole }: StringRule,
  close: string,
): number {
  if ((hole === '{' && code.startsWith('{{', at)) || (doubled && code.startsWith(close + close, at))) {
    return 2;
  }
  return escapes && code[at] === '\\' && !(hole?.startsWith('\\') && code.startsWith(hole, at)) ? 2 : 0;
}

/** Columns of a tab, and the indentation in columns from which Markdown shows a line as code. */
const tabColumns = 4;
const codeColumns = 4;
const letter = /\p{L}/u;

/** The line of a text up to a position, as far as it decides whether a call may begin there. */
export class LineState {
  /** Whether there is only white space so far. */
  isBlank = true;
  /** The last character; empty at the beginning of the text. */
  last = '';
  /** Whether there is a letter so far, so that it is not only the mark of a list or of a quotation. */
  hasLetters = false;
  private indent = 0;
  /** The number of backticks that began the code within the line; 0 outside. */
  private code = 0;
  /** The number of consecutive backticks just before the position. */
  private ticks = 0;

  /** Whether Markdown shows the line as code because of its indentation. */
  get isIndentedCode(): boolean {
    return this.isBlank && this.indent >= codeColumns;
  }

  /** Whether the position is in code within the line, or directly behind a backtick. */
  get isInCode(): boolean {
    return this.code > 0 || this.ticks > 0;
  }

  /** Moves the position behind a text. */
  pass(text: string): void {
    for (const character of text) this.passCharacter(character);
  }

  /** Moves the position to the beginning of a line. */
  reset(): void {
    this.isBlank = true;
    this.hasLetters = false;
    this.indent = this.code = this.ticks = 0;
    this.last = '';
  }

  private passCharacter(character: string): void {
    if (character === '\n') this.reset();
    else if (character === '`') {
      this.ticks++;
      this.isBlank = false;
    } else {
      this.endTicks();
      if (character === ' ' || character === '\t') this.indent += character === '\t' ? tabColumns : 1;
      else if (character !== '\r') this.isBlank = false;
      this.hasLetters ||= letter.test(character);
    }
    this.last = character;
  }

  /** Code within a line ends with as many backticks as it began with. */
  private endTicks(): void {
    if (this.ticks === 0) return;
    if (this.code === 0) this.code = this.ticks;
    else if (this.code === this.ticks) this.code = 0;
    this.ticks = 0;
  }
}

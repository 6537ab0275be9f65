/** No end in the line. */
const none = -1;

/**
 * Finds literals of regular expressions (`/a[/]b/g`), which end in their line. All possible ends are computed
 * once per line, from its end, because a search from each slash would read a long line repeatedly.
 */
export class RegexLiterals {
  readonly #code: string;
  #lineStart = 0;
  #lineEnd = -1;
  /** For each character of the line: the end of the literal if it continues there outside of a class. */
  #ends = new Int32Array();

  constructor(code: string) {
    this.#code = code;
  }

  /** The literal that starts with a slash, including flags; undefined when there is none. */
  at(slash: number): string | undefined {
    if (/[*/]/.test(this.#code.charAt(slash + 1))) return undefined;
    if (slash < this.#lineStart || slash >= this.#lineEnd) this.#readLine(slash);
    const end = this.#ends[slash + 1 - this.#lineStart] ?? none;
    if (end === none) return undefined;
    const flags = /\w*/y;
    flags.lastIndex = end + 1;
    return this.#code.slice(slash, end + 1) + (flags.exec(this.#code)?.[0] ?? '');
  }

  #readLine(at: number): void {
    const next = this.#code.indexOf('\n', at);
    this.#lineStart = this.#code.lastIndexOf('\n', at) + 1;
    this.#lineEnd = next < 0 ? this.#code.length : next;
    const length = this.#lineEnd - this.#lineStart;
    this.#ends = new Int32Array(length + 2).fill(none);
    // The same for a position inside of a class (`[...]`), where a slash ends nothing.
    const inClass = new Int32Array(length + 2).fill(none);
    for (let column = length - 1; column >= 0; column--) {
      const character = this.#code[this.#lineStart + column];
      const step = character === '\\' ? 2 : 1;
      this.#ends[column] =
        character === '/'
          ? this.#lineStart + column
          : (character === '[' ? inClass : this.#ends)[column + step]!;
      inClass[column] = (character === ']' ? this.#ends : inClass)[column + step]!;
    }
  }
}

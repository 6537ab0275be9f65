/** An error the server answers in the words of Go's encoding/json. */
export class GoJsonError extends Error {
  override readonly name = 'GoJsonError';
}

/** JSON as Go writes it: `<`, `>`, `&` and the two line separators are escaped. */
export function encodeGoJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Go's %q for the strings that occur here. */
export function quote(text: string): string {
  return JSON.stringify(text);
}

/**
 * Reads the first JSON value of `text` and ignores what follows it, as Go's decoder does.
 * @throws GoJsonError with Go's own words; its message is `EOF` when there is no value at all.
 */
export function decodeGoJson(text: string): unknown {
  const scanner = new Scanner(text);
  return JSON.parse(scanner.firstValue());
}

const whitespace = /[ \t\r\n]/;
const literals: Record<string, string> = { t: 'true', f: 'false', n: 'null' };

class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  firstValue(): string {
    this.#skip();
    if (this.#at === this.#text.length) throw new GoJsonError('EOF');
    const start = this.#at;
    this.#value();
    return this.#text.slice(start, this.#at);
  }

  #skip(): void {
    while (whitespace.test(this.#text[this.#at] ?? '')) this.#at++;
  }

  #peek(): string {
    const character = this.#text[this.#at];
    if (character === undefined) throw new GoJsonError('unexpected EOF');
    return character;
  }

  #fail(where: string): never {
    const character = this.#peek();
    const shown =
      character === "'" ? "\\'" : character === '"' ? '"' : JSON.stringify(character).slice(1, -1);
    throw new GoJsonError(`invalid character '${shown}' ${where}`);
  }

  #value(): void {
    this.#skip();
    const first = this.#peek();
    if (first === '{') this.#object();
    else if (first === '[') this.#array();
    else if (first === '"') this.#string();
    else if (first === '-' || /\d/.test(first)) this.#number();
    else if (first in literals) this.#literal(literals[first]!);
    else this.#fail('looking for beginning of value');
  }

  #object(): void {
    this.#at++;
    this.#skip();
    if (this.#peek() === '}') return void this.#at++;
    do {
      this.#skip();
      if (this.#peek() !== '"') this.#fail('looking for beginning of object key string');
      this.#string();
      this.#skip();
      if (this.#peek() !== ':') this.#fail('after object key');
      this.#at++;
      this.#value();
    } while (this.#another('}', 'after object key:value pair'));
  }

  #array(): void {
    this.#at++;
    this.#skip();
    if (this.#peek() === ']') return void this.#at++;
    do this.#value();
    while (this.#another(']', 'after array element'));
  }

  #another(close: string, where: string): boolean {
    this.#skip();
    const character = this.#peek();
    if (character !== ',' && character !== close) this.#fail(where);
    this.#at++;
    return character === ',';
  }

  #string(): void {
    this.#at++;
    for (;;) {
      const character = this.#peek();
      if (character < ' ') this.#fail('in string literal');
      this.#at++;
      if (character === '"') return;
      if (character === '\\') this.#escape();
    }
  }

  #escape(): void {
    const character = this.#peek();
    if (!'bfnrt\\/"u'.includes(character)) this.#fail('in string escape code');
    this.#at++;
    if (character !== 'u') return;
    for (let digit = 0; digit < 4; digit++) {
      if (!/[\da-fA-F]/.test(this.#peek())) this.#fail('in \\u hexadecimal character escape');
      this.#at++;
    }
  }

  #number(): void {
    if (this.#peek() === '-') this.#at++;
    if (this.#peek() === '0') this.#at++;
    else this.#digits('in numeric literal');
    if (this.#text[this.#at] === '.') {
      this.#at++;
      this.#digits('after decimal point in numeric literal');
    }
    if (!/[eE]/.test(this.#text[this.#at] ?? '')) return;
    this.#at++;
    if (/[+-]/.test(this.#peek())) this.#at++;
    this.#digits('in exponent of numeric literal');
  }

  #digits(where: string): void {
    if (!/\d/.test(this.#peek())) this.#fail(where);
    while (/\d/.test(this.#text[this.#at] ?? '')) this.#at++;
  }

  #literal(word: string): void {
    for (const expected of word) {
      if (this.#peek() !== expected) this.#fail(`in literal ${word} (expecting '${expected}')`);
      this.#at++;
    }
  }
}

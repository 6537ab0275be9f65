import { isUtf8 } from 'node:buffer';
import { garbled, maxLineBytes, notUtf8, replacement, tooLong, toText } from './garbled.ts';

/** The bytes of a line that is not complete yet. They may arrive one by one, so they are kept in one buffer. */
export class LineBuffer {
  private bytes = Buffer.alloc(0);
  private length = 0;

  get isEmpty(): boolean {
    return this.length === 0;
  }

  /** @throws OllamaProtocolError when the line is too long */
  keep(bytes: Uint8Array): void {
    const length = this.length + bytes.length;
    if (length > maxLineBytes) {
      this.clear();
      throw garbled(tooLong);
    }
    if (length > this.bytes.length) this.grow(length);
    this.bytes.set(bytes, this.length);
    this.length = length;
  }

  /** The kept bytes and those after them. The buffer is empty afterwards. */
  take(last: Uint8Array): Uint8Array {
    if (this.isEmpty) return last;
    const whole = Buffer.concat([this.bytes.subarray(0, this.length), last]);
    this.clear();
    return whole;
  }

  private grow(length: number): void {
    const larger = Buffer.allocUnsafe(Math.max(length, 2 * this.bytes.length));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }

  private clear(): void {
    this.bytes = Buffer.alloc(0);
    this.length = 0;
  }
}

/**
 * Reads complete lines as text: all at once, or one by one when one of them is not UTF-8, so that those before it
 * are still delivered.
 * @param endOfLine the offset after the line that starts at an offset
 * @throws OllamaProtocolError at the first line that is not UTF-8
 */
export function readUtf8(
  block: Uint8Array,
  endOfLine: (bytes: Uint8Array, start: number) => number,
  read: (text: string) => void,
): void {
  const text = toText(block);
  // Searching for the replacement character is cheaper than checking every byte first.
  if (!text.includes(replacement) || isUtf8(block)) return read(text);
  for (let start = 0; start < block.length;) {
    const end = endOfLine(block, start);
    const line = block.subarray(start, end);
    if (!isUtf8(line)) throw garbled(notUtf8);
    read(toText(line));
    start = end;
  }
}

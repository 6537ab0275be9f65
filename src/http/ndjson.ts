import {
  garbled,
  maxLineBytes,
  notJson,
  tooLong,
  toText,
  UnfinishedLines,
  type StreamDecoder,
} from './garbled.ts';
import { parseJson } from './json.ts';
import { LineBuffer, readUtf8 } from './lineBuffer.ts';

const newline = 0x0a;

/**
 * Decodes newline-delimited JSON from arbitrary chunks. Lines are split as bytes, where a newline is never
 * part of another character, so chunks may end inside a character or a line.
 */
export class NdjsonDecoder implements StreamDecoder {
  private readonly onValue: (value: unknown) => void;
  private readonly shortcut: (line: string) => boolean;
  private readonly rest = new LineBuffer();
  private readonly blank = new UnfinishedLines();

  /**
   * @param onValue called for each value in order, before `push` returns or throws
   * @param shortcut called with every line before it is parsed; returns whether it has processed the line
   */
  constructor(onValue: (value: unknown) => void, shortcut: (line: string) => boolean = () => false) {
    this.onValue = onValue;
    this.shortcut = shortcut;
  }

  /**
   * Decodes the next bytes and delivers the value of every line that they complete.
   * @throws OllamaProtocolError at the first line that is not JSON, not UTF-8 or too long, and at too many blank ones
   */
  push(bytes: Uint8Array): void {
    const end = bytes.lastIndexOf(newline) + 1;
    if (end === 0) return this.rest.keep(bytes);
    const start = this.rest.isEmpty ? 0 : bytes.indexOf(newline) + 1;
    if (start > 0) this.readBlock(this.rest.take(bytes.subarray(0, start)));
    if (start < end) this.readBlock(start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end));
    if (end < bytes.length) this.rest.keep(bytes.subarray(end));
  }

  /**
   * Call it when the bytes have ended properly. The last line may lack its newline. An incomplete object at
   * the end is not a line: then the response has no last line, which its reader reports.
   * @throws OllamaProtocolError as `push` does
   */
  end(): void {
    if (this.rest.isEmpty) return;
    const rest = this.rest.take(new Uint8Array(0));
    const text = toText(rest);
    const isIncomplete = text.trimStart().startsWith('{') && parseJson(text) === undefined;
    if (!isIncomplete) this.readBlock(rest);
  }

  private readBlock(block: Uint8Array): void {
    readUtf8(block, endOfLine, (text) => this.readLines(text));
  }

  private readLines(text: string): void {
    let start = 0;
    for (let end = text.indexOf('\n', start); end >= 0; end = text.indexOf('\n', start)) {
      this.readLine(text.slice(start, end));
      start = end + 1;
    }
    if (start < text.length) this.readLine(text.slice(start));
  }

  private readLine(line: string): void {
    if (line.length > maxLineBytes) throw garbled(tooLong);
    if (this.shortcut(line)) return;
    if (line.trim() === '') return this.blank.count(line);
    const value = parseJson(line);
    if (value === undefined) throw garbled(notJson);
    this.blank.reset();
    this.onValue(value);
  }
}

function endOfLine(bytes: Uint8Array, start: number): number {
  const found = bytes.indexOf(newline, start);
  return found < 0 ? bytes.length : found + 1;
}

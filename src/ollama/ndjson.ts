import { isUtf8 } from 'node:buffer';
import { OllamaProtocolError } from './errors.ts';

/**
 * Longest line in bytes. The longest real line is the last one, whose `context` array grows with the
 * conversation: about 7 bytes a token, so 16 MiB are more than two million tokens.
 */
export const maxLineBytes = 16 * 1024 * 1024;

const newline = 0x0a;

/**
 * Newline-delimited JSON from bytes cut anywhere. Lines are found in the bytes, where a newline cannot be
 * part of another character, so a cut inside a character or a line needs no special care.
 */
export class NdjsonDecoder {
  private readonly onValue: (value: unknown) => void;
  private rest: Uint8Array[] = [];
  private restBytes = 0;
  private first = true;

  /** @param onValue called for each value in order, before `push` returns or throws */
  constructor(onValue: (value: unknown) => void) {
    this.onValue = onValue;
  }

  /**
   * Takes the next bytes and hands out the value of every line that they complete.
   * @throws OllamaProtocolError at the first line that is not JSON, not UTF-8 or too long
   */
  push(bytes: Uint8Array): void {
    const end = bytes.lastIndexOf(newline);
    if (end < 0) return this.keep(bytes);
    const block = this.restBytes > 0 ? this.join(bytes.subarray(0, end)) : bytes.subarray(0, end);
    this.readBlock(block);
    this.keep(bytes.subarray(end + 1));
  }

  /**
   * To be called when the bytes have ended properly: the last line may lack its newline.
   * @throws OllamaProtocolError as `push` does
   */
  end(): void {
    if (this.restBytes > 0) this.readBlock(this.join(new Uint8Array(0)));
  }

  private keep(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (this.restBytes + bytes.length > maxLineBytes) {
      this.rest = [];
      throw garbled('a line is longer than 16 MiB');
    }
    this.rest.push(bytes);
    this.restBytes += bytes.length;
  }

  private join(last: Uint8Array): Uint8Array {
    const whole = Buffer.concat([...this.rest, last]);
    this.rest = [];
    this.restBytes = 0;
    return whole;
  }

  private readBlock(block: Uint8Array): void {
    if (isUtf8(block)) return this.readLines(toText(block));
    for (let start = 0; start <= block.length;) {
      const found = block.indexOf(newline, start);
      const line = block.subarray(start, found < 0 ? block.length : found);
      if (!isUtf8(line)) throw garbled('a line is not UTF-8');
      this.readLines(toText(line));
      start += line.length + 1;
    }
  }

  private readLines(text: string): void {
    // A byte-order mark is only one at the very beginning.
    let start = this.first && text.charCodeAt(0) === 0xfeff ? 1 : 0;
    this.first = false;
    for (let end = text.indexOf('\n', start); end >= 0; end = text.indexOf('\n', start)) {
      this.readLine(text.slice(start, end));
      start = end + 1;
    }
    this.readLine(start === 0 ? text : text.slice(start));
  }

  private readLine(line: string): void {
    if (line.length > maxLineBytes) throw garbled('a line is longer than 16 MiB');
    const value = parse(line);
    if (value !== undefined) return this.onValue(value);
    if (line.trim() === '') return;
    const objects = splitObjects(line)?.map(parse);
    if (!objects || objects.includes(undefined)) throw garbled('a line is not JSON');
    for (const object of objects) this.onValue(object);
  }
}

function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Longest line that is searched for several objects: it is a rare accident of short lines. */
const maxSplitLength = 64 * 1024;

/**
 * Two objects that lost the newline between them (some gateways fold white space) are still two whole objects.
 * @returns `undefined` when the line does not consist of whole objects
 */
function splitObjects(line: string): string[] | undefined {
  if (line.length > maxSplitLength) return undefined;
  const objects: string[] = [];
  let depth = 0;
  let start = 0;
  let end = 0;
  for (const { 0: token, index } of line.matchAll(/"(?:[^"\\]|\\.)*"|[{}]/g)) {
    if (token === '{' && depth++ === 0) {
      if (line.slice(end, index).trim() !== '') return undefined;
      start = index;
    } else if (token === '}' && --depth === 0) {
      end = index + 1;
      objects.push(line.slice(start, end));
    }
    if (depth < 0) return undefined;
  }
  return depth === 0 && line.slice(end).trim() === '' ? objects : undefined;
}

function garbled(what: string): OllamaProtocolError {
  return new OllamaProtocolError(
    `The answer cannot be read (${what}): check what stands between CodeWorm and Ollama, and try again.`,
    { kind: 'garbled' },
  );
}

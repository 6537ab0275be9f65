import { garbled, maxLineBytes, tooLong, toText, UnfinishedLines, type StreamDecoder } from './garbled.ts';
import { LineBuffer, readUtf8 } from './lineBuffer.ts';

/** One event of a stream. */
export interface ServerSentEvent {
  /** `message` for an event without a name. */
  event: string;
  data: string;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Decodes server-sent events from arbitrary chunks according to the HTML standard (9.2.6): lines end with LF,
 * CR or CRLF; a line that starts with a colon is a comment; an event ends with an empty line, and is ignored
 * without one. More than 16 MiB of lines without an event with content are an error.
 */
export class ServerSentEventDecoder implements StreamDecoder {
  private readonly onEvent: (event: ServerSentEvent) => void;
  private readonly rest = new LineBuffer();
  private isFirst = true;
  /** Whether the last line ended with a CR, so that an LF at the start of the next bytes belongs to it. */
  private hasEndedWithCr = false;
  private name = '';
  private data: string[] = [];
  private readonly unfinished = new UnfinishedLines();
  /** Whether there was a field of an event. */
  hasSeenField = false;

  /** @param onEvent called for each event in order, before `push` returns or throws */
  constructor(onEvent: (event: ServerSentEvent) => void) {
    this.onEvent = onEvent;
  }

  /**
   * Decodes the next bytes and delivers every event that they complete.
   * @throws OllamaProtocolError at the first line that is not UTF-8, or too long, and at too many without an event
   */
  push(all: Uint8Array): void {
    if (all.length === 0) return;
    const bytes = this.hasEndedWithCr && all[0] === lineFeed ? all.subarray(1) : all;
    this.hasEndedWithCr = false;
    const end = Math.max(bytes.lastIndexOf(lineFeed), bytes.lastIndexOf(carriageReturn)) + 1;
    if (end > 0) {
      this.hasEndedWithCr = bytes[end - 1] === carriageReturn && end === bytes.length;
      this.readBlock(this.rest.take(bytes.subarray(0, end)));
    }
    if (end < bytes.length) this.rest.keep(bytes.subarray(end));
  }

  /** The rest is an incomplete event, which does not count. */
  end(): void {
    this.hasSeenField ||= isFieldBegun(toText(this.rest.take(new Uint8Array(0))).replace('\ufeff', ''));
  }

  /** @param block complete lines, each with its end */
  private readBlock(block: Uint8Array): void {
    readUtf8(block, endOfLine, (text) => this.readLines(text));
  }

  private readLines(text: string): void {
    // A byte-order mark is one only at the very beginning.
    const lines = (this.isFirst && text.charCodeAt(0) === 0xfeff ? text.slice(1) : text).split(/\r\n|\n|\r/);
    this.isFirst = false;
    lines.pop();
    for (const line of lines) this.readLine(line);
  }

  private readLine(line: string): void {
    if (line.length > maxLineBytes) throw garbled(tooLong);
    this.unfinished.count(line);
    if (line === '') return this.dispatch();
    const colon = line.indexOf(':');
    if (colon === 0) {
      this.hasSeenField = true;
      return;
    }
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    this.readField(name, value);
  }

  /** `id` and `retry` are for readers that reconnect; unknown fields are ignored. */
  private readField(name: string, value: string): void {
    switch (name) {
      case 'data':
        this.data.push(value);
        break;
      case 'event':
        this.name = value;
        break;
      case 'id':
      case 'retry':
        break;
      default:
        return;
    }
    this.hasSeenField = true;
  }

  private dispatch(): void {
    const { name, data } = this;
    this.name = '';
    this.data = [];
    if (data.some((line) => line !== '')) this.unfinished.reset();
    if (data.length > 0) this.onEvent({ event: name || 'message', data: data.join('\n') });
  }
}

/** Whether an incomplete line may become a field. */
function isFieldBegun(text: string): boolean {
  if (text === '') return false;
  return ['data:', 'event:', 'id:', 'retry:', ':'].some(
    (field) => text.startsWith(field) || field.startsWith(text),
  );
}

/** The end of the line that begins at `start`, including its line end. */
function endOfLine(bytes: Uint8Array, start: number): number {
  for (let index = start; index < bytes.length; index++) {
    if (bytes[index] === lineFeed) return index + 1;
    if (bytes[index] === carriageReturn) return bytes[index + 1] === lineFeed ? index + 2 : index + 1;
  }
  return bytes.length;
}

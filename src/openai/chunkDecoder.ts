import { isUtf8 } from 'node:buffer';
import { garbled, notJson, notUtf8, toText, type StreamDecoder } from '../http/garbled.ts';
import { isFields, parseJson } from '../http/json.ts';
import { LineBuffer } from '../http/lineBuffer.ts';
import { ServerSentEventDecoder, type ServerSentEvent } from '../http/serverSentEvents.ts';

/** The last event of a stream. What follows is not part of the answer. */
const end = '[DONE]';

/**
 * Decodes the JSON values of a streamed response. It is a stream of events, as requested; a server that does
 * not stream sends one JSON object instead.
 */
export class ChunkDecoder implements StreamDecoder {
  private readonly onValue: (value: unknown) => void;
  private readonly onEnd: () => void;
  private readonly events = new ServerSentEventDecoder((event) => this.readEvent(event));
  /** The bytes so far of a response that is one object. */
  private object: LineBuffer | undefined;
  private hasBegun = false;

  /**
   * @param onValue called for each value in order, error events included
   * @param onEnd called when the server announces the end of the stream
   */
  constructor(onValue: (value: unknown) => void, onEnd: () => void) {
    this.onValue = onValue;
    this.onEnd = onEnd;
  }

  push(bytes: Uint8Array): void {
    if (!this.hasBegun) this.begin(bytes);
    if (this.object) this.object.keep(bytes);
    else this.events.push(bytes);
  }

  end(): void {
    if (this.object) return this.readObject(this.object.take(new Uint8Array(0)));
    this.events.end();
    // A page of another program has lines, but no field of an event.
    if (this.hasBegun && !this.events.hasSeenField) throw garbled(notJson);
  }

  /** The first character that is neither white space nor part of a byte-order mark shows the kind. */
  private begin(bytes: Uint8Array): void {
    const first = bytes.find((byte) => byte > 0x20 && byte !== 0xef && byte !== 0xbb && byte !== 0xbf);
    if (first === undefined) return;
    this.hasBegun = true;
    if (first === 0x7b) this.object = new LineBuffer();
  }

  private readObject(bytes: Uint8Array): void {
    if (!isUtf8(bytes)) throw garbled(notUtf8);
    const value = parseJson(toText(bytes).replace('\ufeff', ''));
    if (value === undefined) throw garbled(notJson);
    this.onValue(value);
    this.onEnd();
  }

  private readEvent({ event, data }: ServerSentEvent): void {
    const trimmed = data.trim();
    if (trimmed === end) return this.onEnd();
    if (trimmed === '' && event !== 'error') return;
    const value = parseJson(data);
    if (value !== undefined) this.onValue(event === 'error' ? asError(value) : value);
    else if (event === 'error') this.onValue({ error: data });
    // Events with other names are not pieces of the answer, such as a `ping`.
    else if (event === 'message') throw garbled(notJson);
  }
}

/** The content of an event with the name `error` is an error in any form. */
function asError(value: unknown): unknown {
  return isFields(value) && 'error' in value ? value : { error: value };
}

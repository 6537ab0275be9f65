import { garbled, maxLineBytes, notJson, tooLong, toText, type StreamDecoder } from '../http/garbled.ts';
import { parseJson } from '../http/json.ts';
import { ServerSentEventDecoder, type ServerSentEvent } from '../http/serverSentEvents.ts';

/** The last event of a stream: what comes after it is no part of the answer. */
const end = '[DONE]';

/**
 * The JSON values of a streamed answer. It is a stream of events, as it was asked for; a server that does not stream
 * sends one JSON object instead.
 */
export class ChunkDecoder implements StreamDecoder {
  private readonly onValue: (value: unknown) => void;
  private readonly onEnd: () => void;
  private readonly events = new ServerSentEventDecoder((event) => this.readEvent(event));
  /** What has come of an answer that is one object. */
  private object: { pieces: Uint8Array[]; bytes: number } | undefined;
  private hasBegun = false;

  /**
   * @param onValue called for each value in order; an event that says that the server has failed is one
   * @param onEnd called when the server says that the stream is over
   */
  constructor(onValue: (value: unknown) => void, onEnd: () => void) {
    this.onValue = onValue;
    this.onEnd = onEnd;
  }

  push(bytes: Uint8Array): void {
    if (!this.hasBegun) this.begin(bytes);
    if (this.object) this.keep(this.object, bytes);
    else this.events.push(bytes);
  }

  end(): void {
    if (this.object) return this.readObject(this.object.pieces);
    this.events.end();
    // A page of another program has lines, but none that means something in a stream of events.
    if (this.hasBegun && !this.events.hasSeenField) throw garbled(notJson);
  }

  /** The first character that is not white space or a part of a byte-order mark tells what it is. */
  private begin(bytes: Uint8Array): void {
    const first = bytes.find((byte) => byte > 0x20 && byte !== 0xef && byte !== 0xbb && byte !== 0xbf);
    if (first === undefined) return;
    this.hasBegun = true;
    if (first === 0x7b) this.object = { pieces: [], bytes: 0 };
  }

  private keep(object: { pieces: Uint8Array[]; bytes: number }, bytes: Uint8Array): void {
    object.bytes += bytes.length;
    if (object.bytes > maxLineBytes) throw garbled(tooLong);
    object.pieces.push(bytes);
  }

  private readObject(pieces: Uint8Array[]): void {
    const value = parseJson(toText(Buffer.concat(pieces)));
    if (value === undefined) throw garbled(notJson);
    this.onValue(value);
    this.onEnd();
  }

  private readEvent({ event, data }: ServerSentEvent): void {
    if (data.trim() === end) return this.onEnd();
    const value = parseJson(data);
    if (value !== undefined) this.onValue(event === 'error' ? asError(value) : value);
    else if (event === 'error') this.onValue({ error: data });
    else if (data.trim() !== '') throw garbled(notJson);
  }
}

/** What an event with the name `error` carries is one, whatever its form. */
function asError(value: unknown): unknown {
  const isMarked = typeof value === 'object' && value !== null && 'error' in value;
  return isMarked ? value : { error: value };
}

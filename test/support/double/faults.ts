import { createGzip, constants, type Gzip } from 'node:zlib';
import { setTimeout as sleep } from 'node:timers/promises';
import { abortable } from './gates.ts';
import { Broken, type Headers, type HttpOutput, type Output } from './output.ts';
import type { CutKind } from './record.ts';

/** Text and bytes are written unchanged, an object as JSON, undefined not at all. */
export type LineMap = (line: Record<string, unknown>, index: number) => string | Buffer | object | undefined;

/** A fault of one request. Lines and bytes are those of the body, counted from 0. */
export type Fault =
  /** Another response: a gateway's page, a 429 with Retry-After, a 200 with HTML ... */
  | { kind: 'respond'; status: number; headers?: Headers; body?: string | Buffer }
  | { kind: 'redirect'; to: string; status?: number }
  /** The request is read and never answered. */
  | { kind: 'silent' }
  | { kind: 'closeBeforeHeaders' }
  | { kind: 'resetBeforeHeaders' }
  /** Bytes instead of a response, unchanged; then the connection closes, is reset or stays open. */
  | { kind: 'raw'; bytes: string | Uint8Array; ending: 'close' | 'reset' | 'open' }
  /** The whole server stops, as with `stop()`: all connections close, and the port refuses. */
  | { kind: 'stop' }
  /** The response ends after this many lines (and a part of the next), or after this many bytes. */
  | { kind: 'cut'; how: CutKind; afterLines: number; plusBytes?: number }
  | { kind: 'cut'; how: CutKind; afterBytes: number }
  /** `{"error": message}` instead of line `at`; then the stream ends. */
  | { kind: 'errorLine'; at: number; message: string }
  /** A text before line `at`, unchanged and without a line end. The stream continues unless `ends` is set. */
  | { kind: 'insert'; at: number; text: string; ends?: boolean }
  /** A text after the last line. */
  | { kind: 'append'; text: string }
  /** Every line is changed by a function: wrong types, missing fields, CRLF ... */
  | { kind: 'mapLines'; map: LineMap }
  /** The body in pieces of this many bytes. `pace` is awaited before each one (a number is a delay in ms). */
  | { kind: 'trickle'; bytes: number; pace?: number | ((piece: number) => Promise<void> | void) }
  | { kind: 'gzip' };

/** Faults that change a response; the others replace it. */
type Spoiler = Extract<
  Fault,
  { kind: 'cut' | 'errorLine' | 'insert' | 'append' | 'mapLines' | 'trickle' | 'gzip' }
>;

/**
 * An output that applies a fault, or undefined when the fault replaces the whole response (see
 * `replaceAnswer`).
 */
export function spoil(output: HttpOutput, fault: Fault, signal: AbortSignal): Output | undefined {
  return isSpoiler(fault) ? spoilers(fault, output, signal) : undefined;
}

function isSpoiler(fault: Fault): fault is Spoiler {
  return ['cut', 'errorLine', 'insert', 'append', 'mapLines', 'trickle', 'gzip'].includes(fault.kind);
}

function spoilers(fault: Spoiler, output: HttpOutput, signal: AbortSignal): Output {
  switch (fault.kind) {
    case 'cut':
      return new Cutting(output, fault);
    case 'errorLine':
      return new Inserting(output, {
        at: fault.at,
        text: `${JSON.stringify({ error: fault.message })}\n`,
        ends: true,
      });
    case 'insert':
      return new Inserting(output, fault);
    case 'append':
      return new Inserting(output, { at: Infinity, text: fault.text });
    case 'mapLines':
      return new Mapping(output, fault.map);
    case 'trickle':
      return new Trickling(output, fault, signal);
    case 'gzip':
      return new Zipping(output);
  }
}

/** Forwards everything; each fault overrides a part of it. */
class Through implements Output {
  protected readonly output: HttpOutput;

  constructor(output: HttpOutput) {
    this.output = output;
  }

  head(status: number, headers: Headers): void {
    // The length is wrong now, unless the response is only cut.
    const { 'Content-Length': _, ...others } = headers;
    this.output.head(status, others);
  }

  write(bytes: string | Buffer): Promise<void> | void {
    return this.output.write(bytes);
  }

  end(): Promise<void> | void {
    this.output.end();
  }
}

class Cutting extends Through {
  readonly #fault: Extract<Fault, { kind: 'cut' }>;
  #lines = 0;
  #bytes = 0;

  constructor(output: HttpOutput, fault: Extract<Fault, { kind: 'cut' }>) {
    super(output);
    this.#fault = fault;
  }

  override head(status: number, headers: Headers): void {
    if (this.#fault.how === 'end') super.head(status, headers);
    else this.output.head(status, headers);
  }

  override async write(bytes: string | Buffer): Promise<void> {
    const data = Buffer.from(bytes as string);
    const allowed = this.#allowed(data.length);
    if (allowed > 0) await this.output.write(data.subarray(0, allowed));
    this.#lines++;
    this.#bytes += data.length;
    if (allowed < data.length || this.#isOver()) await this.#break();
  }

  override async end(): Promise<void> {
    if ('afterLines' in this.#fault && this.#lines < this.#fault.afterLines) return this.output.end();
    if ('afterBytes' in this.#fault && this.#bytes < this.#fault.afterBytes) return this.output.end();
    await this.#break();
  }

  #allowed(length: number): number {
    const fault = this.#fault;
    if ('afterBytes' in fault) return Math.min(length, fault.afterBytes - this.#bytes);
    return this.#lines < fault.afterLines ? length : Math.min(length, fault.plusBytes ?? 0);
  }

  #isOver(): boolean {
    const fault = this.#fault;
    if ('afterBytes' in fault) return this.#bytes >= fault.afterBytes;
    return this.#lines >= fault.afterLines && (fault.plusBytes ?? 0) === 0;
  }

  async #break(): Promise<never> {
    await this.output.cut(this.#fault.how);
    throw new Broken();
  }
}

interface Insertion {
  at: number;
  text: string;
  ends?: boolean;
}

class Inserting extends Through {
  readonly #fault: Insertion;
  #lines = 0;

  constructor(output: HttpOutput, fault: Insertion) {
    super(output);
    this.#fault = fault;
  }

  override async write(bytes: string | Buffer): Promise<void> {
    if (this.#lines++ === this.#fault.at) await this.#insert();
    await this.output.write(bytes);
  }

  override async end(): Promise<void> {
    if (this.#lines <= this.#fault.at) await this.#insert();
    this.output.end();
  }

  async #insert(): Promise<void> {
    await this.output.write(this.#fault.text);
    if (!this.#fault.ends) return;
    await this.output.cut('end');
    throw new Broken();
  }
}

class Mapping extends Through {
  readonly #map: LineMap;
  #lines = 0;

  constructor(output: HttpOutput, map: LineMap) {
    super(output);
    this.#map = map;
  }

  override async write(bytes: string | Buffer): Promise<void> {
    const text = bytes.toString();
    const mapped = this.#map(parsed(text), this.#lines++);
    if (mapped === undefined) return;
    const isVerbatim = typeof mapped === 'string' || Buffer.isBuffer(mapped);
    await this.output.write(isVerbatim ? mapped : JSON.stringify(mapped) + (text.endsWith('\n') ? '\n' : ''));
  }
}

/** A response that is not JSON is kept unchanged as `text`. */
function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return { text };
  }
}

class Trickling extends Through {
  readonly #fault: Extract<Fault, { kind: 'trickle' }>;
  readonly #signal: AbortSignal;
  #pieces = 0;

  constructor(output: HttpOutput, fault: Extract<Fault, { kind: 'trickle' }>, signal: AbortSignal) {
    super(output);
    this.#fault = fault;
    this.#signal = signal;
  }

  override async write(bytes: string | Buffer): Promise<void> {
    const data = Buffer.from(bytes as string);
    for (let at = 0; at < data.length; at += this.#fault.bytes) {
      await this.#wait();
      await this.output.write(data.subarray(at, at + this.#fault.bytes));
    }
  }

  async #wait(): Promise<void> {
    const { pace } = this.#fault;
    if (typeof pace === 'number') await sleep(pace, undefined, { signal: this.#signal });
    else if (pace) await abortable(Promise.resolve(pace(this.#pieces++)), this.#signal);
    // Without a turn of the event loop, the pieces would be sent together.
    else await new Promise((resolve) => setImmediate(resolve));
  }
}

class Zipping extends Through {
  readonly #gzip: Gzip = createGzip({ flush: constants.Z_SYNC_FLUSH });

  override head(status: number, headers: Headers): void {
    super.head(status, { ...headers, 'Content-Encoding': 'gzip' });
  }

  override async write(bytes: string | Buffer): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#gzip.write(bytes, () => resolve());
    });
    await this.#pass();
  }

  override async end(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#gzip.end(() => resolve());
    });
    await this.#pass();
    this.output.end();
  }

  async #pass(): Promise<void> {
    const zipped = this.#gzip.read() as Buffer | null;
    if (zipped) await this.output.write(zipped);
  }
}

import type { Readable } from 'node:stream';

/**
 * The body of a response: a Node stream from node-fetch, a web stream from other implementations of fetch.
 */
export type ResponseBodySource = Readable | NodeJS.ReadableStream | ReadableStream<Uint8Array> | null;

/**
 * Bytes. With more unread bytes than this, reading pauses. A failing stream discards its own buffer, so
 * received bytes are taken out of it at once; the server is slowed down only when the reader is this far
 * behind.
 */
const highWater = 1024 * 1024;
/** Bytes that a chunk counts in addition to its own, so that tiny chunks are limited too. */
const chunkOverhead = 64;
/** Bytes in one piece at most: what is read from a connection at once. */
const portion = 64 * 1024;

/** Reads a body as it arrives. A failure is reported after everything that arrived before it. */
export class ResponseBody {
  private chunks: Uint8Array[] = [];
  private unread = 0;
  /** Bytes received so far. */
  received = 0;
  private ended = false;
  private failure: { reason: unknown } | undefined;
  private wake: (() => void) | undefined;
  private pause: (paused: boolean) => void = () => undefined;
  private pausedNow = false;
  private readonly onSettled: () => void;

  /** @param onSettled called once when the body has ended or failed */
  constructor(source: ResponseBodySource, onSettled: () => void) {
    this.onSettled = onSettled;
    if (source === null) this.settle();
    else if ('getReader' in source) void this.readWeb(source);
    else this.readNode(source as Readable);
  }

  /** Whether reading from the connection is paused because the reader is too far behind. */
  get paused(): boolean {
    return this.pausedNow;
  }

  get settled(): boolean {
    return this.ended;
  }

  /**
   * The next unread bytes; `undefined` at the end. Returns a promise only if nothing has arrived yet. Chunks
   * that arrived together are returned as one piece.
   * @throws the error of the body
   */
  next(): Uint8Array | undefined | Promise<Uint8Array | undefined> {
    if (this.chunks.length > 0) return this.takeSome();
    if (this.failure) throw this.failure.reason;
    if (this.ended) return undefined;
    return new Promise<void>((resolve) => (this.wake = resolve)).then(() => this.next());
  }

  /** Ends the body with an error at once. Unread chunks are dropped. */
  abort(reason: unknown): void {
    this.chunks = [];
    this.failure ??= { reason };
    this.settle();
  }

  private readNode(source: Readable): void {
    this.pause = (paused) => (paused ? source.pause() : source.resume());
    source.on('data', (chunk: Uint8Array) => this.take(chunk));
    source.on('end', () => this.settle());
    source.on('error', (error) => this.fail(error));
    source.on('close', () => this.fail(Object.assign(new Error('Premature close'), { code: 'ECONNRESET' })));
  }

  private async readWeb(source: ReadableStream<Uint8Array>): Promise<void> {
    const reader = source.getReader();
    let resume: (() => void) | undefined;
    this.pause = (paused) => void (paused || resume?.());
    try {
      for (let read = await reader.read(); !read.done && !this.ended; read = await reader.read()) {
        this.take(read.value);
        if (this.pausedNow) await new Promise<void>((resolve) => (resume = resolve));
      }
      if (this.ended) void reader.cancel().catch(() => undefined);
      this.settle();
    } catch (error) {
      this.fail(error);
    }
  }

  private takeSome(): Uint8Array {
    let count = 0;
    let bytes = 0;
    while (count < this.chunks.length && bytes < portion) bytes += this.chunks[count++]!.length;
    const some = this.chunks.splice(0, count);
    this.unread -= bytes + count * chunkOverhead;
    if (this.unread < highWater / 2) this.setPaused(false);
    return count > 1 ? Buffer.concat(some, bytes) : some[0]!;
  }

  private take(chunk: Uint8Array): void {
    if (this.ended || chunk.length === 0) return;
    this.chunks.push(chunk);
    this.unread += chunk.length + chunkOverhead;
    this.received += chunk.length;
    if (this.unread > highWater) this.setPaused(true);
    this.wakeUp();
  }

  private setPaused(paused: boolean): void {
    if (this.pausedNow === paused) return;
    this.pausedNow = paused;
    this.pause(paused);
  }

  private fail(reason: unknown): void {
    if (this.ended) return;
    this.failure = { reason };
    this.settle();
  }

  private settle(): void {
    if (this.ended) return;
    this.ended = true;
    this.wakeUp();
    this.onSettled();
  }

  private wakeUp(): void {
    const wake = this.wake;
    this.wake = undefined;
    wake?.();
  }
}

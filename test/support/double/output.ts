import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { deferred } from './deferred.ts';
import { abortable } from './gates.ts';
import type { CutKind } from './record.ts';

export type Headers = Record<string, string>;

/** The destination of a response. A fault is an output that changes what passes through it. */
export interface Output {
  head(status: number, headers: Headers): Promise<void> | void;
  /** One write is one HTTP chunk of a streamed response. */
  write(bytes: string | Buffer): Promise<void> | void;
  end(): Promise<void> | void;
}

/** Thrown to whatever writes a response that was ended on purpose. */
export class Broken extends Error {
  override readonly name = 'Broken';
}

/** A response on its real connection. */
export class HttpOutput implements Output {
  readonly #response: ServerResponse;
  readonly #socket: Socket;
  readonly #signal: AbortSignal;
  /** Whether the double itself has ended the response early. */
  broken = false;
  /** Called with the status as soon as it is sent. */
  onHead: (status: number) => void = () => {};

  constructor(response: ServerResponse, signal: AbortSignal) {
    this.#response = response;
    this.#socket = response.req.socket;
    this.#signal = signal;
    response.sendDate = false;
  }

  get headSent(): boolean {
    return this.#response.headersSent;
  }

  head(status: number, headers: Headers): void {
    const { 'Content-Type': type, Allow, 'Content-Length': length, ...others } = headers;
    const inGosOrder: Headers = {
      ...(Allow === undefined ? {} : { Allow }),
      ...(type === undefined ? {} : { 'Content-Type': type }),
      ...others,
      Date: headers['Date'] ?? new Date().toUTCString(),
      ...(length === undefined ? {} : { 'Content-Length': length }),
    };
    // llama-server sends its name first, and no date.
    const ordered = headers['Server'] === undefined ? inGosOrder : headers;
    // Go sends no header for a connection that it keeps.
    if (this.#response.shouldKeepAlive) this.#response.removeHeader('Connection');
    this.#response.writeHead(status, ordered);
    this.onHead(status);
  }

  write(bytes: string | Buffer): Promise<void> | void {
    if (this.#signal.aborted) throw this.#signal.reason as Error;
    if (this.#response.write(bytes)) return undefined;
    return this.#drained();
  }

  end(): void {
    this.#response.end();
  }

  async cut(how: CutKind): Promise<void> {
    this.broken = true;
    if (how === 'end') {
      if (!this.headSent) this.head(200, { 'Content-Length': '0' });
      this.#response.end();
      return;
    }
    // A head without a body has not been sent yet.
    if (this.headSent) this.#response.flushHeaders();
    await this.#flushed();
    if (how === 'reset') this.#socket.resetAndDestroy();
    else this.#socket.destroySoon();
  }

  async writeRaw(bytes: string | Uint8Array): Promise<void> {
    await this.#flushed();
    await new Promise<void>((resolve) => this.#socket.write(bytes, () => resolve()));
  }

  /** Resolves when everything written so far was passed to the system, so that a reset cannot discard it. */
  #flushed(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#socket.destroyed) resolve();
      else this.#socket.write('', () => resolve());
    });
  }

  async #drained(): Promise<void> {
    const drained = deferred();
    this.#response.once('drain', drained.resolve);
    try {
      await abortable(drained.promise, this.#signal);
    } finally {
      this.#response.off('drain', drained.resolve);
    }
  }
}

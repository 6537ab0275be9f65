import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { ResponseBody, type ResponseBodySource } from './body.ts';
import { IdleTimer } from './idleTimer.ts';
import { OllamaTimeoutError } from './errors.ts';
import { codeOf } from './networkErrors.ts';
import { localizable } from './message.ts';

/** The limits of one exchange, in milliseconds. */
export interface Limits {
  connectMs: number;
  /** Longest silence once connected; any byte in either direction starts it anew. */
  idleMs: number;
}

/** One request on the wire with its answer: its connection, its limits, and the one way to end it. */
export class HttpExchange {
  /** Given to `fetch`; never the caller's own signal, which lives longer than a request. */
  private readonly controller = new AbortController();
  private readonly deadline = new IdleTimer();
  private readonly limits: Limits;
  private readonly origin: string;
  private readonly outer: AbortSignal;
  private readonly total = new IdleTimer();
  private request: ClientRequest | undefined;
  private socket: Socket | undefined;
  private bytesBefore = 0;
  private stopped: { reason: unknown } | undefined;
  private ended = false;
  private onConnected: (() => void) | undefined;
  private body: ResponseBody | undefined;
  private onStopped: (reason: unknown) => void = () => undefined;
  /** Called once, when it needs its connection no more. */
  onEnded: () => void = () => undefined;

  /** @throws the signal's reason when it has aborted already */
  constructor(outer: AbortSignal, limits: Limits, origin: string, onConnected?: () => void) {
    outer.throwIfAborted();
    this.outer = outer;
    this.limits = limits;
    this.origin = origin;
    this.onConnected = onConnected;
    outer.addEventListener('abort', this.onOuterAbort, { once: true });
    this.deadline.after(limits.connectMs, this.onConnectTimeout);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** What it was stopped with from outside (abort, a limit), if it was. */
  get stopReason(): { reason: unknown } | undefined {
    return this.stopped;
  }

  /** Limits the whole exchange to so many milliseconds, for answers that are short by nature. */
  limitTotal(ms: number): void {
    if (this.ended) return;
    this.total.after(ms, () => {
      const message = localizable(
        'The server at {0} did not answer within {1} s: check that it runs and is not overloaded.',
        this.origin,
        ms / 1000,
      );
      this.stop(new OllamaTimeoutError(message, { kind: 'idleTimeout' }));
    });
  }

  /** To be called with the HTTP request as soon as there is one. */
  readonly watch = (request: ClientRequest): void => {
    if (this.request) return;
    this.request = request;
    request.once('socket', (socket) => {
      this.socket = socket;
      this.bytesBefore = socket.bytesRead;
      if (!socket.connecting) this.connected();
      else socket.once('encrypted' in socket ? 'secureConnect' : 'connect', () => this.connected());
    });
  };

  /** What `fetch` answers; a failure as soon as this is stopped, for not every `fetch` heeds its signal. */
  answer<T>(answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.onStopped = reject;
      answer.then(resolve, reject);
    });
  }

  /** Whether `fetch` showed its request; another implementation has a connect limit of its own. */
  get seen(): boolean {
    return this.request !== undefined;
  }

  /** The connection stands; from now on only silence is limited. */
  connected(): void {
    if (this.ended) return;
    this.deadline.silence(this.limits.idleMs, this.progress, this.onSilence);
    this.onConnected?.();
    this.onConnected = undefined;
  }

  /**
   * Whether it failed only because the server had meanwhile closed a connection that was kept from an earlier
   * request, and not a byte of an answer came: sending it again on a new one cannot repeat anything visible.
   */
  failedOnKeptConnection(failure: unknown): boolean {
    if (this.stopped || !this.request?.reusedSocket || !this.socket) return false;
    return (
      /^(?:ECONNRESET|ECONNABORTED|EPIPE)$/.test(codeOf(failure)) &&
      this.socket.bytesRead === this.bytesBefore
    );
  }

  read(source: ResponseBodySource): ResponseBody {
    this.body = new ResponseBody(source, () => this.end());
    return this.body;
  }

  /** Closes the connection at once and makes everything that waits for it fail with `reason`. */
  stop(reason: unknown): void {
    if (this.ended) return;
    this.stopped = { reason };
    // The body first: `fetch` would end it with an error of its own.
    this.body?.abort(reason);
    this.controller.abort();
    this.onStopped(reason);
    this.end();
  }

  /** Frees what it holds: limits, listeners, its place among the connections. */
  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.deadline.clear();
    this.total.clear();
    this.outer.removeEventListener('abort', this.onOuterAbort);
    this.onEnded();
  }

  private readonly onOuterAbort = (): void => this.stop(this.outer.reason);

  private readonly progress = (): number | undefined => {
    if (this.body?.paused) return undefined;
    return (this.socket ? bytesMoved(this.socket) : 0) + (this.body?.received ?? 0);
  };

  private readonly onConnectTimeout = (): void => {
    const seconds = this.limits.connectMs / 1000;
    const message = localizable(
      '{0} did not accept a connection within {1} s: check the address and that the server runs.',
      this.origin,
      seconds,
    );
    this.stop(new OllamaTimeoutError(message, { kind: 'connectTimeout' }));
  };

  private readonly onSilence = (): void => {
    const seconds = this.limits.idleMs / 1000;
    const message = localizable(
      'The server at {0} has been silent for {1} s: look at what it is doing, or raise the idle timeout.',
      this.origin,
      seconds,
    );
    this.stop(new OllamaTimeoutError(message, { kind: 'idleTimeout' }));
  };
}

/**
 * Bytes that the system has received and taken. Node counts a long prompt as written as soon as it has it; how
 * much of it the system has not taken yet only the handle knows, which the types leave out.
 */
function bytesMoved(socket: Socket): number {
  const { _handle: handle } = socket as Socket & { _handle?: { writeQueueSize?: number } | null };
  return socket.bytesRead + socket.bytesWritten - (handle?.writeQueueSize ?? 0);
}

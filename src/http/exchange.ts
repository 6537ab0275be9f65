import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { ResponseBody, type ResponseBodySource } from './body.ts';
import { IdleTimer } from './idleTimer.ts';
import { SleepWatch, tcpKeepAliveAfterSleepMs, tcpKeepAliveMs, type Liveness } from './liveness.ts';
import { OllamaTimeoutError } from './errors.ts';
import { codeOf, notHttp } from './networkErrors.ts';
import { localizable } from './message.ts';

/** The time limits of one exchange, in milliseconds. */
export interface Limits {
  connectMs: number;
  /** Longest silence after connecting. Any byte in either direction restarts it. */
  idleMs: number;
}

/** What an exchange works with. */
export interface ExchangeOptions {
  /** The caller's signal, which lives longer than a request. */
  outer: AbortSignal;
  limits: Limits;
  liveness: Liveness;
  origin: string;
  onConnected?: (() => void) | undefined;
  onReached?: (() => void) | undefined;
  /**
   * Whether the server sends a sign at once, before it starts to work. Only then does silence mean anything.
   */
  expectsSign: boolean;
  /** Called once when that sign is overdue. */
  onDoubt?: (() => void) | undefined;
}

/** Most interim responses (1xx) to one request: some gateways send one every few seconds as a sign of life. */
const mostInterim = 10_000;

/** Error codes of a connection that was closed or lost. */
const lostCodes = /^(?:ECONNRESET|ECONNABORTED|EPIPE)$/;
/**
 * Additional codes after the machine has slept, when the system checks whether the other side is still there.
 */
const lostAsleepCodes =
  /^(?:ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|ENETRESET)$/;

/** One HTTP request with its response: its connection, its time limits, and the only code that ends it. */
export class HttpExchange {
  /** Its signal is passed to `fetch`, instead of the caller's signal, which lives longer than a request. */
  private readonly controller = new AbortController();
  private readonly deadline = new IdleTimer();
  private readonly options: ExchangeOptions;
  private readonly total = new IdleTimer();
  private request: ClientRequest | undefined;
  private socket: Socket | undefined;
  private bytesBefore = 0;
  private stopped: { reason: unknown } | undefined;
  private ended = false;
  private isConnected = false;
  private isReached = false;
  private signTimer: NodeJS.Timeout | undefined;
  private sleepWatch: SleepWatch | undefined;
  private hasSlept = false;
  private isDoubted = false;
  /** Whether its connection was given up as dead before a response started. */
  isAbandoned = false;
  /** Whether the server confirmed the request before its response (`100 Continue`). */
  confirmed = false;
  private body: ResponseBody | undefined;
  private onStopped: (reason: unknown) => void = () => undefined;
  /** Called once when it no longer needs its connection. */
  onEnded: () => void = () => undefined;

  /** @throws the signal's reason when it has already aborted */
  constructor(options: ExchangeOptions) {
    const { outer, limits } = options;
    outer.throwIfAborted();
    this.options = options;
    outer.addEventListener('abort', this.onOuterAbort, { once: true });
    this.deadline.after(limits.connectMs, this.onConnectTimeout);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** The reason it was stopped with from outside (abort or time limit), if any. */
  get stopReason(): { reason: unknown } | undefined {
    return this.stopped;
  }

  /** Limits the whole exchange to this many milliseconds, for responses that are always short. */
  limitTotal(ms: number): void {
    if (this.ended) return;
    this.total.after(ms, () => {
      const message = localizable(
        'The server at {0} did not answer within {1} s: check that it runs and is not overloaded.',
        this.options.origin,
        ms / 1000,
      );
      this.stop(new OllamaTimeoutError(message, { kind: 'idleTimeout', hasBegun: this.heard }));
    });
  }

  /** Call it with the HTTP request as soon as that exists. */
  readonly watch = (request: ClientRequest): void => {
    if (this.request) return;
    this.request = request;
    request.once('continue', () => {
      this.confirmed = true;
      // Bytes from before this request are not part of its response.
      this.bytesBefore = this.socket?.bytesRead ?? 0;
      this.reached();
    });
    let interim = 0;
    request.on('information', () => ++interim > mostInterim && this.stop(notHttp(this.options.origin)));
    request.once('socket', (socket) => {
      this.socket = socket;
      this.bytesBefore = socket.bytesRead;
      if (!socket.connecting) this.connected();
      else socket.once('encrypted' in socket ? 'secureConnect' : 'connect', () => this.connected());
    });
  };

  /**
   * The result of `fetch`. Rejects as soon as this exchange is stopped, because not every `fetch` respects
   * its signal.
   */
  result<T>(fetched: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.onStopped = reject;
      fetched.then(resolve, reject);
    });
  }

  /** Whether `fetch` has shown its request. If not, `fetch` must limit the time for connecting itself. */
  get seen(): boolean {
    return this.request !== undefined;
  }

  /** Connected: switch from the connect timeout to the idle timeout. */
  connected(): void {
    if (this.ended || this.isConnected) return;
    this.isConnected = true;
    this.deadline.silence(this.options.limits.idleMs, this.progress, this.onSilence);
    this.socket?.setKeepAlive(true, tcpKeepAliveMs);
    this.sleepWatch = new SleepWatch(this.options.liveness, this.onWake);
    this.options.onConnected?.();
    if (this.options.expectsSign && this.request?.reusedSocket) this.expectSign();
    else this.reached();
  }

  /** Whether any byte has arrived since the request was sent. */
  get heard(): boolean {
    return this.confirmed || this.hasAnswerBegun;
  }

  /** Whether nothing more can happen to it. */
  get isOver(): boolean {
    return this.ended;
  }

  /** Closes a dead connection. The request may be sent again on another one. */
  abandon(): void {
    if (this.ended) return;
    this.isAbandoned = true;
    this.stop(undefined);
  }

  /**
   * Whether a request without a response may be sent again on a new connection without repeating anything
   * visible: the server had closed a kept connection, or the connection died while the machine slept.
   */
  mayBeSentAgain(failure: unknown): boolean {
    if (this.stopped || !this.socket) return false;
    if (this.hasSlept) return lostAsleepCodes.test(codeOf(failure));
    return this.request?.reusedSocket === true && lostCodes.test(codeOf(failure)) && !this.hasAnswerBegun;
  }

  read(source: ResponseBodySource): ResponseBody {
    this.body = new ResponseBody(source, () => this.end());
    return this.body;
  }

  /** Closes the connection at once. Everything that waits for it fails with `reason`. */
  stop(reason: unknown): void {
    if (this.ended) return;
    this.stopped = { reason };
    // The body first: `fetch` would end it with its own error.
    this.body?.abort(reason);
    this.controller.abort();
    this.onStopped(reason);
    this.end();
  }

  /** Releases its time limits, its listeners and its connection. */
  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.deadline.clear();
    this.total.clear();
    clearTimeout(this.signTimer);
    this.sleepWatch?.stop();
    this.options.outer.removeEventListener('abort', this.onOuterAbort);
    this.onEnded();
  }

  private get hasAnswerBegun(): boolean {
    return this.socket !== undefined && this.socket.bytesRead > this.bytesBefore;
  }

  private reached(): void {
    if (this.isReached || this.ended) return;
    this.isReached = true;
    this.options.onReached?.();
  }

  private expectSign(): void {
    clearTimeout(this.signTimer);
    // If this process was blocked, read first what has arrived meanwhile.
    this.signTimer = setTimeout(() => setImmediate(() => this.doubt()), this.options.liveness.signMs);
  }

  private doubt(): void {
    if (this.heard || this.ended || this.isDoubted) return;
    this.isDoubted = true;
    this.options.onDoubt?.();
  }

  /**
   * A server that is only slow must not be disturbed, so a confirmed request keeps waiting. TCP keep-alive
   * makes the operating system check the connection, which fails within about ten seconds if the other side
   * does not reply.
   */
  private readonly onWake = (): void => {
    this.hasSlept = true;
    if (!this.socket) return;
    this.socket.setKeepAlive(true, tcpKeepAliveAfterSleepMs);
    if (this.options.expectsSign && !this.heard) this.expectSign();
  };

  private readonly onOuterAbort = (): void => this.stop(this.options.outer.reason);

  private readonly progress = (): number | undefined => {
    if (this.body?.paused) return undefined;
    return (this.socket ? bytesMoved(this.socket) : 0) + (this.body?.received ?? 0);
  };

  private readonly onConnectTimeout = (): void => {
    const seconds = this.options.limits.connectMs / 1000;
    const message = localizable(
      '{0} did not accept a connection within {1} s: check the address and that the server runs.',
      this.options.origin,
      seconds,
    );
    this.stop(new OllamaTimeoutError(message, { kind: 'connectTimeout' }));
  };

  private readonly onSilence = (): void => {
    const seconds = this.options.limits.idleMs / 1000;
    const message = localizable(
      'The server at {0} has been silent for {1} s: check what it is doing, or raise the idle timeout.',
      this.options.origin,
      seconds,
    );
    this.stop(new OllamaTimeoutError(message, { kind: 'idleTimeout', hasBegun: this.heard }));
  };
}

/**
 * Bytes received, and bytes handed to the operating system. Node counts a long prompt as written as soon as
 * it is buffered; only the handle knows how much of it is still unsent. The types omit the handle.
 */
function bytesMoved(socket: Socket): number {
  const { _handle: handle } = socket as Socket & { _handle?: { writeQueueSize?: number } | null };
  return socket.bytesRead + socket.bytesWritten - (handle?.writeQueueSize ?? 0);
}

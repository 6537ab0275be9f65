import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { ResponseBody, type ResponseBodySource } from './body.ts';
import { IdleTimer } from './idleTimer.ts';
import { SleepWatch, tcpKeepAliveAfterSleepMs, tcpKeepAliveMs, type Liveness } from './liveness.ts';
import { OllamaTimeoutError } from './errors.ts';
import { codeOf } from './networkErrors.ts';
import { localizable } from './message.ts';

/** The limits of one exchange, in milliseconds. */
export interface Limits {
  connectMs: number;
  /** Longest silence once connected; any byte in either direction starts it anew. */
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
  /** Whether the server sends something at once, before it begins to work: then silence says something. */
  expectsSign: boolean;
  /** Called once when such a sign should have come and did not. */
  onDoubt?: (() => void) | undefined;
}

/** Failures of a connection that was closed, or lost, by the other side or on the way. */
const lostCodes = /^(?:ECONNRESET|ECONNABORTED|EPIPE)$/;
/** The same after the machine has slept, when the system asks whether the other side is still there. */
const lostAsleepCodes =
  /^(?:ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|ENETRESET)$/;

/** One request on the wire with its answer: its connection, its limits, and the one way to end it. */
export class HttpExchange {
  /** Given to `fetch`; never the caller's own signal, which lives longer than a request. */
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
  /** Whether its connection was given up as dead before anything came of an answer. */
  isAbandoned = false;
  /** Whether the server has confirmed the request before answering it (`100 Continue`). */
  confirmed = false;
  private body: ResponseBody | undefined;
  private onStopped: (reason: unknown) => void = () => undefined;
  /** Called once, when it needs its connection no more. */
  onEnded: () => void = () => undefined;

  /** @throws the signal's reason when it has aborted already */
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
        this.options.origin,
        ms / 1000,
      );
      this.stop(new OllamaTimeoutError(message, { kind: 'idleTimeout' }));
    });
  }

  /** To be called with the HTTP request as soon as there is one. */
  readonly watch = (request: ClientRequest): void => {
    if (this.request) return;
    this.request = request;
    request.once('continue', () => {
      this.confirmed = true;
      // It is no part of an answer.
      this.bytesBefore = this.socket?.bytesRead ?? 0;
      this.reached();
    });
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

  /** Connected: from the connect limit to the limit of silence. */
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

  /** Whether anything has come since the request went out. */
  get heard(): boolean {
    return this.confirmed || this.hasAnswerBegun;
  }

  /** Whether nothing more will come of it. */
  get isOver(): boolean {
    return this.ended;
  }

  /** Closes a connection that has turned out to be dead; the request may be sent again on another. */
  abandon(): void {
    if (this.ended) return;
    this.isAbandoned = true;
    this.stop(undefined);
  }

  /**
   * Whether a request without any answer so far may be sent again, on a new connection, without repeating anything
   * visible: the server had closed a connection kept from an earlier request, or the connection died while the
   * machine slept.
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
    // Where this process was held up, what has arrived meanwhile is read first.
    this.signTimer = setTimeout(() => setImmediate(() => this.doubt()), this.options.liveness.signMs);
  }

  private doubt(): void {
    if (this.heard || this.ended || this.isDoubted) return;
    this.isDoubted = true;
    this.options.onDoubt?.();
  }

  /**
   * A server that is only slow must not be disturbed, so that a confirmed request waits on: the system asks the
   * other side's system, and the connection fails within about ten seconds if nobody replies.
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
      'The server at {0} has been silent for {1} s: look at what it is doing, or raise the idle timeout.',
      this.options.origin,
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

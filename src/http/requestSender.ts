import type { ClientRequest } from 'node:http';
import type { BaseUrl } from './baseUrl.ts';
import type { Call, Fetch, FetchResponse, PermittedCall } from './call.ts';
import { delay } from './delay.ts';
import { HttpExchange, type Limits } from './exchange.ts';
import { defaultLiveness, type Liveness } from './liveness.ts';
import { classifyNetworkError } from './networkErrors.ts';
import type { LocalizableMessage } from './message.ts';
import { Pool } from './pool.ts';

/** What a sender works with. */
export interface RequestSenderOptions {
  base: BaseUrl;
  limits: Limits;
  /** Replaces node-fetch. */
  fetch: Fetch | undefined;
  liveness: Liveness | undefined;
  /** The message when nothing listens; by default to start Ollama. */
  nothingAnswers?: ((origin: string) => LocalizableMessage) | undefined;
  /** Most connections at once. */
  connections?: number | undefined;
}

/** A response whose headers have arrived. */
export interface StartedExchange {
  response: FetchResponse;
  exchange: HttpExchange;
}

/** The server, or a proxy in between, does not support `Expect`. */
const expectationFailed = 417;

/**
 * Sends requests over one pool of connections, and again on a new connection if a kept one is dead.
 *
 * A dead connection cannot be recognized by silence, because a server may work silently for minutes. So each
 * request with a body asks for `100 Continue`, which servers send when they begin to read it. If it is missing
 * on a kept connection, although this server has sent it before, a new connection is tried: if the server
 * answers there, the old connection is closed and the request is sent again. A confirmed request is never
 * disturbed.
 */
export class RequestSender {
  private readonly base: BaseUrl;
  private readonly limits: Limits;
  private readonly liveness: Liveness;
  private readonly nothingAnswers: ((origin: string) => LocalizableMessage) | undefined;
  private readonly connections: number | undefined;
  private fetch: Fetch | undefined;
  private pool: Pool | undefined;
  /** Whether requests ask for a confirmation. The built-in `fetch` refuses to. */
  private asksToConfirm: boolean;
  /** Whether the server confirmed the latest request that asked for it. */
  private confirms = false;
  private probing: Promise<boolean> | undefined;
  private closing = new AbortController();

  constructor(options: RequestSenderOptions) {
    const { base, limits, fetch, liveness = defaultLiveness, nothingAnswers, connections } = options;
    this.connections = connections;
    this.base = base;
    this.limits = limits;
    this.liveness = liveness;
    this.fetch = fetch;
    this.nothingAnswers = nothingAnswers;
    this.asksToConfirm = fetch === undefined;
  }

  /**
   * Sends a request and waits for the headers of the response.
   * @throws OllamaError; the signal's reason when it aborts
   */
  async send(call: PermittedCall): Promise<StartedExchange> {
    for (let fresh = false; ; fresh = true) {
      const exchange = this.newExchange(call);
      try {
        const response = await this.start(call, exchange, fresh);
        if (!this.isExpectationRefused(response)) return { response, exchange };
        exchange.abandon();
      } catch (error) {
        const again = exchange.isAbandoned || (!fresh && exchange.mayBeSentAgain(error));
        exchange.end();
        if (!again && exchange.stopReason) throw exchange.stopReason.reason;
        if (!again) throw classifyNetworkError(error, this.base.origin, this.nothingAnswers);
      }
    }
  }

  /** Closes all connections. Resolves when they are closed. A later request opens a new pool. */
  async close(): Promise<void> {
    const { pool, closing } = this;
    this.pool = undefined;
    this.closing = new AbortController();
    closing.abort();
    await pool?.destroy();
  }

  private newExchange(call: PermittedCall): HttpExchange {
    const { limits, liveness, base } = this;
    const { origin } = base;
    const { signal: outer, onConnected, onReached } = call;
    const onDoubt = (): void => void this.replaceIfDead(exchange, call);
    const isConfirmed = this.asksToConfirm && this.confirms && call.json !== undefined;
    const exchange: HttpExchange = new HttpExchange({
      outer,
      limits,
      liveness,
      origin,
      onConnected,
      onReached,
      expectsSign: isConfirmed || isShort(call),
      onDoubt,
    });
    if (call.totalMs !== undefined)
      exchange.limitTotal(Math.min(call.totalMs, limits.connectMs + limits.idleMs));
    return exchange;
  }

  private async start(call: PermittedCall, exchange: HttpExchange, fresh: boolean): Promise<FetchResponse> {
    // Loaded by the first request, not when the extension is activated.
    const fetch = (this.fetch ??= (await import('node-fetch')).default);
    // node-fetch destroys the body of an aborted request, and nothing handles the error of that.
    if (exchange.stopReason) throw exchange.stopReason.reason;
    const pool = (this.pool ??= new Pool(this.liveness, this.connections));
    const body = call.json === undefined ? undefined : JSON.stringify(call.json);
    const asks = this.asksToConfirm && body !== undefined;
    const init = {
      method: call.method,
      headers: {
        ...call.headers,
        ...(asks ? { expect: '100-continue' } : {}),
        ...(fresh ? { connection: 'close' } : {}),
      },
      ...(body === undefined ? {} : { body }),
      signal: exchange.signal,
      redirect: 'manual' as const,
      agent: fresh ? pool.freshAgentFor : pool.agentFor,
    };
    const watch = (request: ClientRequest): void => {
      exchange.watch(request);
      if (asks) request.once('socket', () => pool.isOwn(request) || this.stopAsking(exchange));
    };
    const fetched = pool.watching(watch, exchange.signal, () => fetch(this.base.href + call.path, init));
    if (!exchange.seen) exchange.connected();
    const response = await exchange.result(fetched);
    if (asks) this.confirms = exchange.confirmed;
    return response;
  }

  /**
   * VS Code's agent for proxies writes the head of a request with `Expect` several times. Nothing has been
   * written yet, so the request is sent on another connection without `Expect`.
   */
  private stopAsking(exchange: HttpExchange): void {
    this.asksToConfirm = false;
    exchange.abandon();
  }

  /** @returns whether to send the request again without asking for a confirmation */
  private isExpectationRefused({ status }: FetchResponse): boolean {
    if (status !== expectationFailed || !this.asksToConfirm) return false;
    this.asksToConfirm = false;
    return true;
  }

  /**
   * Returns when the request has a sign of life, or replaces its connection. Requests that may be repeated
   * need no such check.
   */
  private async replaceIfDead(exchange: HttpExchange, call: PermittedCall): Promise<void> {
    try {
      while (!exchange.isOver && !exchange.heard) {
        if (isShort(call) || (await this.isReachable(call))) {
          // Read first what has arrived meanwhile on the old connection.
          await delay(0, exchange.signal);
          if (exchange.heard) return;
          this.pool?.closeKept();
          return exchange.abandon();
        }
        await delay(this.liveness.signMs, exchange.signal);
      }
    } catch {
      // The exchange has ended.
    }
  }

  /** Whether the server answers on a new connection, with any status. Concurrent callers share one check. */
  private isReachable(call: PermittedCall): Promise<boolean> {
    this.probing ??= this.probe(call).finally(() => (this.probing = undefined));
    return this.probing;
  }

  private async probe({ headers }: PermittedCall): Promise<boolean> {
    const { limits, liveness, base } = this;
    const { origin } = base;
    const outer = this.closing.signal;
    const exchange = new HttpExchange({ outer, limits, liveness, origin, expectsSign: false });
    exchange.limitTotal(liveness.probeMs);
    try {
      await this.start({ method: 'GET', path: '/', headers, signal: exchange.signal }, exchange, true);
      return true;
    } catch {
      return false;
    } finally {
      exchange.stop(undefined);
    }
  }
}

/** Whether the response is short and comes at once, so that the request may be repeated. */
function isShort(call: Call): boolean {
  return call.totalMs !== undefined;
}

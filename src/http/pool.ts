import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { elapsedSince, momentOf, type Moment } from './clock.ts';
import { defaultLiveness, tcpKeepAliveMs, type Liveness } from './liveness.ts';
import { isLoopback } from './loopback.ts';

/** Most connections at once, most idle ones of them, and how long an idle one is kept, in milliseconds. */
export const poolLimits = { connections: 50, idle: 20, idleMs: 60_000 };

type OnRequest = (request: http.ClientRequest) => void;

const keptOptions: http.AgentOptions = {
  keepAlive: true,
  keepAliveMsecs: tcpKeepAliveMs,
  maxFreeSockets: poolLimits.idle,
  timeout: poolLimits.idleMs,
  scheduling: 'lifo',
};

/**
 * Node's agent calls `addRequest` first. It is missing in the types, although every agent library uses it.
 */
interface WithAddRequest {
  addRequest(request: http.ClientRequest, ...rest: unknown[]): void;
}

/** Documented, but missing in the types. */
interface WithKeepSocketAlive {
  keepSocketAlive(socket: Socket): boolean;
}

/** In the types it cannot be replaced, and does not always return a socket. */
interface WithCreateConnection {
  createConnection(options: object, done: (error: Error | null, socket?: Socket) => void): Socket;
}

/** Published by Node from 22.12 on for every request, also when VS Code replaces our agent with its own. */
const requestCreated = 'http.client.request.created';

/**
 * The agents of one client, created on first use. `fetch` hides its HTTP request, so the pool reports each
 * request to the code that starts one. From it, the exchange learns when it is connected and whether the
 * connection was used before.
 */
export class Pool {
  private readonly agents = new Map<string, http.Agent>();
  private watcher: OnRequest | undefined;
  private signal: AbortSignal | undefined;
  private destroyed = false;
  /** When a kept connection last worked: when it delivered the end of a response. */
  private readonly lastSigns = new WeakMap<Socket, Moment>();
  /** Requests that our own agents received, and not another agent such as VS Code's agent for proxies. */
  private readonly own = new WeakSet<http.ClientRequest>();
  private readonly liveness: Liveness;
  private readonly options: http.AgentOptions;
  private readonly onCreated = (message: unknown): void => {
    this.watcher?.((message as { request: http.ClientRequest }).request);
  };

  constructor(liveness: Liveness = defaultLiveness, connections: number = poolLimits.connections) {
    this.liveness = liveness;
    this.options = { ...keptOptions, maxSockets: connections };
    subscribe(requestCreated, this.onCreated);
  }

  /** The agent for a URL, for node-fetch's `agent` option. */
  readonly agentFor = (url: URL): http.Agent => {
    const known = this.agents.get(url.origin);
    if (known) return known;
    const agent = this.make(url, this.options);
    this.agents.set(url.origin, agent);
    return agent;
  };

  /**
   * An agent without connections, for one request that must not use a kept one. (`agent: false` does not
   * work: node-fetch ignores it, and Node's global agent keeps connections too.)
   */
  readonly freshAgentFor = (url: URL): http.Agent => this.make(url, { keepAlive: false });

  /** Whether a request got its connection from one of our agents. */
  isOwn(request: http.ClientRequest): boolean {
    return this.own.has(request);
  }

  /** Closes the idle connections, because one of the same age was dead. */
  closeKept(): void {
    for (const agent of this.agents.values()) freeSocketsOf(agent).forEach(discard);
  }

  /**
   * Calls `start` and reports every HTTP request that it makes, before it returns, to `onRequest`. `signal`
   * aborts what the request itself cannot: connecting to a proxy's tunnel.
   */
  watching<T>(onRequest: OnRequest, signal: AbortSignal, start: () => T): T {
    this.watcher = onRequest;
    this.signal = signal;
    try {
      return start();
    } finally {
      this.watcher = undefined;
      this.signal = undefined;
    }
  }

  /** Closes every connection, used or idle. Resolves when they are closed. */
  async destroy(): Promise<void> {
    unsubscribe(requestCreated, this.onCreated);
    this.destroyed = true;
    const agents = [...this.agents.values()];
    this.agents.clear();
    const sockets = agents.flatMap((agent) =>
      [agent.sockets, agent.freeSockets].flatMap((byName) => Object.values(byName).flat()),
    );
    for (const agent of agents) agent.destroy();
    await Promise.all(sockets.filter((socket) => socket !== undefined).map(closing));
  }

  private make(url: URL, options: http.AgentOptions): http.Agent {
    const all = { ...options, ...proxyOptions(url) };
    const agent = url.protocol === 'https:' ? new https.Agent(all) : new http.Agent(all);
    this.watch(agent);
    this.noteSigns(agent);
    if ('proxyEnv' in all && agent instanceof https.Agent) this.watchTunnels(agent);
    return agent;
  }

  /**
   * Node gives a request its connection only after the proxy has made the tunnel. Until then, an abort closes
   * the socket here.
   */
  private watchTunnels(agent: https.Agent): void {
    const inner = agent as unknown as WithCreateConnection;
    const create = inner.createConnection.bind(inner);
    inner.createConnection = (options, done) => {
      const { signal } = this;
      const close = () => void socket.destroy();
      const stands = () => signal?.removeEventListener('abort', close);
      const socket = create(options, (error, made) => {
        stands();
        done(error, made);
      });
      signal?.addEventListener('abort', close, { once: true });
      return socket.once('secureConnect', stands);
    };
  }

  /**
   * For Node before 22.12, which does not publish {@link requestCreated}. Also for VS Code, which passes a
   * request to an agent only after it has resolved proxies, perhaps after the pool was destroyed.
   */
  private watch(agent: http.Agent): void {
    const inner = agent as http.Agent & WithAddRequest;
    const addRequest = inner.addRequest.bind(inner);
    inner.addRequest = (request, ...rest) => {
      if (this.destroyed) return refuse(request);
      this.own.add(request);
      this.watcher?.(request);
      freeSocketsOf(agent)
        .filter((socket) => !this.isTrusted(socket))
        .forEach(discard);
      addRequest(request, ...rest);
    };
  }

  private noteSigns(agent: http.Agent): void {
    const inner = agent as unknown as WithKeepSocketAlive;
    const keep = inner.keepSocketAlive.bind(inner);
    inner.keepSocketAlive = (socket) => {
      this.lastSigns.set(socket, momentOf(this.liveness.clock));
      return keep(socket);
    };
  }

  /** False after a silence in which the machine may have slept: a new connection costs less than a check. */
  private isTrusted(socket: Socket): boolean {
    const { clock, trustMs } = this.liveness;
    const lastSign = this.lastSigns.get(socket);
    const silent = lastSign && elapsedSince(lastSign, clock);
    return silent !== undefined && silent <= trustMs;
  }
}

function freeSocketsOf(agent: http.Agent): Socket[] {
  return Object.values(agent.freeSockets).flatMap((sockets) => sockets ?? []);
}

/** The event makes the agent forget the socket at once, not only after it has closed. */
function discard(socket: Socket): void {
  socket.destroy();
  socket.emit('agentRemove');
}

/**
 * Node's own proxy support: HTTP_PROXY, HTTPS_PROXY and NO_PROXY, in upper or lower case, read when the first
 * request needs an agent. Node before 24.5 (22.21) ignores it; VS Code's own support comes first. Ollama on
 * this machine is never requested through a proxy, which could not reach it.
 */
function proxyOptions(url: URL): { proxyEnv?: NodeJS.ProcessEnv } {
  return isLoopback(url.hostname) ? {} : { proxyEnv: process.env };
}

/** A request without a connection must be told by its agent. `onSocket` is also missing in the types. */
function refuse(request: http.ClientRequest): void {
  request.destroy();
  (request as http.ClientRequest & { onSocket(socket: null): void }).onSocket(null);
}

function closing(socket: Socket): Promise<void> {
  return new Promise((resolve) => (socket.closed ? resolve() : socket.once('close', () => resolve())));
}

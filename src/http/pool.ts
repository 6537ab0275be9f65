import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { elapsedSince, momentOf, type Moment } from './clock.ts';
import { defaultLiveness, tcpKeepAliveMs, type Liveness } from './liveness.ts';
import { isLoopback } from './loopback.ts';

/** Most connections at once, of them most kept idle, and how long in milliseconds (the user's document). */
export const poolLimits = { connections: 50, idle: 20, idleMs: 60_000 };

type OnRequest = (request: http.ClientRequest) => void;

const keptOptions: http.AgentOptions = {
  keepAlive: true,
  keepAliveMsecs: tcpKeepAliveMs,
  maxSockets: poolLimits.connections,
  maxFreeSockets: poolLimits.idle,
  timeout: poolLimits.idleMs,
  scheduling: 'lifo',
};

/** Node's agent asks `addRequest` first; it is not in the types, though every agent library builds on it. */
interface WithAddRequest {
  addRequest(request: http.ClientRequest, ...rest: unknown[]): void;
}

/** Documented, but not in the types. */
interface WithKeepSocketAlive {
  keepSocketAlive(socket: Socket): boolean;
}

/** In the types it is not a property that can be replaced, nor does it always return a socket. */
interface WithCreateConnection {
  createConnection(options: object, done: (error: Error | null, socket?: Socket) => void): Socket;
}

/** Published by Node from 22.12 on for every request, also where VS Code has put another agent in our place. */
const requestCreated = 'http.client.request.created';

/**
 * The agents of one client, made on first use. `fetch` hides the request under it, so the pool shows it to
 * whoever starts one: that is how the transport knows when a connection stands and whether it was used before.
 */
export class Pool {
  private readonly agents = new Map<string, http.Agent>();
  private watcher: OnRequest | undefined;
  private signal: AbortSignal | undefined;
  private destroyed = false;
  /** When a kept connection has last shown that it works: when it brought the end of an answer. */
  private readonly lastSigns = new WeakMap<Socket, Moment>();
  /** Requests that our own agents got, and not one of somebody else's, such as that of a proxy of VS Code. */
  private readonly own = new WeakSet<http.ClientRequest>();
  private readonly liveness: Liveness;
  private readonly onCreated = (message: unknown): void => {
    this.watcher?.((message as { request: http.ClientRequest }).request);
  };

  constructor(liveness: Liveness = defaultLiveness) {
    this.liveness = liveness;
    subscribe(requestCreated, this.onCreated);
  }

  /** The agent for a URL, as node-fetch's `agent` option wants it. */
  readonly agentFor = (url: URL): http.Agent => {
    const known = this.agents.get(url.origin);
    if (known) return known;
    const agent = this.make(url, keptOptions);
    this.agents.set(url.origin, agent);
    return agent;
  };

  /**
   * An agent without any connection yet, for one request that must not meet a kept one. (`agent: false` would
   * not do: node-fetch takes it for none, and Node's global agent keeps connections too.)
   */
  readonly freshAgentFor = (url: URL): http.Agent => this.make(url, { keepAlive: false });

  /** Whether a request has got its connection from an agent of ours. */
  isOwn(request: http.ClientRequest): boolean {
    return this.own.has(request);
  }

  /** Closes the connections that are kept and not in use, for one of their age has turned out to be dead. */
  closeKept(): void {
    for (const agent of this.agents.values()) freeSocketsOf(agent).forEach(discard);
  }

  /**
   * Calls `start` and shows every HTTP request that it makes, before it returns, to `onRequest`. `signal` ends
   * what the request itself cannot: a proxy's tunnel that does not stand yet.
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

  /** Closes every connection, used or idle; resolves when they are closed. */
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

  /** Node gives a request its connection only when the proxy has made the tunnel; until then we close it. */
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
   * For Node before 22.12, which does not publish {@link requestCreated}; and VS Code hands an agent its request only
   * when it has found out about proxies, which may be after the pool was destroyed.
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

  /** Not after a silence in which the machine may have slept: a new connection costs less than finding out. */
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

/** The event makes the agent forget it at once, not when it has closed. */
function discard(socket: Socket): void {
  socket.destroy();
  socket.emit('agentRemove');
}

/**
 * Node's own proxy support: HTTP_PROXY, HTTPS_PROXY and NO_PROXY, also in small letters, as they are when the
 * first request needs an agent. Node before 24.5 (22.21) ignores it; VS Code has a support of its own, which
 * comes before ours. Ollama on this machine is never asked through a proxy, which could not reach it.
 */
function proxyOptions(url: URL): { proxyEnv?: NodeJS.ProcessEnv } {
  return isLoopback(url.hostname) ? {} : { proxyEnv: process.env };
}

/** A request learns from its agent alone that it gets no connection; `onSocket`, too, is not in the types. */
function refuse(request: http.ClientRequest): void {
  request.destroy();
  (request as http.ClientRequest & { onSocket(socket: null): void }).onSocket(null);
}

function closing(socket: Socket): Promise<void> {
  return new Promise((resolve) => (socket.closed ? resolve() : socket.once('close', () => resolve())));
}

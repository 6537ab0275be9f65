import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** Most connections at once, of them most kept idle, and how long in milliseconds (the user's document). */
export const poolLimits = { connections: 50, idle: 20, idleMs: 60_000 };

type OnRequest = (request: http.ClientRequest) => void;

const agentOptions: http.AgentOptions = {
  keepAlive: true,
  maxSockets: poolLimits.connections,
  maxFreeSockets: poolLimits.idle,
  timeout: poolLimits.idleMs,
  scheduling: 'lifo',
};

/** Node's agent asks `addRequest` first; it is not in the types, though every agent library builds on it. */
interface WithAddRequest {
  addRequest(request: http.ClientRequest, ...rest: unknown[]): void;
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
  private readonly onCreated = (message: unknown): void => {
    this.watcher?.((message as { request: http.ClientRequest }).request);
  };

  constructor() {
    subscribe(requestCreated, this.onCreated);
  }

  /** The agent for a URL, as node-fetch's `agent` option wants it. */
  readonly agentFor = (url: URL): http.Agent => {
    const known = this.agents.get(url.protocol);
    if (known) return known;
    const agent = this.make(url, agentOptions);
    this.agents.set(url.protocol, agent);
    return agent;
  };

  /**
   * An agent without any connection yet, for one request that must not meet a kept one. (`agent: false` would
   * not do: node-fetch takes it for none, and Node's global agent keeps connections too.)
   */
  readonly freshAgentFor = (url: URL): http.Agent => this.make(url, { keepAlive: false });

  /** Calls `start` and shows every HTTP request that it makes, before it returns, to `onRequest`. */
  watching<T>(onRequest: OnRequest, start: () => T): T {
    this.watcher = onRequest;
    try {
      return start();
    } finally {
      this.watcher = undefined;
    }
  }

  /** Closes every connection, used or idle; resolves when they are closed. */
  async destroy(): Promise<void> {
    unsubscribe(requestCreated, this.onCreated);
    const agents = [...this.agents.values()];
    this.agents.clear();
    const sockets = agents.flatMap((agent) =>
      [agent.sockets, agent.freeSockets].flatMap((byName) => Object.values(byName).flat()),
    );
    for (const agent of agents) agent.destroy();
    await Promise.all(sockets.filter((socket) => socket !== undefined).map(closing));
  }

  private make(url: URL, options: http.AgentOptions): http.Agent {
    const agent = url.protocol === 'https:' ? new https.Agent(options) : new http.Agent(options);
    this.watch(agent);
    return agent;
  }

  /** For Node before 22.12, which does not publish {@link requestCreated}. */
  private watch(agent: http.Agent): void {
    const inner = agent as http.Agent & WithAddRequest;
    const addRequest = inner.addRequest.bind(inner);
    inner.addRequest = (request, ...rest) => {
      this.watcher?.(request);
      addRequest(request, ...rest);
    };
  }
}

function closing(socket: Socket): Promise<void> {
  return new Promise((resolve) => (socket.closed ? resolve() : socket.once('close', () => resolve())));
}

import * as vscode from 'vscode';
import type { Config, Configuration } from '../config/configuration.ts';
import {
  OllamaClient,
  OwnWindows,
  ThinkSupport,
  type ClientDependencies,
  type Guard,
} from '../ollama/index.ts';
import { connectionOf, type Connection } from '../trust/connection.ts';
import type { Trust } from '../trust/index.ts';

/** Connections besides those of the pages of a workspace. */
const ownConnections = 50;

/** A client and the number of its current users. */
interface RefCountedClient {
  client: OllamaClient;
  users: number;
}

/**
 * Provides the client for the current settings. A change of settings creates a new client at once; the old
 * one is closed when its last user is done.
 */
export class ClientProvider implements vscode.Disposable {
  /** Shared by all clients: which models refuse thinking does not depend on the settings. */
  readonly thinkSupport = new ThinkSupport();
  private readonly trust: Trust;
  private readonly dependencies: ClientDependencies;
  private readonly replaced = new vscode.EventEmitter<OllamaClient>();
  private readonly subscription: vscode.Disposable;
  private readonly retired = new Set<RefCountedClient>();
  private held: RefCountedClient;
  /** The configuration of the current client. */
  private config: Config;

  /** Fires with the new client when its settings have changed. */
  readonly onDidReplace = this.replaced.event;

  /** @param dependencies what every client gets, besides its guard */
  constructor(configuration: Configuration, trust: Trust, dependencies: ClientDependencies) {
    this.trust = trust;
    this.dependencies = { ownWindows: new OwnWindows(), ...dependencies, thinkSupport: this.thinkSupport };
    this.config = configuration.current;
    this.held = this.make();
    this.subscription = configuration.onDidChange((config) => this.replace(config));
  }

  get current(): OllamaClient {
    return this.held.client;
  }

  /** Where the current client sends requests, with which headers, and who decided that. */
  get connection(): Connection {
    return connectionOf(this.config.client, this.config.own);
  }

  /** Decides which addresses the current client may contact. */
  get guard(): Guard {
    return this.trust.guardFor(this.config.client, this.config.own);
  }

  /** Runs `work` with the current client, which stays open until `work` is done. */
  async use<T>(work: (client: OllamaClient) => Promise<T>): Promise<T> {
    const held = this.held;
    held.users++;
    try {
      return await work(held.client);
    } finally {
      held.users--;
      if (held.users === 0 && this.retired.delete(held)) await held.client.close();
    }
  }

  /**
   * Aborts all requests to a server and closes the connections to it, including those of replaced clients.
   */
  async closeFor(address: string): Promise<void> {
    const clients = [this.held, ...this.retired].map(({ client }) => client);
    await Promise.all(clients.filter((client) => client.sentTo.has(address)).map((client) => client.close()));
  }

  /** Aborts all requests and closes all connections. */
  async close(): Promise<void> {
    await Promise.all([this.held, ...this.retired].map(({ client }) => client.close()));
  }

  dispose(): void {
    vscode.Disposable.from(this.subscription, this.replaced).dispose();
  }

  private make(): RefCountedClient {
    const { client, own, pagesParallel } = this.config;
    const guard = this.trust.guardFor(client, own);
    const connections = ownConnections + pagesParallel;
    return { client: new OllamaClient(client, { ...this.dependencies, guard, connections }), users: 0 };
  }

  private replace(config: Config): void {
    const before = this.config;
    this.config = config;
    if (JSON.stringify([config.client, config.own]) === JSON.stringify([before.client, before.own])) return;
    const old = this.held;
    this.held = this.make();
    if (old.users > 0) this.retired.add(old);
    else void old.client.close();
    this.replaced.fire(this.current);
  }
}

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

/** A client and how many still work with it. */
interface RefCountedClient {
  client: OllamaClient;
  users: number;
}

/**
 * The one client of the settings in force. A change of settings makes another one at once; whoever works with
 * the old one finishes with it, and then it is closed.
 */
export class ClientProvider implements vscode.Disposable {
  /** Of all clients: what servers have refused is not forgotten with the settings. */
  readonly thinkSupport = new ThinkSupport();
  private readonly trust: Trust;
  private readonly dependencies: ClientDependencies;
  private readonly replaced = new vscode.EventEmitter<OllamaClient>();
  private readonly subscription: vscode.Disposable;
  private readonly retired = new Set<RefCountedClient>();
  private held: RefCountedClient;
  /** What the current client was made from. */
  private config: Config;

  /** The settings of the client have changed; the event carries the new client. */
  readonly onDidReplace = this.replaced.event;

  /** @param dependencies what every client is made with, besides its guard */
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

  /** Where requests of the current client go, what goes along, and who has decided that. */
  get connection(): Connection {
    return connectionOf(this.config.client, this.config.own);
  }

  /** What may be contacted by the current client. */
  get guard(): Guard {
    return this.trust.guardFor(this.config.client, this.config.own);
  }

  /** Works with the current client, which is not closed before the work is done. */
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

  /** Ends what is under way to a server, and closes the connections to it, also those of clients that only finish. */
  async closeFor(address: string): Promise<void> {
    const clients = [this.held, ...this.retired].map(({ client }) => client);
    await Promise.all(clients.filter((client) => client.sentTo.has(address)).map((client) => client.close()));
  }

  /** Aborts everything and closes every connection. */
  async close(): Promise<void> {
    await Promise.all([this.held, ...this.retired].map(({ client }) => client.close()));
  }

  dispose(): void {
    vscode.Disposable.from(this.subscription, this.replaced).dispose();
  }

  private make(): RefCountedClient {
    const { client, own } = this.config;
    const guard = this.trust.guardFor(client, own);
    return { client: new OllamaClient(client, { ...this.dependencies, guard }), users: 0 };
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

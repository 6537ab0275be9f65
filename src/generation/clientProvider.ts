import * as vscode from 'vscode';
import type { Configuration } from '../config/configuration.ts';
import {
  OllamaClient,
  OwnWindows,
  ThinkSupport,
  type ClientDependencies,
  type OllamaSettings,
} from '../ollama/index.ts';

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
  private readonly dependencies: ClientDependencies;
  private readonly replaced = new vscode.EventEmitter<OllamaClient>();
  private readonly subscription: vscode.Disposable;
  private readonly retired = new Set<RefCountedClient>();
  private held: RefCountedClient;

  /** The settings of the client have changed; the event carries the new client. */
  readonly onDidReplace = this.replaced.event;

  /** @param parts what every client is made with */
  constructor(configuration: Configuration, dependencies: ClientDependencies) {
    this.dependencies = { ownWindows: new OwnWindows(), ...dependencies, thinkSupport: this.thinkSupport };
    this.held = this.make(configuration.current.client);
    this.subscription = configuration.onDidChange(({ client }) => this.replace(client));
  }

  get current(): OllamaClient {
    return this.held.client;
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
  async closeFor(origin: string): Promise<void> {
    const clients = [this.held, ...this.retired].map(({ client }) => client);
    await Promise.all(clients.filter((client) => client.sentTo.has(origin)).map((client) => client.close()));
  }

  /** Aborts everything and closes every connection. */
  async close(): Promise<void> {
    await Promise.all([this.held, ...this.retired].map(({ client }) => client.close()));
  }

  dispose(): void {
    vscode.Disposable.from(this.subscription, this.replaced).dispose();
  }

  private make(settings: OllamaSettings): RefCountedClient {
    return { client: new OllamaClient(settings, this.dependencies), users: 0 };
  }

  private replace(settings: OllamaSettings): void {
    if (JSON.stringify(settings) === JSON.stringify(this.settings)) return;
    const old = this.held;
    this.held = this.make(settings);
    if (old.users > 0) this.retired.add(old);
    else void old.client.close();
    this.replaced.fire(this.current);
  }

  private get settings(): OllamaSettings {
    return this.held.client.settings;
  }
}

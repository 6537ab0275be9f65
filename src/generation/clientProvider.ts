import * as vscode from 'vscode';
import type { Config, Configuration } from '../config/configuration.ts';
import type { ServerType } from '../config/serverTypes.ts';
import {
  OllamaClient,
  isLikelyOllama,
  OwnWindows,
  ThinkSupport,
  type ClientDependencies,
  type Guard,
  type ModelClient,
} from '../ollama/index.ts';
import type { FieldSupport } from '../openai/index.ts';
import { connectionOf, type Connection } from '../trust/connection.ts';
import type { Trust } from '../trust/index.ts';
import { KnownServers, mayBeAnotherServer, recognizeServer } from './serverType.ts';

/** Connections in addition to those of the pages of a workspace. */
const ownConnections = 50;

/** A client and the number of its current users. */
interface RefCountedClient {
  client: ModelClient;
  users: number;
  /** Whether the client is known to match the server's protocol. Errors that make it doubtful end that. */
  isSettled: boolean;
}

/**
 * Provides the client for the current settings. A change of settings creates a new client at once; the old
 * one is closed when its last user is done. It starts as Ollama's client. Its first use recognizes the
 * server's protocol, and loads the other client if necessary.
 */
export class ClientProvider implements vscode.Disposable {
  /** Shared by all clients: which models refuse thinking does not depend on the settings. */
  readonly thinkSupport = new ThinkSupport();
  private readonly trust: Trust;
  private readonly dependencies: ClientDependencies;
  private readonly knownServers: KnownServers;
  /** The fields that OpenAI-compatible servers have refused; shared by their clients. */
  private fields: FieldSupport | undefined;
  private settling: Promise<void> | undefined;
  private readonly replaced = new vscode.EventEmitter<ModelClient>();
  private readonly subscription: vscode.Disposable;
  private readonly retired = new Set<RefCountedClient>();
  private held: RefCountedClient;
  /** The configuration of the current client. */
  private config: Config;

  /** Fires with the new client when its settings have changed. */
  readonly onDidReplace = this.replaced.event;

  /**
   * @param dependencies what every client gets, besides its guard
   * @param state remembers which addresses use OpenAI's protocol
   */
  constructor(
    configuration: Configuration,
    trust: Trust,
    dependencies: ClientDependencies,
    state?: vscode.Memento,
  ) {
    this.trust = trust;
    this.knownServers = new KnownServers(state);
    this.dependencies = { ownWindows: new OwnWindows(), ...dependencies, thinkSupport: this.thinkSupport };
    this.config = configuration.current;
    this.held = this.make();
    this.subscription = configuration.onDidChange((config) => this.replace(config));
  }

  get current(): ModelClient {
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

  /** Runs `work` with the client for the server's protocol, which stays open until `work` is done. */
  async use<T>(work: (client: ModelClient) => Promise<T>): Promise<T> {
    if (!this.held.isSettled) {
      this.settling ??= this.settle().finally(() => (this.settling = undefined));
      await this.settling;
    }
    return this.holding(this.held, work);
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

  private async holding<T>(held: RefCountedClient, work: (client: ModelClient) => Promise<T>): Promise<T> {
    held.users++;
    try {
      return await work(held.client);
    } catch (error) {
      if (this.config.serverType === 'auto' && mayBeAnotherServer(error)) held.isSettled = false;
      throw error;
    } finally {
      held.users--;
      if (held.users === 0 && this.retired.delete(held)) await held.client.close();
    }
  }

  /** Recognizes the server's protocol, and replaces the client if it is another one. Never rejects. */
  private async settle(): Promise<void> {
    for (let held = this.held; !held.isSettled; held = this.held) {
      const { address } = held.client;
      const type = await this.holding(held, (client) => this.typeOf(client));
      if (this.held !== held) continue;
      // If the server does not answer, it may be asked again; until then the earlier result is used.
      const isOpenAI = type === 'openai' || (type === undefined && this.knownServers.isOpenAI(address));
      if (type !== undefined) this.knownServers.remember(address, type);
      held.isSettled = type !== undefined;
      if (isOpenAI) await this.useOpenAI(held, type !== undefined);
      else if (type === 'ollama' && !(held.client instanceof OllamaClient))
        this.hold({ ...this.make(), isSettled: true });
      if (type === undefined) return;
    }
  }

  private async typeOf(client: ModelClient): Promise<ServerType | undefined> {
    const { serverType, client: settings } = this.config;
    if (serverType !== 'auto') return serverType;
    const ollama = client instanceof OllamaClient ? client : this.make().client;
    try {
      return await recognizeServer(ollama, async () => {
        const { speaksOpenAI } = await import('../openai/index.ts');
        return speaksOpenAI(settings, { guard: this.guard }, new AbortController().signal);
      });
    } finally {
      if (ollama !== client) await ollama.close();
    }
  }

  private async useOpenAI(held: RefCountedClient, isSettled: boolean): Promise<void> {
    const { OpenAIClient, FieldSupport } = await import('../openai/index.ts');
    if (this.held !== held || held.client instanceof OpenAIClient) return;
    this.fields ??= new FieldSupport();
    const { guard, fields, connections } = this;
    const client = new OpenAIClient(this.config.client, { ...this.dependencies, guard, fields, connections });
    this.hold({ client, users: 0, isSettled });
  }

  private get connections(): number {
    return ownConnections + this.config.pagesParallel;
  }

  private make(): RefCountedClient {
    const { client, own, serverType } = this.config;
    const guard = this.trust.guardFor(client, own);
    const { connections } = this;
    const isUnknownServer = serverType === 'auto' && !isLikelyOllama(client.baseUrl);
    const more = { guard, connections, isUnknownServer, acceptsAnyName: true };
    const ollama = new OllamaClient(client, { ...this.dependencies, ...more });
    return { client: ollama, users: 0, isSettled: serverType === 'ollama' };
  }

  private replace(config: Config): void {
    const before = this.config;
    this.config = config;
    if (clientPart(config) !== clientPart(before)) this.hold(this.make());
  }

  private hold(held: RefCountedClient): void {
    const old = this.held;
    this.held = held;
    if (old.users > 0) this.retired.add(old);
    else void old.client.close();
    this.replaced.fire(this.current);
  }
}

/** The settings that a client depends on, for comparing. */
function clientPart({ client, own, serverType }: Config): string {
  return JSON.stringify([client, own, serverType]);
}

import type * as vscode from 'vscode';

/** The origins that have a key; the keys themselves are only in the secret storage. */
const storageKey = 'keyOrigins';
const secretOf = (origin: string): string => `codeworm.apiKey ${origin}`;

/**
 * API keys, each bound to the origin that it was set for. They are read when the first request needs one, and kept:
 * a look into the secret storage at every request would make it wait.
 */
export class ApiKeys implements vscode.Disposable {
  private readonly secrets: vscode.SecretStorage;
  private readonly memory: vscode.Memento;
  private readonly known = new Map<string, Promise<string | undefined>>();
  private readonly subscription: vscode.Disposable;

  constructor(secrets: vscode.SecretStorage, memory: vscode.Memento) {
    this.secrets = secrets;
    this.memory = memory;
    // Another window may have changed it.
    this.subscription = secrets.onDidChange(() => this.known.clear());
  }

  /** Origins that have a key. */
  get origins(): readonly string[] {
    return this.memory.get<string[]>(storageKey, []);
  }

  /** The key of an origin; none where there is none, or where the secret storage does not work. */
  async keyOf(origin: string): Promise<string | undefined> {
    // Most servers have none: then the key ring, which may be locked, is left alone.
    if (!this.origins.includes(origin)) return undefined;
    const known = this.known.get(origin) ?? this.read(origin);
    this.known.set(origin, known);
    return known;
  }

  async set(origin: string, key: string): Promise<void> {
    await this.secrets.store(secretOf(origin), key);
    this.known.clear();
    await this.memory.update(storageKey, [...new Set([...this.origins, origin])]);
  }

  async clear(origin: string): Promise<void> {
    await this.secrets.delete(secretOf(origin));
    this.known.clear();
    await this.memory.update(
      storageKey,
      this.origins.filter((other) => other !== origin),
    );
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private async read(origin: string): Promise<string | undefined> {
    try {
      return await this.secrets.get(secretOf(origin));
    } catch {
      // The request goes out without a key, and the server says that one is missing; the next one asks again.
      this.known.delete(origin);
      return undefined;
    }
  }
}

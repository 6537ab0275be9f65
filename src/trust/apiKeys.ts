import type * as vscode from 'vscode';

/**
 * The addresses that have a key; the keys themselves are only in the secret storage. Of keys that were set before paths
 * counted it is the origin, and so the root alone.
 */
const storageKey = 'keyOrigins';
const secretOf = (address: string): string => `codeworm.apiKey ${address}`;

/**
 * API keys, each bound to the address (origin and path) that it was set for. They are read when the first request needs one, and kept:
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

  /** Addresses that have a key. */
  get addresses(): readonly string[] {
    return this.memory.get<string[]>(storageKey, []);
  }

  /** The key of an address; none where there is none, or where the secret storage does not work. */
  async keyOf(address: string): Promise<string | undefined> {
    // Most servers have none: then the key ring, which may be locked, is left alone.
    if (!this.addresses.includes(address)) return undefined;
    const known = this.known.get(address) ?? this.read(address);
    this.known.set(address, known);
    return known;
  }

  async set(address: string, key: string): Promise<void> {
    await this.secrets.store(secretOf(address), key);
    this.known.clear();
    await this.memory.update(storageKey, [...new Set([...this.addresses, address])]);
  }

  async clear(address: string): Promise<void> {
    await this.secrets.delete(secretOf(address));
    this.known.clear();
    await this.memory.update(
      storageKey,
      this.addresses.filter((other) => other !== address),
    );
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private async read(address: string): Promise<string | undefined> {
    try {
      return await this.secrets.get(secretOf(address));
    } catch {
      // The request goes out without a key, and the server says that one is missing; the next one asks again.
      this.known.delete(address);
      return undefined;
    }
  }
}

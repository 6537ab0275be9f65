import type * as vscode from 'vscode';

/**
 * Storage key of the addresses that have an API key. The keys themselves are only in the secret storage.
 * Older entries have an origin without a path, so they are valid for the root only.
 */
const storageKey = 'keyOrigins';
const secretOf = (address: string): string => `codeworm.apiKey ${address}`;

/**
 * API keys, each bound to the address (origin and path) for which it was set. A key is read for the first
 * request that needs it, and cached: reading the secret storage each time would delay every request.
 */
export class ApiKeys implements vscode.Disposable {
  private readonly secrets: vscode.SecretStorage;
  private readonly storage: vscode.Memento;
  private readonly known = new Map<string, Promise<string | undefined>>();
  private readonly subscription: vscode.Disposable;

  constructor(secrets: vscode.SecretStorage, storage: vscode.Memento) {
    this.secrets = secrets;
    this.storage = storage;
    // Another window may have changed a key.
    this.subscription = secrets.onDidChange(() => this.known.clear());
  }

  /** Addresses that have a key. */
  get addresses(): readonly string[] {
    return this.storage.get<string[]>(storageKey, []);
  }

  /** The key of an address; undefined when there is none, or when the secret storage fails. */
  async keyOf(address: string): Promise<string | undefined> {
    // Most servers have no key. Then the system's key ring, which may be locked, is not accessed.
    if (!this.addresses.includes(address)) return undefined;
    const known = this.known.get(address) ?? this.read(address);
    this.known.set(address, known);
    return known;
  }

  async set(address: string, key: string): Promise<void> {
    await this.secrets.store(secretOf(address), key);
    this.known.clear();
    await this.storage.update(storageKey, [...new Set([...this.addresses, address])]);
  }

  async clear(address: string): Promise<void> {
    await this.secrets.delete(secretOf(address));
    this.known.clear();
    await this.storage.update(
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
      // The request is sent without a key, and the server reports that one is missing. The next request reads
      // the key again.
      this.known.delete(address);
      return undefined;
    }
  }
}

import * as vscode from 'vscode';
import type { Guard, OllamaSettings } from '../ollama/index.ts';
import { watchSharedFile } from './revocationWatcher.ts';
import { Revocations, revocationsFile } from './revocations.ts';
import { ApiKeys } from './apiKeys.ts';
import { Approvals } from './approvals.ts';
import type { AddressSettings } from './connection.ts';
import { guardFor } from './guard.ts';
import { SentLog } from './sentLog.ts';

type TrustStorage = Pick<vscode.ExtensionContext, 'globalState' | 'secrets' | 'globalStorageUri'>;

/**
 * The user's decisions about servers, and a log of prompts per server. Every client checks it before every
 * request.
 */
export class Trust implements vscode.Disposable {
  readonly approvals: Approvals;
  readonly apiKeys: ApiKeys;
  readonly sent: SentLog;

  private readonly storage: vscode.Uri;
  private readonly revocations: Revocations;
  private readonly revoked = new vscode.EventEmitter<string>();
  private watcher: vscode.Disposable | undefined;
  private isDisposed = false;

  /** Fires with the address when an approval has been revoked, in this or another window. */
  readonly onDidRevoke = this.revoked.event;

  constructor({ globalState, secrets, globalStorageUri }: TrustStorage) {
    this.storage = globalStorageUri;
    this.revocations = new Revocations(globalStorageUri.fsPath);
    this.approvals = new Approvals(globalState, this.revocations);
    this.apiKeys = new ApiKeys(secrets, globalState);
    this.sent = new SentLog(globalState);
  }

  /**
   * The guard of a client.
   * @param own the user's own settings
   */
  guardFor(settings: OllamaSettings, own: AddressSettings): Guard {
    return guardFor(this, settings, own);
  }

  /** Starts to watch for revocations in other windows. */
  async watch(): Promise<void> {
    let before = this.revocations.entries;
    const watcher = await watchSharedFile(this.storage, revocationsFile, () => {
      const now = this.revocations.entries;
      for (const [address, time] of now)
        if (before.get(address) !== time && !this.approvals.has(address)) this.revoked.fire(address);
      before = now;
    });
    if (this.isDisposed) watcher.dispose();
    else this.watcher = watcher;
  }

  dispose(): void {
    this.isDisposed = true;
    this.watcher?.dispose();
    this.revoked.dispose();
    this.apiKeys.dispose();
  }
}

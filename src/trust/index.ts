import type * as vscode from 'vscode';
import type { Guard } from '../ollama/index.ts';
import { ApiKeys } from './apiKeys.ts';
import { Approvals } from './approvals.ts';
import { SentLog } from './sentLog.ts';

/** What the user has decided about servers, and what went to them; the client asks it before every request. */
export class Trust implements Guard, vscode.Disposable {
  readonly approvals: Approvals;
  readonly apiKeys: ApiKeys;
  readonly sent: SentLog;

  constructor({ globalState, secrets }: Pick<vscode.ExtensionContext, 'globalState' | 'secrets'>) {
    this.approvals = new Approvals(globalState);
    this.apiKeys = new ApiKeys(secrets, globalState);
    this.sent = new SentLog(globalState);
  }

  mayContact(origin: string): boolean {
    return this.approvals.has(origin);
  }

  apiKey(origin: string): Promise<string | undefined> {
    return this.apiKeys.keyOf(origin);
  }

  promptSent(origin: string): void {
    this.sent.add(origin);
  }

  dispose(): void {
    this.apiKeys.dispose();
  }
}

import * as vscode from 'vscode';
import type { Configuration } from '../config/configuration.ts';
import { none, type Outcome } from './outcome.ts';

/** Storage key of the end of a pause, in ms since the epoch. */
const pausedUntilKey = 'suggestionsPausedUntil';

/** Whether suggestions are on: by the setting, in a trusted workspace, and not paused. */
export class SuggestionSwitch implements vscode.Disposable {
  private readonly configuration: Configuration;
  private readonly storage: vscode.Memento;
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscriptions: vscode.Disposable;
  private timer: NodeJS.Timeout | undefined;

  readonly onDidChange = this.changed.event;

  constructor(configuration: Configuration, storage: vscode.Memento) {
    this.configuration = configuration;
    this.storage = storage;
    this.subscriptions = vscode.Disposable.from(
      configuration.onDidChange(() => this.changed.fire()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.changed.fire()),
      this.changed,
    );
    this.schedule();
  }

  /** Why there are no suggestions anywhere; undefined while they are on. */
  get refusal(): (Outcome & { kind: 'none' }) | undefined {
    if (!this.configuration.current.completion.enabled) return none('off');
    if (!vscode.workspace.isTrusted) return none('untrusted');
    return this.pausedUntil > Date.now() ? none('paused', timeText(this.pausedUntil)) : undefined;
  }

  /** Whether the setting turns them on, paused or not. */
  get isEnabled(): boolean {
    return this.configuration.current.completion.enabled;
  }

  async pause(ms: number): Promise<void> {
    await this.pauseUntil(Date.now() + ms);
  }

  async resume(): Promise<void> {
    await this.pauseUntil(0);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.subscriptions.dispose();
  }

  private get pausedUntil(): number {
    return this.storage.get<number>(pausedUntilKey, 0);
  }

  private async pauseUntil(time: number): Promise<void> {
    await this.storage.update(pausedUntilKey, time || undefined);
    this.schedule();
    this.changed.fire();
  }

  private schedule(): void {
    clearTimeout(this.timer);
    const left = this.pausedUntil - Date.now();
    if (left > 0) this.timer = setTimeout(() => this.changed.fire(), left);
  }
}

function timeText(time: number): string {
  return new Intl.DateTimeFormat(vscode.env.language, { timeStyle: 'short' }).format(time);
}

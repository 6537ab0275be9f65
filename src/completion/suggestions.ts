import * as vscode from 'vscode';
import type { Configuration } from '../config/configuration.ts';
import type { ClientProvider } from '../generation/clientProvider.ts';
import type { Priorities } from '../generation/priorities.ts';
import type { Monitor } from '../status/monitor.ts';
import type { SuggestionService } from './service.ts';

/** What suggestions need from the extension. */
export interface SuggestionDependencies {
  configuration: Configuration;
  clients: ClientProvider;
  monitor: Monitor;
  priorities: Priorities;
  /** Stored by this VS Code, for all windows. */
  globalState: vscode.Memento;
  log: vscode.LogOutputChannel;
}

/** Suggestions while typing. Their code is loaded when they are turned on or a command needs it. */
export class Suggestions implements vscode.Disposable {
  private readonly dependencies: SuggestionDependencies;
  private readonly subscriptions: vscode.Disposable;
  private readonly changed = new vscode.EventEmitter<void>();
  private loading: Promise<SuggestionService> | undefined;
  private service: SuggestionService | undefined;

  /** Fires when the tooltip's text has changed. */
  readonly onDidChange = this.changed.event;

  constructor(dependencies: SuggestionDependencies) {
    this.dependencies = dependencies;
    this.subscriptions = vscode.Disposable.from(
      dependencies.configuration.onDidChange(() => this.start()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.start()),
    );
  }

  /** Loads the code for suggestions if they are on. */
  start(): void {
    if (this.dependencies.configuration.current.completion.enabled && vscode.workspace.isTrusted)
      void this.load();
  }

  load(): Promise<SuggestionService> {
    this.loading ??= import('./service.ts').then(({ SuggestionService: Service }) => {
      this.service = new Service(this.dependencies, () => this.changed.fire());
      this.changed.fire();
      return this.service;
    });
    return this.loading;
  }

  /** Lines for the status bar's tooltip. */
  get tooltipLines(): readonly string[] {
    return this.service?.tooltipLines ?? [];
  }

  dispose(): void {
    vscode.Disposable.from(
      this.subscriptions,
      this.changed,
      ...(this.service ? [this.service] : []),
    ).dispose();
  }
}

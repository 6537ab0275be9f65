import * as vscode from 'vscode';
import type { Configuration } from '../config/configuration.ts';
import type { ClientProvider } from '../generation/clientProvider.ts';
import type { Priorities } from '../generation/priorities.ts';
import type { Monitor } from '../status/monitor.ts';
import type { SuggestionService } from './service.ts';

/** What suggestions while typing need of the extension. */
export interface SuggestionDependencies {
  configuration: Configuration;
  clients: ClientProvider;
  monitor: Monitor;
  priorities: Priorities;
  /** Kept by this VS Code, for all windows. */
  globalState: vscode.Memento;
  log: vscode.LogOutputChannel;
}

/** Suggestions while typing; what makes them is loaded once they are on, or a command asks for it. */
export class Suggestions implements vscode.Disposable {
  private readonly dependencies: SuggestionDependencies;
  private readonly subscriptions: vscode.Disposable;
  private readonly changed = new vscode.EventEmitter<void>();
  private loading: Promise<SuggestionService> | undefined;
  private service: SuggestionService | undefined;

  /** What the tooltip says has changed. */
  readonly onDidChange = this.changed.event;

  constructor(dependencies: SuggestionDependencies) {
    this.dependencies = dependencies;
    this.subscriptions = vscode.Disposable.from(
      dependencies.configuration.onDidChange(() => this.start()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.start()),
    );
  }

  /** Loads what makes suggestions, if the user wants them here. */
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

  /** What the status bar's tooltip says of them. */
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

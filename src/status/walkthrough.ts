import * as vscode from 'vscode';
import { walkthroughId, type ContextKey } from '../contributions.ts';
import { setContextKey } from '../ui/contextKeys.ts';
import type { Outcome } from '../generation/queue.ts';
import type { Configuration } from '../config/configuration.ts';
import type { Monitor } from './monitor.ts';
import { sameModel } from '../ollama/index.ts';
import type { ServerFacts } from './status.ts';

/** The context keys that complete the steps of the walkthrough. */
const keys = [
  'codeworm.serverAnswers',
  'codeworm.modelReady',
  'codeworm.hasExplained',
  'codeworm.hasWrittenPage',
  'codeworm.suggestionsOn',
] as const satisfies readonly ContextKey[];

type Key = (typeof keys)[number];

/**
 * Sets context keys for what the user has reached; they complete the steps of the walkthrough. Nothing is stored:
 * VS Code itself remembers completed steps. It reads a walkthrough when one is first opened, and a key that is
 * already true then completes no step. So the keys are true only while there is a tab that may be the walkthrough.
 */
export class WalkthroughProgress implements vscode.Disposable {
  private readonly monitor: Monitor;
  private readonly configuration: Configuration;
  private readonly subscriptions: vscode.Disposable;
  private readonly reached = new Set<Key>();
  /** The keys that are true in VS Code. */
  private readonly told = new Set<Key>();
  private hasOpened = false;
  private isWaiting = false;

  constructor(monitor: Monitor, configuration: Configuration) {
    this.monitor = monitor;
    this.configuration = configuration;
    this.subscriptions = vscode.Disposable.from(
      configuration.onDidChange(() => this.update()),
      monitor.onDidChange(() => this.update()),
      vscode.window.tabGroups.onDidChangeTabs(() => this.tell()),
    );
  }

  /**
   * Opens the walkthrough. The first time, the keys are set only when it is open, because another page of VS
   * Code may be open before it.
   */
  async open(): Promise<void> {
    this.isWaiting = !this.hasOpened;
    this.tell();
    try {
      await vscode.commands.executeCommand('workbench.action.openWalkthrough', walkthroughId, false);
      this.hasOpened = true;
    } finally {
      this.isWaiting = false;
      this.tell();
    }
  }

  /** Called when an explanation has ended. */
  explained(outcome: Outcome): void {
    if (isWhole(outcome)) this.set('codeworm.hasExplained', true);
  }

  /** Called when a page has ended. */
  wrotePage(outcome: Outcome): void {
    if (isWhole(outcome)) this.set('codeworm.hasWrittenPage', true);
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private update(): void {
    const { facts } = this.monitor;
    this.set('codeworm.serverAnswers', answers(facts));
    this.set('codeworm.modelReady', answers(facts) && hasModel(facts));
    this.set('codeworm.suggestionsOn', this.configuration.current.completion.enabled);
  }

  private set(key: Key, value: boolean): void {
    if (value) this.reached.add(key);
    else this.reached.delete(key);
    this.tell();
  }

  /** Sets a key only when it changes, because the monitor reports often. */
  private tell(): void {
    const mayBeOpen =
      !this.isWaiting && vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(mayBeWalkthrough));
    for (const key of keys) {
      const value = mayBeOpen && this.reached.has(key);
      if (this.told.has(key) === value) continue;
      if (value) this.told.add(key);
      else this.told.delete(key);
      setContextKey(key, value);
    }
  }
}

/** The tab of a walkthrough has no input, like all tabs of VS Code's own pages. */
function mayBeWalkthrough({ input }: vscode.Tab): boolean {
  return input === undefined;
}

/** Another program has no version of Ollama, and a gateway that requires a key does not show it. */
function answers({ online, version }: ServerFacts): boolean {
  return online === true && version !== undefined;
}

/** Whether the server lists the model. Not being known as missing is not enough. */
function hasModel({ model, installed }: ServerFacts): boolean {
  return model !== undefined && installed.some(({ name }) => sameModel(name, model));
}

/** Complete: neither cancelled, nor interrupted, nor cut at the token limit. */
function isWhole(outcome: Outcome): boolean {
  return (
    outcome.kind === 'finished' && outcome.result.doneReason !== 'length' && outcome.result.text.trim() !== ''
  );
}

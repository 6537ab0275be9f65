import * as vscode from 'vscode';
import { walkthroughId, type ContextKey } from '../contributions.ts';
import { setContextKey } from '../ui/contextKeys.ts';
import type { Outcome } from '../generation/queue.ts';
import type { Configuration } from '../config/configuration.ts';
import type { Monitor } from './monitor.ts';
import { sameModel } from '../ollama/index.ts';
import type { ServerFacts } from './status.ts';

/** The context keys, and the walkthrough step that each one completes. */
const steps = {
  'codeworm.serverAnswers': 'ollama',
  'codeworm.modelReady': 'model',
  'codeworm.hasExplained': 'explain',
  'codeworm.hasWrittenPage': 'page',
  'codeworm.suggestionsOn': 'suggestions',
} as const satisfies Partial<Record<ContextKey, string>>;

type Key = keyof typeof steps;

/**
 * Sets context keys for what the user has reached; they complete the steps of the walkthrough. Nothing is
 * stored: VS Code itself remembers completed steps.
 */
export class WalkthroughProgress implements vscode.Disposable {
  private readonly monitor: Monitor;
  private readonly configuration: Configuration;
  private readonly subscriptions: vscode.Disposable;
  private readonly reached = new Set<Key>();

  constructor(monitor: Monitor, configuration: Configuration) {
    this.monitor = monitor;
    this.configuration = configuration;
    this.subscriptions = vscode.Disposable.from(
      configuration.onDidChange(() => this.update()),
      monitor.onDidChange(() => this.update()),
      vscode.window.tabGroups.onDidChangeTabs(({ opened }) => {
        if (opened.some(mayBeWalkthrough)) this.markSteps();
      }),
    );
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

  /** Sets a key only when it changes, because the monitor reports often. */
  private set(key: Key, value: boolean): void {
    if (this.reached.has(key) === value) return;
    if (value) this.reached.add(key);
    else this.reached.delete(key);
    setContextKey(key, value);
  }

  /**
   * VS Code reads a walkthrough when one is first opened. A key that is already true then completes no step,
   * not even when it is set again. In VS Code versions without this command, such a step stays open until the
   * next start.
   */
  private markSteps(): void {
    for (const key of this.reached)
      void vscode.commands
        .executeCommand('welcome.markStepComplete', `${walkthroughId}#${steps[key]}`)
        .then(undefined, () => undefined);
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

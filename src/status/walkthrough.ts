import * as vscode from 'vscode';
import { walkthroughId, type ContextKey } from '../contributions.ts';
import { setContextKey } from '../ui/contextKeys.ts';
import type { Outcome } from '../generation/queue.ts';
import type { Monitor } from './monitor.ts';
import { sameModel } from '../ollama/index.ts';
import type { ServerFacts } from './status.ts';

/** The context keys, and the step of the walkthrough that each completes. */
const steps = {
  'codeworm.serverAnswers': 'ollama',
  'codeworm.modelReady': 'model',
  'codeworm.hasExplained': 'explain',
  'codeworm.hasWrittenPage': 'page',
} as const satisfies Partial<Record<ContextKey, string>>;

type Key = keyof typeof steps;

/**
 * What has been reached, as context keys: the steps of the walkthrough complete by them. Nothing is kept: VS Code
 * itself remembers which steps were done.
 */
export class WalkthroughProgress implements vscode.Disposable {
  private readonly monitor: Monitor;
  private readonly subscriptions: vscode.Disposable;
  private readonly reached = new Set<Key>();

  constructor(monitor: Monitor) {
    this.monitor = monitor;
    this.subscriptions = vscode.Disposable.from(
      monitor.onDidChange(() => this.look()),
      vscode.window.tabGroups.onDidChangeTabs(({ opened }) => {
        if (opened.some(mayBeWalkthrough)) this.markSteps();
      }),
    );
  }

  /** An explanation has ended, one way or another. */
  explained(outcome: Outcome): void {
    if (isWhole(outcome)) this.set('codeworm.hasExplained', true);
  }

  /** A page has ended, one way or another. */
  wrotePage(outcome: Outcome): void {
    if (isWhole(outcome)) this.set('codeworm.hasWrittenPage', true);
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private look(): void {
    const { facts } = this.monitor;
    this.set('codeworm.serverAnswers', answers(facts));
    this.set('codeworm.modelReady', answers(facts) && hasModel(facts));
  }

  /** The monitor reports often; a key is set only when it changes. */
  private set(key: Key, value: boolean): void {
    if (this.reached.has(key) === value) return;
    if (value) this.reached.add(key);
    else this.reached.delete(key);
    setContextKey(key, value);
  }

  /**
   * VS Code reads a walkthrough when the first one is opened, and a key that is true by then completes no step of it,
   * not even when it is set again. A version without this command shows such a step as open until the next start.
   */
  private markSteps(): void {
    for (const key of this.reached)
      void vscode.commands
        .executeCommand('welcome.markStepComplete', `${walkthroughId}#${steps[key]}`)
        .then(undefined, () => undefined);
  }
}

/** Extensions are not told what tabs of VS Code's own hold, such as that of a walkthrough. */
function mayBeWalkthrough({ input }: vscode.Tab): boolean {
  return input === undefined;
}

/** Some other program that answers has no version of Ollama, and a gateway that wants a key lets nobody see it. */
function answers({ online, version }: ServerFacts): boolean {
  return online === true && version !== undefined;
}

/** Listed by the server; that it is not known to be missing is not enough. */
function hasModel({ model, installed }: ServerFacts): boolean {
  return model !== undefined && installed.some(({ name }) => sameModel(name, model));
}

/** Written to its end: neither cancelled nor broken off nor cut at the token limit. */
function isWhole(outcome: Outcome): boolean {
  return (
    outcome.kind === 'finished' && outcome.result.doneReason !== 'length' && outcome.result.text.trim() !== ''
  );
}

import * as vscode from 'vscode';
import { answerButtonCommand } from '../../contributions.ts';
import { showInfo, type MessageAction } from '../../ui/notifications.ts';

/** Most buttons that are kept. Those of older answers show that they are too old. */
const mostButtons = 200;

/**
 * The actions of the buttons below answers. They exist only as long as the window, because they refer to
 * questions in it.
 */
export class AnswerButtons {
  private readonly actions = new Map<string, MessageAction>();
  private readonly window = crypto.randomUUID();
  private count = 0;

  /** Adds buttons to an answer. */
  show(stream: vscode.ChatResponseStream, actions: readonly MessageAction[]): void {
    for (const action of actions) {
      const key = `${this.window}.${++this.count}`;
      this.actions.set(key, action);
      stream.button({ command: answerButtonCommand, title: action.title, arguments: [key] });
    }
    for (const key of [...this.actions.keys()].slice(0, -mostButtons)) this.actions.delete(key);
  }

  /** Runs the action of a button. */
  async press(key: unknown): Promise<void> {
    const action = typeof key === 'string' ? this.actions.get(key) : undefined;
    if (action) await action.run();
    else showInfo(vscode.l10n.t('This button belongs to an earlier window or to an old answer: ask again.'));
  }
}

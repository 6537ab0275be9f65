// VS Code's chat in a window under test, as somebody sees it who asks @codeworm there.
import type { Locator } from 'playwright-core';
import type { Window } from './vscode/window.ts';

/** What lets the chat be seen at all: the other window tests have it switched off. Nobody is signed in. */
export const chatSettings = { 'chat.disableAIFeatures': false };

export class ParticipantView {
  private readonly window: Window;
  private readonly view: Locator;

  constructor(window: Window) {
    this.window = window;
    this.view = window.page.locator('.interactive-session').first();
  }

  /** Opens the chat by our command, changes no setting when it asks, and waits until a model can be chosen. */
  async open(): Promise<void> {
    const typed = this.input().filter({ hasText: '@codeworm' });
    const instead = this.window.dialog().getByRole('button', { name: 'Use @codeworm', exact: true });
    await this.window.command('CodeWorm: Chat With Your Model');
    await typed.or(instead).first().waitFor();
    if (await instead.isVisible()) await instead.click();
    await typed.waitFor();
    await this.view
      .locator('.chat-input-toolbars')
      .filter({ hasNotText: /Models/ })
      .waitFor();
  }

  /** Types behind `@codeworm`, which stays there from question to question, and sends it. */
  async ask(question: string): Promise<void> {
    const { keyboard } = this.window.page;
    await this.input().filter({ hasText: '@codeworm' }).click();
    await keyboard.press('End');
    // Typed key by key: VS Code reads a slash command as one only then.
    await keyboard.type(question, { delay: 10 });
    await this.input()
      .filter({ hasText: question.slice(0, 12) })
      .waitFor();
    await keyboard.press('Escape');
    await keyboard.press('Enter');
    await this.view
      .locator('.interactive-request')
      .filter({ hasText: question.slice(0, 12) })
      .last()
      .waitFor();
  }

  /** What is under the newest question. */
  answer(): Locator {
    return this.view.locator('.interactive-response').last();
  }

  button(name: string): Locator {
    return this.answer().getByRole('button', { name, exact: true });
  }

  followUp(text: string): Locator {
    return this.view.locator('.interactive-session-followups').getByText(text);
  }

  /** Ends the answer that is being written. */
  async cancel(): Promise<void> {
    await this.view
      .locator('.chat-input-toolbars .codicon-stop-circle, .chat-input-toolbars .codicon-debug-stop')
      .first()
      .click();
  }

  private input(): Locator {
    return this.view.locator('.chat-input-container .monaco-editor .view-lines').first();
  }
}

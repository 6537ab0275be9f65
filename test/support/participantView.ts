// VS Code's chat in a window under test, as a user of @codeworm sees it.
import type { Locator } from 'playwright-core';
import type { Window } from './vscode/window.ts';

/** Enables the chat, which is disabled in the other window tests. No user is signed in. */
export const chatSettings = { 'chat.disableAIFeatures': false };

export class ParticipantView {
  private readonly window: Window;
  private readonly view: Locator;

  constructor(window: Window) {
    this.window = window;
    this.view = window.page.locator('.interactive-session').first();
  }

  /**
   * Opens the chat with our command, declines to change settings, and waits until a model can be selected.
   */
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

  /** Types after `@codeworm`, which stays there from question to question, and sends it. */
  async ask(question: string): Promise<void> {
    const { keyboard } = this.window.page;
    await this.input().filter({ hasText: '@codeworm' }).click();
    await keyboard.press('End');
    // Typed key by key, because only then does VS Code recognize a slash command.
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

  /** The content below the newest question. */
  answer(): Locator {
    return this.view.locator('.interactive-response').last();
  }

  button(name: string): Locator {
    return this.answer().getByRole('button', { name, exact: true });
  }

  followUp(text: string): Locator {
    return this.view.locator('.interactive-session-followups').getByText(text);
  }

  /** Cancels the running answer. */
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

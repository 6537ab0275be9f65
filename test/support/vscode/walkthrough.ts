// A walkthrough in a window: steps with a checkbox, a text and buttons.
import type { Locator } from 'playwright-core';
import type { Window } from './window.ts';

/** Presses of Tab after which an element counts as unreachable. */
const MOST_TABS = 40;

export class Walkthrough {
  readonly #window: Window;

  constructor(window: Window) {
    this.#window = window;
  }

  /** Brings it to the front of other tabs. */
  async show(): Promise<void> {
    await this.#window.page
      .locator('.tab')
      .filter({ hasText: /Welcome|Walkthrough/ })
      .click();
    await this.#steps().first().waitFor();
  }

  async titles(): Promise<string[]> {
    await this.#steps().first().waitFor();
    return this.#steps().locator('.step-title').allTextContents();
  }

  step(title: string): Locator {
    return this.#steps().filter({
      has: this.#window.page.locator('.step-title').getByText(title, { exact: true }),
    });
  }

  button(title: string, label: string): Locator {
    return this.step(title).locator('.button-container a').getByText(label, { exact: true }).locator('..');
  }

  /** The checkbox of a completed step. */
  done(title: string): Locator {
    return this.step(title).locator('.codicon-getting-started-step-checked');
  }

  async isDone(title: string): Promise<boolean> {
    return (await this.done(title).count()) > 0;
  }

  /** The picture of the open step. */
  picture(): Locator {
    return this.#window.page
      .locator('iframe.webview')
      .last()
      .contentFrame()
      .locator('#active-frame')
      .contentFrame()
      .locator('svg');
  }

  /** Opens the step and presses one of its buttons. */
  async press(title: string, label: string): Promise<void> {
    const button = this.button(title, label);
    if (!(await button.isVisible())) await this.step(title).locator('.step-title').click();
    await button.click();
  }

  /** Presses a key until the target has the focus. */
  async tabTo(target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
    await target.first().waitFor();
    for (let presses = 0; presses < MOST_TABS; presses++) {
      await this.#window.page.keyboard.press(key);
      if (await hasFocus(target)) return;
    }
    throw new Error(`${MOST_TABS} presses of ${key} do not reach ${String(target)}`);
  }

  #steps(): Locator {
    return this.#window.page.locator('.gettingStartedContainer .getting-started-step');
  }
}

/** The used part of an HTML element; the project has no DOM types. */
interface Focusable {
  matches: (selector: string) => boolean;
}

async function hasFocus(target: Locator): Promise<boolean> {
  return target.evaluate((element: Focusable) => element.matches(':focus'));
}

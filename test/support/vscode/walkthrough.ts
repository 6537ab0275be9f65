// A walkthrough in a window, as a person sees it: steps with a box, a text and buttons.
import type { Locator } from 'playwright-core';
import type { Window } from './window.ts';

/** Presses of Tab after which a thing that was not reached cannot be reached. */
const MOST_TABS = 40;

export class Walkthrough {
  readonly #window: Window;

  constructor(window: Window) {
    this.#window = window;
  }

  /** Brings it back from behind other tabs. */
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

  /** The box of a step that is done. */
  done(title: string): Locator {
    return this.step(title).locator('.codicon-getting-started-step-checked');
  }

  async isDone(title: string): Promise<boolean> {
    return (await this.done(title).count()) > 0;
  }

  /** Of the step that is open. */
  picture(): Locator {
    return this.#window.page
      .locator('iframe.webview')
      .last()
      .contentFrame()
      .locator('#active-frame')
      .contentFrame()
      .locator('svg');
  }

  /** Opens the step and presses a button of it. */
  async press(title: string, label: string): Promise<void> {
    const button = this.button(title, label);
    if (!(await button.isVisible())) await this.step(title).locator('.step-title').click();
    await button.click();
  }

  /** Presses a key until the focus is there. */
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

/** As much of an HTML element as is read here; the project has no DOM types. */
interface Focusable {
  matches: (selector: string) => boolean;
}

async function hasFocus(target: Locator): Promise<boolean> {
  return target.evaluate((element: Focusable) => element.matches(':focus'));
}

// A window of a VS Code server, used like a user does: by what is visible, clicked and typed.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';
import { findChromium } from './chromium.ts';
import { root } from './npm.ts';
import { addressOf, type WindowOptions } from './windowAddress.ts';
import type { Server } from './server.ts';

/** Generous, because a cold start on a busy machine is slow. No wait is longer than necessary. */
const PATIENCE_MS = 60_000;

const CHROMIUM_FLAGS = [
  // Root, and many containers, have no user namespaces. The browser opens only 127.0.0.1.
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

/** The used part of an HTML element; the project has no DOM types. */
interface DrawnLine {
  style: { top: string };
  textContent: string | null;
}

export interface Point {
  line: number;
  column?: number;
}

export async function openWindow(server: Server, options: WindowOptions): Promise<Window> {
  const { executable, env } = await findChromium();
  const browser = await chromium.launch({
    executablePath: executable,
    args: CHROMIUM_FLAGS,
    env: { ...process.env, ...env },
    // Ctrl-C is handled by cleanup.ts. Playwright ends the browser when this process exits.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  try {
    const viewport = options.size ?? { width: 1280, height: 800 };
    const page = await browser.newPage({ viewport, deviceScaleFactor: options.scale ?? 1 });
    page.setDefaultTimeout(PATIENCE_MS);
    // Takes the place of the script with VS Code's own translations, which come with a language pack.
    const { language } = options;
    if (language) await page.addInitScript(`globalThis._VSCODE_NLS_LANGUAGE = ${JSON.stringify(language)}`);
    await page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) =>
      options.onLog?.(type, args),
    );
    await page.exposeFunction('codeAutomationExit', (code: number) => options.onExit?.(code));
    await page.goto(addressOf(server, options));
    return new Window(page, browser);
  } catch (error) {
    await browser.close();
    throw error;
  }
}

export class Window {
  readonly page: Page;
  readonly #browser: Browser;

  constructor(page: Page, browser: Browser) {
    this.page = page;
    this.#browser = browser;
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }

  /** Waits until the workbench shows the folder's files and accepts keys. */
  async ready(): Promise<void> {
    await this.page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
  }

  /** Opens the quick input with `key`, types `text` and clicks on `entry`; again if VS Code closes it meanwhile. */
  async #quickPick(key: string, text: string, entry: string): Promise<void> {
    const { page } = this;
    const rows = page.locator('.quick-input-widget .monaco-list-row').filter({ hasText: entry });
    for (const started = performance.now(); ; await page.keyboard.press('Escape')) {
      await this.#openQuickInput(key);
      await page.keyboard.insertText(text);
      const clicked = rows.first().click({ timeout: 5000 });
      const error = await clicked.catch((reason: unknown) => reason ?? true);
      if (error === undefined) return;
      if (performance.now() - started > PATIENCE_MS) throw error;
    }
  }

  /** A key pressed while the focus is moving is lost, so this repeats until the input is open. */
  async #openQuickInput(key: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget input');
    const started = performance.now();
    do {
      await this.page.keyboard.press(key);
      if (await shown(input, 3000)) return;
    } while (performance.now() - started < PATIENCE_MS);
    throw new Error(`${key} does not open the quick input`);
  }

  /** Runs a command by its name in the palette, such as 'CodeWorm: Explain'. */
  async command(title: string): Promise<void> {
    await this.#quickPick('F1', title, title);
  }

  /** The same with keys only: the command, then the text for the list that it opens. */
  async type(title: string, text?: string): Promise<void> {
    const { keyboard } = this.page;
    const first = this.page.locator('.quick-input-widget .monaco-list-row').first();
    await this.#openQuickInput('F1');
    await keyboard.insertText(title);
    await first.filter({ hasText: title }).waitFor();
    await keyboard.press('Enter');
    if (text === undefined) return;
    await this.page.locator('.quick-input-title').filter({ hasText: /\S/ }).waitFor();
    await keyboard.insertText(text);
    await first.filter({ hasText: text }).waitFor();
    await keyboard.press('Enter');
  }

  /** Opens a file of the workspace by its name, and waits until its text is visible. */
  async openFile(name: string): Promise<void> {
    await this.page
      .locator('.explorer-folders-view .monaco-list-row')
      .filter({ hasText: name })
      .first()
      .dblclick();
    await this.editor(name).locator('.view-line').first().waitFor();
  }

  editor(name: string): Locator {
    return this.page.locator(`.editor-instance .monaco-editor[data-uri$="/${name}"]`);
  }

  /** Selects whole lines, first to last (from 1), of the active editor, by typing and shift-clicking. */
  async selectLines(first: number, last: number): Promise<void> {
    await this.placeCursor({ line: first, column: 1 });
    for (let line = first; line < last; line++) await this.page.keyboard.press('Shift+ArrowDown');
    await this.page.keyboard.press('Shift+End');
  }

  /** With "Go to Line", so that the position need not be visible. */
  async placeCursor({ line, column = 1 }: Point): Promise<void> {
    const { page } = this;
    await this.#openQuickInput('Control+g');
    await page.keyboard.insertText(`${line}:${column}`);
    await page.keyboard.press('Enter');
    await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    await this.statusItem(new RegExp(`Ln ${line}, Col ${column}\\b`)).waitFor();
  }

  /**
   * Right-clicks on text in the editor and chooses menu entries by their labels: `['CodeWorm', 'Explain']`.
   */
  async contextMenu(file: string, text: string, labels: string[]): Promise<void> {
    await this.openContextMenu(file, text);
    for (const label of labels.slice(0, -1)) await this.menuItem(label).hover();
    await this.#take(this.menuItem(labels.at(-1)!));
  }

  async openContextMenu(file: string, text: string): Promise<void> {
    const line = this.editor(file).locator('.view-line').filter({ hasText: text }).first();
    await line.click({ button: 'right', position: { x: 20, y: 8 } });
    await this.page.locator('.monaco-menu').first().waitFor();
  }

  /** A menu ignores the mouse for its first tenth of a second, so this repeats until it closes. */
  async #take(item: Locator): Promise<void> {
    await item.waitFor();
    const started = performance.now();
    while (await item.isVisible()) {
      if (performance.now() - started > PATIENCE_MS) throw new Error('the menu does not react to clicks');
      await item.click({ timeout: 1000 }).catch(() => undefined);
      await item.waitFor({ state: 'hidden', timeout: 300 }).catch(() => undefined);
    }
  }

  menuItem(label: string): Locator {
    const named = this.page.locator('.action-label', { hasText: new RegExp(`^${label}`) });
    return this.page.locator('.monaco-menu .action-item').filter({ has: named }).last();
  }

  /** The status bar item whose text matches. */
  statusItem(text: string | RegExp): Locator {
    return this.page.locator('.statusbar-item').filter({ hasText: text }).first();
  }

  /**
   * The status bar item of the extension under test, with any text: all its texts for screen readers contain
   * its name.
   */
  extensionStatus(): Locator {
    return this.page.locator('.statusbar-item[aria-label*="CodeWorm"]').first();
  }

  async extensionStatusText(): Promise<string> {
    return ((await this.extensionStatus().textContent()) ?? '').replaceAll('\u00a0', ' ').trim();
  }

  /** The rendered lines of the Output panel, top to bottom. A wrapped line counts as several. */
  async outputLines(): Promise<string[]> {
    const drawn = this.page.locator('.part.panel .output-view .view-line');
    const lines = await drawn.evaluateAll((nodes: DrawnLine[]) =>
      nodes.map((node) => ({ top: Number.parseFloat(node.style.top), text: node.textContent ?? '' })),
    );
    return lines.toSorted((a, b) => a.top - b.top).map(({ text }) => text.replaceAll('\u00a0', ' '));
  }

  /** The rendered lines as one text with single spaces, so that line wrapping does not matter. */
  async outputText(): Promise<string> {
    return (await this.outputLines()).join(' ').replace(/\s+/g, ' ').trim();
  }

  /** Waits until the Output panel shows a matching text. Resolves with all rendered text. */
  async outputShows(pattern: RegExp, timeoutMs = PATIENCE_MS): Promise<string> {
    const started = performance.now();
    let text = '';
    while (performance.now() - started < timeoutMs) {
      text = await this.outputText();
      if (pattern.test(text)) return text;
      await delay(50);
    }
    throw new Error(`the Output panel does not show ${pattern} but: ${text || 'nothing'}`);
  }

  /**
   * The newest message with a matching text, in the notification center: a toast disappears by itself. An
   * empty notification center closes by itself, so it is opened until the message is there.
   */
  async notification(text: RegExp): Promise<Locator> {
    const items = this.page.locator('.notifications-center .notification-list-item');
    const found = items.filter({ hasText: text }).first();
    const started = performance.now();
    while (performance.now() - started < PATIENCE_MS) {
      if (await found.isVisible()) return found;
      await this.command('Notifications: Show Notifications');
      // A palette that is still closing would take the text of the next command.
      await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
      if (await shown(found, 2000)) return found;
    }
    throw new Error(`no message says ${text}, but: ${(await items.allTextContents()).join(' | ') || 'none'}`);
  }

  /** The text of the visible message or dialog that waits for the user, if any. */
  async messageText(): Promise<string | undefined> {
    const texts = this.page.locator(
      '.notification-toast .notification-list-item-message, .monaco-dialog-box',
    );
    const [text] = await texts.allTextContents();
    return text?.replace(/\s+/g, ' ').trim();
  }

  /** Clicks on a text in an editor while holding the key that makes VS Code follow links. */
  async controlClick(view: Locator, text: string): Promise<void> {
    const line = view.locator('.view-line').filter({ hasText: text }).first();
    const span = line.locator('span', { hasText: text }).last();
    await this.page.keyboard.down('Control');
    await span.hover();
    await span.click({ modifiers: ['Control'] });
    await this.page.keyboard.up('Control');
  }

  /** The visible modal dialog. */
  dialog(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  /** Presses a button of the modal dialog as soon as there is one. */
  async pressInDialog(button: string): Promise<void> {
    await this.dialog().getByRole('button', { name: button, exact: true }).click();
    await this.dialog().waitFor({ state: 'hidden' });
  }

  /** Writes artifacts/<name>.png and returns its path. */
  async screenshot(name: string): Promise<string> {
    const folder = join(root, 'artifacts');
    mkdirSync(folder, { recursive: true });
    const path = join(folder, `${name}.png`);
    await this.page.screenshot({ path });
    return path;
  }
}

async function shown(locator: Locator, timeout: number): Promise<boolean> {
  return locator.waitFor({ timeout }).then(
    () => true,
    () => false,
  );
}

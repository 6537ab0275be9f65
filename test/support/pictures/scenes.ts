// The scenes of the README's pictures, one per picture. Everything in them is done like a user would do it.
import type { Locator, Page } from 'playwright-core';
import type { DoubleOptions } from '../double/index.ts';
import { chatSettings, ParticipantView } from '../participantView.ts';
import { sample } from '../sampleWindow.ts';
import { infillModel } from '../suggestions.ts';
import type { Settings } from '../vscode/server.ts';
import { Walkthrough } from '../vscode/walkthrough.ts';
import type { Window } from '../vscode/window.ts';
import type { Clip } from './webp.ts';

export interface Scene {
  /** Of the picture in media/. */
  name: string;
  /** Of the window. */
  size: { width: number; height: number };
  /** The scene's own server, if the demo server's answers do not fit. */
  server?: DoubleOptions;
  settings?: Settings;
  /** Pixels of the picture per pixel of the window: 2 for a cropped picture that is shown large. */
  scale?: number;
  /** Brings the window into this state. Resolves with the part to show; undefined for the whole window. */
  play(window: Window): Promise<Clip | undefined>;
}

/** Of the window; the rest is for the editor. */
const PANEL_HEIGHT = 340;
const SIDE_BAR_WIDTH = 540;
/** Pixels around the cropped part. */
const MARGIN = 12;

export const scenes: Scene[] = [
  {
    name: 'window',
    size: { width: 1040, height: 720 },
    async play(window) {
      await window.placeCursor({ line: sample.first, column: 3 });
      await window.contextMenu(sample.file, sample.text, ['CodeWorm', 'Explain']);
      await window.outputShows(/tokens\/s · /);
      await growPanel(window.page);
      return undefined;
    },
  },
  {
    name: 'status',
    size: { width: 1040, height: 720 },
    scale: 2,
    async play(window) {
      await window.command('CodeWorm: Explain');
      await window.outputShows(/tokens\/s · /);
      await window.page.keyboard.press('Control+j');
      await window.extensionStatus().hover();
      const tooltip = window.page.locator('.monaco-hover').filter({ hasText: 'Last speed' });
      return around(tooltip, window.extensionStatus());
    },
  },
  {
    name: 'menu',
    size: { width: 1040, height: 860 },
    scale: 1.5,
    async play(window) {
      await window.selectLines(sample.first, sample.last);
      await window.openContextMenu(sample.file, sample.text);
      await window.menuItem('CodeWorm').hover();
      await window.menuItem('Explain').hover();
      // Leaves out the rest of VS Code's own menu.
      const firstLine = window.editor(sample.file).locator('.view-line').filter({ hasText: 'add(item' });
      const menus = window.page.locator('.monaco-menu');
      const { y, height } = await around(firstLine.first(), menus.last());
      return { ...(await around(menus.first(), menus.last())), y, height };
    },
  },
  {
    name: 'diff',
    size: { width: 1040, height: 460 },
    async play(window) {
      await window.placeCursor({ line: sample.first, column: 3 });
      await window.command('CodeWorm: Fix');
      const accept = window.page.locator('.editor-actions .action-label[aria-label^="Accept Edit"]').first();
      await accept.waitFor();
      const changed = window.page.locator('.monaco-diff-editor .modified .view-line');
      await changed.filter({ hasText: '{ ...item }' }).first().waitFor();
      await hidePanel(window.page);
      await accept.hover();
      await window.page.locator('.monaco-hover').filter({ hasText: 'Accept Edit' }).waitFor();
      return undefined;
    },
  },
  {
    name: 'chat',
    size: { width: 1280, height: 760 },
    settings: chatSettings,
    async play(window) {
      await window.placeCursor({ line: sample.first, column: 3 });
      const chat = new ParticipantView(window);
      await chat.open();
      await chat.ask('/fix');
      await chat.button('Propose as Edit').waitFor();
      await chat.followUp('How can it be tested?').waitFor();
      await restMouse(window.page);
      return undefined;
    },
  },
  {
    name: 'page',
    size: { width: 1040, height: 600 },
    async play(window) {
      await window.placeCursor({ line: sample.first, column: 3 });
      await window.command('CodeWorm: Write Documentation Page…');
      await window.page
        .locator('.quick-input-widget .monaco-list-row')
        .filter({ hasText: 'Function Documentation' })
        .click();
      const page = window.editor('function-add.md');
      await page.locator('.view-line').filter({ hasText: 'Written by CodeWorm' }).waitFor();
      await restMouse(window.page);
      return undefined;
    },
  },
  {
    name: 'workspace',
    size: { width: 1100, height: 640 },
    async play(window) {
      const { page } = window;
      await window.type('CodeWorm: Document Workspace…');
      await page.locator('.quick-input-widget').getByText('Weekly Summary').waitFor();
      await page.keyboard.press('Enter');
      const tree = page.locator('.pane').filter({ has: page.getByLabel(/^Documentation/) });
      const row = (text: string): Locator =>
        tree.locator('.monaco-list-row').filter({ hasText: text }).first();
      await row('pages').waitFor();
      // Collapses the files to make space for the plan.
      await page.locator('.pane-header').filter({ hasText: 'sample' }).click();
      await row('Inventory.remove').waitFor();
      await widenSideBar(page);
      await window.command('Notifications: Clear All Notifications');
      await page.locator('.notification-toast').first().waitFor({ state: 'hidden' });
      await restMouse(page);
      return undefined;
    },
  },
  {
    name: 'walkthrough',
    size: { width: 1360, height: 820 },
    async play(window) {
      await window.command('CodeWorm: First Minutes');
      const walkthrough = new Walkthrough(window);
      await walkthrough.done('Choose a model').waitFor();
      await walkthrough.step('Explain something').locator('.step-title').click();
      await walkthrough.picture().waitFor();
      await restMouse(window.page);
      return undefined;
    },
  },
  {
    name: 'completion',
    size: { width: 720, height: 260 },
    server: {
      models: [{ name: 'qwen2.5-coder:7b', family: 'qwen2' }, infillModel],
      answer: ({ suffix }) => (suffix ? 'item.price * item.quantity;' : ''),
    },
    settings: { 'codeworm.completion.enabled': true, 'codeworm.completion.model': infillModel.name },
    async play(window) {
      const { keyboard } = window.page;
      await window.placeCursor({ line: 15, column: 1 });
      await keyboard.press('End');
      await keyboard.press('Enter');
      await keyboard.type('const worth = ', { delay: 20 });
      await window.editor(sample.file).locator('[class*="ghost-text"]').first().waitFor();
      await restMouse(window.page);
      // Without the status bar.
      return { x: 0, y: 0, width: 720, height: 198 };
    },
  },
];

/** Drags the upper edge of the panel. */
async function growPanel(page: Page): Promise<void> {
  const { x, y, width } = await boxOf(page.locator('.part.panel'));
  await page.mouse.move(x + width / 3, y - 2);
  await page.mouse.down();
  await page.mouse.move(x + width / 3, page.viewportSize()!.height - PANEL_HEIGHT, { steps: 5 });
  await page.mouse.up();
  await page.mouse.move(x + width / 2, y / 2);
}

/** Drags the side bar's edge, so that what is beside the entries of a tree is not cut. */
async function widenSideBar(page: Page): Promise<void> {
  const { x, y, width } = await boxOf(page.locator('.part.sidebar'));
  await page.mouse.move(x + width, y + 200);
  await page.mouse.down();
  await page.mouse.move(SIDE_BAR_WIDTH, y + 200, { steps: 5 });
  await page.mouse.up();
}

/** Moves the mouse to where nothing reacts to it. */
async function restMouse(page: Page): Promise<void> {
  const { width, height } = page.viewportSize()!;
  await page.mouse.move(width / 3, height - 10);
}

async function hidePanel(page: Page): Promise<void> {
  const panel = page.locator('.part.panel');
  if (!(await panel.isVisible())) return;
  await page.keyboard.press('Control+j');
  await panel.waitFor({ state: 'hidden' });
}

async function boxOf(locator: Locator): Promise<Clip> {
  await locator.waitFor();
  return (await locator.boundingBox())!;
}

/** The part of the window that contains two elements, with a margin. */
async function around(one: Locator, other: Locator): Promise<Clip> {
  const [a, b] = [await boxOf(one), await boxOf(other)];
  const window = one.page().viewportSize()!;
  const x = Math.max(0, Math.min(a.x, b.x) - MARGIN);
  const y = Math.max(0, Math.min(a.y, b.y) - MARGIN);
  const right = Math.min(window.width, Math.max(a.x + a.width, b.x + b.width) + MARGIN);
  const bottom = Math.min(window.height, Math.max(a.y + a.height, b.y + b.height) + MARGIN);
  return { x, y, width: right - x, height: bottom - y };
}

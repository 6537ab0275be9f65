// A workspace is planned and documented, in the real window.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { demoAnswer } from '../support/double/demo/answers.ts';
import { startDouble, type OllamaDouble } from '../support/double/index.ts';
import { openSampleWindow, type SampleWindow } from '../support/sampleWindow.ts';
import type { Window } from '../support/vscode/window.ts';

const SIZE = { width: 1500, height: 1000 };

describe('a workspace is documented, in the window', () => {
  let double: OllamaDouble;
  let opened: SampleWindow;
  let window: Window;

  /** Several files, some of which must not get a page. */
  function addFiles(folder: string): void {
    const files: Record<string, string> = {
      'src/shop/order.ts':
        'export function priceOf(items: number[], rebate: number): number {\n  let sum = 0;\n  for (const item of items) {\n    if (item > 0 && rebate < 1) sum += item * (1 - rebate);\n    else if (item < 0) throw new RangeError("negative");\n  }\n  return sum;\n}\n',
      'src/shop/stock.ts':
        'export function shelfOf(names: string[], wanted: string): number {\n  if (wanted === "" || names.length === 0) return -1;\n  for (let at = 0; at < names.length; at++) {\n    if (names[at] === wanted && at > 0) return at;\n    else if (names[at] === "" || names[at] === "-") break;\n  }\n  return -1;\n}\n',
      'src/ignored/secret.ts':
        'export function hidden(a: number): number {\n  if (a) return 1;\n  return 2;\n}\n',
      '.gitignore': 'src/ignored/\n',
      'node_modules/x/index.js': 'function vendored(a) {\n  if (a) return 1;\n  return 2;\n}\n',
    };
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  }

  before(async () => {
    double = await startDouble({ answer: ({ prompt }) => demoAnswer(prompt) });
    opened = await openSampleWindow({ 'codeworm.baseUrl': double.url }, { size: SIZE, prepare: addFiles });
    window = opened.window;
  });

  after(async () => {
    await opened?.close();
    await double?.close();
  });

  const tree = () => window.page.locator('.pane').filter({ has: window.page.getByLabel(/^Documentation/) });
  const row = (text: string | RegExp) => tree().locator('.monaco-list-row').filter({ hasText: text }).first();

  it('the plan is a tree of folders, files and pages with their scores, the best ticked', async () => {
    const { page } = window;
    await window.type('CodeWorm: Document Workspace…');
    const kinds = page.locator('.quick-input-widget');
    await kinds.getByText('Weekly Summary').waitFor();
    await page.keyboard.press('Enter');
    await row(/pages$/).waitFor();
    // Collapses the files to make space for the plan.
    await page.locator('.pane-header').filter({ hasText: 'sample' }).click();
    await row('priceOf').waitFor();
    await window.screenshot('workspace-plan');
    const texts = (await tree().locator('.monaco-list-row').allTextContents()).join('\n');
    assert.doesNotMatch(texts, /hidden|vendored|node_modules|ignored/);
    assert.match(texts, /priceOf.*complexity \d+/);
    assert.match((await tree().textContent()) ?? '', /tokens to read/);
    await row('greet.py')
      .locator('.monaco-custom-toggle, .custom-view-tree-node-item-checkbox')
      .first()
      .click();
    await row(/greet\.py0 of \d+ pages/).waitFor();
  });

  it('the chosen pages are written, the tree says what has become of each, and the end is told once', async () => {
    const { page } = window;
    await choose(4);
    await row('inventory.ts').waitFor();
    await window.command('CodeWorm: Write Chosen Pages');
    await row(/^Done/).waitFor();
    const end = await window.notification(/4 pages written\./);
    assert.match((await end.textContent()) ?? '', /Passed the check: /);
    await row(/^Done/).click();
    await window.screenshot('workspace-end');
    await page.keyboard.press('Escape');
    const folder = join(opened.folder, 'docs', 'codeworm');
    const readme = readFileSync(join(folder, 'README.md'), 'utf8');
    assert.equal(readme.match(/^ {2}- \[/gm)?.length, 4);
    await row(/Inventory|priceOf/).click();
    await page.locator('.editor-instance .view-line', { hasText: 'CodeWorm' }).first().waitFor();
  });

  /** Chooses that many of the best pages that are not written yet. */
  async function choose(count: number): Promise<void> {
    const { page } = window;
    await window.type('CodeWorm: Choose Best Pages…');
    await page.locator('.quick-input-title', { hasText: 'Choose Best Pages' }).waitFor();
    await page.keyboard.insertText(String(count));
    await page.keyboard.press('Enter');
    await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  }

  it('a run is stopped and continued: what was written is told at each end', async () => {
    const { page } = window;
    await window.command('Notifications: Clear All Notifications');
    await window.type('CodeWorm: Document Workspace…');
    await page.locator('.quick-input-widget').getByText('Weekly Summary').waitFor();
    await page.keyboard.press('Enter');
    await window.notification(/Pages that could be written/);
    await page.keyboard.press('Escape');
    await choose(3);
    let requests = 0;
    const second = double.hold(
      { afterTokens: 5 },
      ({ path, body }) => path === '/api/generate' && Boolean(body.prompt) && ++requests === 2,
    );
    await window.command('CodeWorm: Write Chosen Pages');
    await second.reached;
    await page.locator('.statusbar-item', { hasText: /Pages: \d of 3/ }).waitFor();
    await row(/^Being Written/).waitFor();
    await window.command('CodeWorm: Stop Documentation');
    const stopped = await window.notification(/The run was stopped\. Pages written: 1, left for later: 2\./);
    second.release();
    await stopped.getByRole('button', { name: 'Continue' }).click();
    const end = await window.notification(/2 pages written\./);
    assert.match((await end.textContent()) ?? '', /Skipped, because the source has not changed: 1\./);
    await page.keyboard.press('Escape');
  });

  it('Show Documentation says which pages are stale, and which have no source', async () => {
    const order = join(opened.folder, 'src', 'shop', 'order.ts');
    writeFileSync(order, readFileSync(order, 'utf8').replaceAll('sum', 'total'));
    rmSync(join(opened.folder, 'src', 'shop', 'stock.ts'));
    await window.command('CodeWorm: Show Documentation');
    await row(/^Stale/).waitFor();
    await row(/^Source Is Gone/).click();
    await row('shelfOf').waitFor();
    await window.screenshot('workspace-shown');
    const texts = (await tree().locator('.monaco-list-row').allTextContents()).join('\n');
    assert.match(texts, /Done.*\d/);
    assert.match(texts, /priceOf/);
  });
});

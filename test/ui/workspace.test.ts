// A workspace is planned and documented, in the real window.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startDemo } from '../support/demo.ts';
import { openSampleWindow, type SampleWindow } from '../support/sampleWindow.ts';
import type { Window } from '../support/vscode/window.ts';

const SIZE = { width: 1500, height: 1000 };

describe('a workspace is documented, in the window', () => {
  let demo: Awaited<ReturnType<typeof startDemo>>;
  let opened: SampleWindow;
  let window: Window;

  /** More than one file, and some that no page may be about. */
  function addFiles(folder: string): void {
    const files: Record<string, string> = {
      'src/shop/order.ts':
        'export function priceOf(items: number[], rebate: number): number {\n  let sum = 0;\n  for (const item of items) {\n    if (item > 0 && rebate < 1) sum += item * (1 - rebate);\n    else if (item < 0) throw new RangeError("negative");\n  }\n  return sum;\n}\n',
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
    demo = await startDemo({ speed: Number.POSITIVE_INFINITY });
    opened = await openSampleWindow({ 'codeworm.baseUrl': demo.url }, { size: SIZE, prepare: addFiles });
    window = opened.window;
  });

  after(async () => {
    await opened?.close();
    await demo?.close();
  });

  it('the plan is a tree of folders, files and pages with their scores, the best ticked', async () => {
    const { page } = window;
    await window.type('CodeWorm: Document Workspace…');
    const kinds = page.locator('.quick-input-widget');
    await kinds.getByText('Function Documentation').waitFor();
    await window.screenshot('workspace-kinds');
    await page.keyboard.press('Enter');
    const tree = page.locator('.pane').filter({ has: page.getByLabel(/^Documentation/) });
    const rows = tree.locator('.monaco-list-row');
    await rows
      .filter({ hasText: 'priceOf' })
      .or(rows.filter({ hasText: 'inventory.ts' }))
      .first()
      .waitFor();
    await window.screenshot('workspace-plan');
    const texts = (await rows.allTextContents()).join('\n');
    assert.doesNotMatch(texts, /hidden|vendored|node_modules|ignored/);
    assert.match((await tree.textContent()) ?? '', /pages chosen/);
  });
});

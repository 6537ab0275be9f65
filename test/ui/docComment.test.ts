// Doc comments in the real window: a new one from the menu, and one that replaces another after its diff.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startDemo } from '../support/demo.ts';
import { openSampleWindow, type SampleWindow } from '../support/sampleWindow.ts';
import type { Window } from '../support/vscode/window.ts';

describe('doc comments in the window', () => {
  let demo: Awaited<ReturnType<typeof startDemo>>;
  let opened: SampleWindow;
  let window: Window;

  before(async () => {
    demo = await startDemo({ speed: Number.POSITIVE_INFINITY });
    opened = await openSampleWindow({ 'codeworm.baseUrl': demo.url, 'editor.minimap.enabled': false });
    window = opened.window;
  });

  after(async () => {
    await opened?.close();
    await demo?.close();
  });

  /** Waits for a line with this text in the editor. */
  async function shows(file: string, text: string): Promise<void> {
    await window.editor(file).locator('.view-line').filter({ hasText: text }).first().waitFor();
  }

  /** Resolves with the file's content after it has changed: VS Code in a browser saves automatically. */
  async function saved(file: string, before: string): Promise<string> {
    const read = (): string => readFileSync(join(opened.folder, file), 'utf8');
    while (read() === before || read() === '') await delay(50);
    return read();
  }

  it('the context menu adds a docstring to the class at the cursor', async () => {
    await window.openFile('greet.py');
    const before = readFileSync(join(opened.folder, 'greet.py'), 'utf8');
    await window.placeCursor({ line: 14, column: 7 });
    await window.contextMenu('greet.py', 'Person', ['CodeWorm', 'Add Doc Comment']);
    await shows('greet.py', '"""Somebody to greet');
    await window.screenshot('doc-comment');
    const docstring = '    """Somebody to greet, and the language for it as a two-letter code."""\n';
    assert.equal(
      await saved('greet.py', before),
      before.replace('    name: str', `${docstring}    name: str`),
    );
  });

  it('an existing comment is replaced only when the diff is accepted', async () => {
    await window.openFile('inventory.ts');
    const before = readFileSync(join(opened.folder, 'inventory.ts'), 'utf8');
    await window.placeCursor({ line: 28, column: 5 });
    await window.command('CodeWorm: Add Doc Comment');
    const proposed = window.page
      .locator('.editor.modified .view-line')
      .filter({ hasText: '@returns how many' });
    await proposed.waitFor();
    const accept = window.page.locator('.editor-actions .action-label[aria-label^="Accept Edit"]').first();
    await accept.waitFor();
    await window.screenshot('doc-comment-diff');
    assert.equal(readFileSync(join(opened.folder, 'inventory.ts'), 'utf8'), before);
    await accept.click();
    await window.page.locator('.monaco-diff-editor').waitFor({ state: 'hidden' });
    await shows('inventory.ts', '@returns how many are left');
    const after = await saved('inventory.ts', before);
    assert.match(
      after,
      / {2}\/\*\*\n {3}\* Takes goods off the shelf\.\n {3}\* @returns how many are left; /,
    );
    assert.doesNotMatch(after, /\/\*\* Takes goods off the shelf and returns/);
  });
});

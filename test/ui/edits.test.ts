// New code in the real window: requested from the menu, shown in a diff, accepted with a click or a key.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startDemo } from '../support/demo.ts';
import { openSampleWindow, sample, type SampleWindow } from '../support/sampleWindow.ts';
import type { Window } from '../support/vscode/window.ts';

/** What the demo server changes in the sample. */
const fixedText = '{ ...item }';

const actions = [
  { title: 'Copy What Comes In', instruction: 'Store copies, never what the caller holds.', answer: 'diff' },
  { title: 'Translate Comments', instruction: 'Translate all comments into English.', show: ['file'] },
  { title: 'Only for Go', instruction: 'Wrap every error.', languages: ['go'] },
];

describe('edits in the window', () => {
  let demo: Awaited<ReturnType<typeof startDemo>>;
  let opened: SampleWindow;
  let window: Window;

  before(async () => {
    demo = await startDemo({ speed: Number.POSITIVE_INFINITY });
    opened = await openSampleWindow(
      { 'codeworm.baseUrl': demo.url, 'codeworm.actions': actions, 'files.autoSave': 'off' },
      { size: { width: 1280, height: 900 }, builtIn: ['typescript-language-features'] },
    );
    window = opened.window;
  });

  after(async () => {
    await opened?.close();
    await demo?.close();
  });

  const diffTab = (title: string): ReturnType<Window['page']['locator']> =>
    window.page.locator('.tab').filter({ hasText: `${title} by CodeWorm: ${sample.file}` });
  /** There from the moment in which the keys work. */
  const titleButton = (label: string): ReturnType<Window['page']['locator']> =>
    window.page.locator(`.editor-actions .action-label[aria-label^="${label}"]`).first();
  const changedLine = (): ReturnType<Window['page']['locator']> =>
    window.page.locator('.monaco-diff-editor .modified .view-line').filter({ hasText: fixedText }).first();
  const inFile = (): ReturnType<Window['page']['locator']> =>
    window.editor(sample.file).locator('.view-line').filter({ hasText: fixedText }).first();

  /** After one undo, the file is as it is on the disk. */
  async function undo(): Promise<void> {
    await window.page.keyboard.press('Control+z');
    await inFile().waitFor({ state: 'detached' });
    await window.page.locator('.tab.dirty').waitFor({ state: 'detached' });
  }

  it('Fix in the context menu opens a diff; Accept makes the change, and one Undo takes it back', async () => {
    await window.placeCursor({ line: sample.first, column: 5 });
    await window.contextMenu(sample.file, sample.text, ['CodeWorm', 'Fix']);
    await diffTab('Fix').waitFor();
    await changedLine().waitFor();
    await titleButton('Accept Edit').waitFor();
    await titleButton('Discard Edit').waitFor();
    await window.screenshot('edit-diff');
    assert.ok(!readFileSync(join(opened.folder, sample.file), 'utf8').includes(fixedText));
    assert.equal(await window.page.locator('.tab.dirty').count(), 0);

    await titleButton('Accept Edit').click();
    await diffTab('Fix').waitFor({ state: 'detached' });
    await inFile().waitFor();
    await window.screenshot('edit-accepted');
    await undo();
  });

  it('with the keyboard: custom actions in a list, their diff accepted with a key', async () => {
    await window.placeCursor({ line: sample.first, column: 5 });
    await window.command('CodeWorm: Custom Actions…');
    const rows = window.page.locator('.quick-input-widget .monaco-list-row');
    await rows.filter({ hasText: 'Translate Comments' }).waitFor();
    assert.equal(await rows.filter({ hasText: 'Only for Go' }).count(), 0);
    await window.screenshot('own-actions');
    await window.page.keyboard.press('Enter');
    await diffTab('Copy What Comes In').waitFor();
    await changedLine().waitFor();
    await titleButton('Accept Edit').waitFor();
    await window.page.keyboard.press('Control+Enter');
    await diffTab('Copy What Comes In').waitFor({ state: 'detached' });
    await inFile().waitFor();
    await undo();
  });

  it('a key discards the diff, and an answer without code is reported', async () => {
    await window.placeCursor({ line: sample.first, column: 5 });
    await window.command('CodeWorm: Improve');
    await changedLine().waitFor();
    await titleButton('Discard Edit').waitFor();
    await window.page.keyboard.press('Control+Backspace');
    await diffTab('Improve').waitFor({ state: 'detached' });
    await window.placeCursor({ line: 44, column: 5 });
    await window.command('CodeWorm: Fix');
    await window.outputShows(/It is good as it is/);
    // A VS Code under automation shows messages only in the notification center.
    await window.command('Notifications: Show Notifications');
    await window.page
      .locator('.notification-list-item')
      .filter({ hasText: 'The answer has no code that could be used' })
      .waitFor();
    await window.screenshot('edit-no-code');
  });

  const codeAction = (text: string): ReturnType<Window['page']['locator']> =>
    window.page.locator('.action-widget .monaco-list-row').filter({ hasText: text });

  /** A list of suggestions that opens after the key closes the code actions, so this repeats. */
  async function openCodeActions(text: string): Promise<void> {
    for (let tries = 1; ; tries++) {
      await window.page.keyboard.press('Control+.');
      try {
        return await codeAction(text).waitFor({ timeout: 5000 });
      } catch (error) {
        if (tries === 10) throw error;
        await window.page.keyboard.press('Escape');
      }
    }
  }

  it('code actions explain and fix a diagnostic, and add a doc comment to a declaration', async () => {
    await window.command('Notifications: Clear All Notifications');
    await window.placeCursor({ line: sample.first, column: 5 });
    await openCodeActions('Add Doc Comment');
    await window.page.keyboard.press('Escape');
    // A mistake that TypeScript reports.
    await window.placeCursor({ line: 48, column: 13 });
    await window.page.keyboard.type('s');
    await window.page.locator('.squiggly-error').first().waitFor();
    await openCodeActions('Explain with CodeWorm');
    await codeAction('Fix with CodeWorm').waitFor();
    await window.screenshot('lightbulb');
    await codeAction('Explain with CodeWorm').click();
    await window.outputShows(/## Explain Problem · total .*tokens\/s/);
  });
});

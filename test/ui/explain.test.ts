// The first thing a new user does, in the real window: right-click, CodeWorm, Explain, and read.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startDemo } from '../support/demo.ts';
import { openSampleWindow, sample, type SampleWindow } from '../support/sampleWindow.ts';
import type { Window } from '../support/vscode/window.ts';

/** The Output panel renders only visible lines, and the whole answer is read here. */
const TALL = { width: 1280, height: 1800 };

/** The line below an answer. */
const FOOTER = /tokens\/s · first token after/;

let demo: Awaited<ReturnType<typeof startDemo>>;
let opened: SampleWindow;
let window: Window;

// In a suite, because node:test runs the hooks of a file, without awaiting them, even when --grep selects
// none of its tests.
describe('explaining code in the real window', () => {
  before(async () => {
    demo = await startDemo({ speed: Number.POSITIVE_INFINITY });
    opened = await openSampleWindow({ 'codeworm.baseUrl': demo.url }, { size: TALL });
    window = opened.window;
  });

  after(async () => {
    await opened?.close();
    await demo?.close();
  });

  it('the status bar names the model and says demo', async () => {
    await window.statusItem(/· demo/).waitFor();
    await window.screenshot('status');
  });

  it('the submenu of the context menu explains what is selected, and the focus stays in the editor', async () => {
    await window.selectLines(sample.first, sample.last);
    await window.openContextMenu(sample.file, sample.text);
    await window.menuItem('CodeWorm').hover();
    await window.menuItem('Explain').waitFor();
    await window.screenshot('context-menu');
    await window.page.keyboard.press('Escape');
    await window.page.keyboard.press('Escape');

    await window.contextMenu(sample.file, sample.text, ['CodeWorm', 'Explain']);
    const answer = await window.outputShows(FOOTER);
    assert.match(answer, /## Explain · .*demo/);
    assert.ok(answer.length > 200, `a whole answer, not: ${answer}`);
    await window.editor(sample.file).and(window.page.locator('.focused')).waitFor();
    await window.screenshot('explain');
  });

  it('the palette has the same command; without a selection it is about the symbol at the cursor', async () => {
    await window.placeCursor({ line: 45, column: 5 });
    await window.command('CodeWorm: Explain');
    await window.outputShows(/## Explain · total .*tokens\/s · first token after/);
  });

  it('a click on the status bar offers the possible actions', async () => {
    await window.extensionStatus().click();
    await window.page.locator('.quick-input-widget .monaco-list-row').first().waitFor();
    await window.screenshot('actions');
    await window.page.keyboard.press('Escape');
  });
});

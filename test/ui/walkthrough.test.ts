// The walkthrough in the real window: every step is done by clicks and keys, and is completed by them.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Locator } from 'playwright-core';
import { startDemo, type Demo } from '../support/demo.ts';
import { startDouble, type OllamaDouble } from '../support/double/index.ts';
import { freePort } from '../support/freePort.ts';
import { openSampleWindow, sample, type SampleWindow } from '../support/sampleWindow.ts';
import { Walkthrough } from '../support/vscode/walkthrough.ts';
import type { Window } from '../support/vscode/window.ts';

/** Wide enough for the images beside the steps. */
const SIZE = { width: 1600, height: 1000 };
const steps = {
  ollama: 'Is there a server?',
  model: 'Choose a model',
  explain: 'Explain something',
  page: 'Write a page',
  suggestions: 'Suggestions while typing',
};

describe('the walkthrough with a server', () => {
  let demo: Demo;
  let opened: SampleWindow;
  let window: Window;
  let walkthrough: Walkthrough;

  before(async () => {
    demo = await startDemo({ speed: Number.POSITIVE_INFINITY });
    opened = await openSampleWindow({ 'codeworm.baseUrl': demo.url }, { size: SIZE });
    window = opened.window;
    walkthrough = new Walkthrough(window);
  });

  after(async () => {
    await opened?.close();
    await demo?.close();
  });

  it('the palette opens it, and steps that are already fulfilled are complete', async () => {
    await window.placeCursor({ line: sample.first, column: 5 });
    await window.command('CodeWorm: First Minutes');
    assert.deepEqual(await walkthrough.titles(), Object.values(steps));
    await walkthrough.done(steps.ollama).waitFor();
    await walkthrough.done(steps.model).waitFor();
    assert.equal(await walkthrough.isDone(steps.explain), false);
    assert.equal(await walkthrough.isDone(steps.page), false);
    await walkthrough.picture().waitFor();
    await window.screenshot('walkthrough-opened');
  });

  it('Explain uses the file beside it, and is complete after the explanation', async () => {
    await walkthrough.press(steps.explain, 'Explain');
    await window.outputShows(/What may surprise.*tokens\/s · first token after/);
    await window.editor(sample.file).locator('.view-line').first().waitFor();
    await walkthrough.show();
    await walkthrough.done(steps.explain).waitFor();
    await window.screenshot('walkthrough-explained');
  });

  it('Write Documentation Page asks for the kind, and is complete after the page', async () => {
    await walkthrough.press(steps.page, 'Write Documentation Page');
    await item(window, 'Function Documentation').click();
    await window.page.locator('.tab').filter({ hasText: 'function-add.md' }).waitFor();
    await window.editor('function-add.md').locator('.view-line').filter({ hasText: 'add' }).first().waitFor();
    await window.screenshot('walkthrough-page');
    await walkthrough.show();
    await walkthrough.done(steps.page).waitFor();
    await window.screenshot('walkthrough-done');
  });

  it('the keyboard alone reaches every step and every button', async () => {
    // The palette returns the focus to the file. So once the walkthrough has it, the command is complete.
    await window.page.locator('.tab').filter({ hasText: sample.file }).click();
    await window.command('CodeWorm: First Minutes');
    await window.page.locator('.gettingStartedContainer:focus-within').waitFor();
    // The focus is on the step that was open last.
    const [first = '', ...others] = Object.values(steps);
    await walkthrough.tabTo(walkthrough.step(first), 'Shift+Tab');
    for (const title of others) await walkthrough.tabTo(walkthrough.step(title));
    await walkthrough.tabTo(walkthrough.step(steps.model), 'Shift+Tab');
    await window.page.keyboard.press('Enter');
    await walkthrough.button(steps.model, 'Select Model').waitFor();
    await walkthrough.tabTo(walkthrough.button(steps.model, 'Select Model'));
    await window.page.keyboard.press('Enter');
    await item(window, 'demo-thinker:4b').waitFor();
    await window.screenshot('walkthrough-keyboard');
    await window.page.keyboard.press('Escape');
    await window.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    await walkthrough.tabTo(walkthrough.button(steps.model, 'Pull a Model'));
  });
});

describe('the walkthrough without a server', () => {
  let port: number;
  let double: OllamaDouble | undefined;
  let opened: SampleWindow;
  let window: Window;
  let walkthrough: Walkthrough;

  before(async () => {
    port = await freePort();
    const settings = { 'codeworm.baseUrl': `http://127.0.0.1:${port}`, 'codeworm.pollInterval': 2 };
    opened = await openSampleWindow(settings, { size: SIZE });
    window = opened.window;
    walkthrough = new Walkthrough(window);
  });

  after(async () => {
    await opened?.close();
    await double?.close();
  });

  it('the status bar opens it, no step is complete, and its button says what to do', async () => {
    await window.statusItem('Ollama offline').waitFor();
    await window.extensionStatus().click();
    await item(window, 'First Minutes').click();
    await walkthrough.press(steps.ollama, 'Check Health');
    await showMessages(window);
    const message = window.page
      .locator('.notifications-center .notification-list-item')
      .filter({ hasText: /Ollama does not answer at .*: start it, or check the address\./ });
    await message.getByText('Change Address').waitFor();
    assert.equal(await walkthrough.isDone(steps.ollama), false);
    assert.equal(await walkthrough.isDone(steps.model), false);
    await window.screenshot('walkthrough-offline');
    await showMessages(window);
  });

  it("the server's step completes when it answers, the model's when there is one", async () => {
    double = await startDouble({ port, models: [] });
    await walkthrough.done(steps.ollama).waitFor();
    await window.statusItem('No model installed').waitFor();
    assert.equal(await walkthrough.isDone(steps.model), false);
    await walkthrough.press(steps.model, 'Select Model');
    await window.page
      .locator('.quick-input-widget')
      .filter({ hasText: 'No Model Is Installed Yet' })
      .waitFor();
    await item(window, 'qwen2.5-coder').waitFor();
    await window.screenshot('walkthrough-no-model');
    await closeList(window);
    double.setModels([{ name: 'tiny:latest', sizeBytes: 2e9 }]);
    await walkthrough.done(steps.model).waitFor();
  });

  it('without an open file, Explain says to open one, and its button lists the files', async () => {
    await window.page.locator('.tab').filter({ hasText: sample.file }).click({ button: 'middle' });
    await walkthrough.press(steps.explain, 'Explain');
    await showMessages(window);
    await window.screenshot('walkthrough-no-file');
    await window.page
      .locator('.notifications-center .notification-list-item')
      .filter({ hasText: 'Open a file first' })
      .getByText('Open File')
      .click();
    await item(window, sample.file).waitFor();
    assert.equal(await walkthrough.isDone(steps.explain), false);
  });
});

/** An entry of the visible list. */
function item({ page }: Window, text: string): Locator {
  return page.locator('.quick-input-widget .monaco-list-row').filter({ hasText: text }).first();
}

/** With a click next to it: an Escape that comes too late would leave the walkthrough. */
async function closeList({ page }: Window): Promise<void> {
  await page.locator('.gettingStartedContainer .step-title').first().click();
  await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
}

/** Shows or hides the notification center: a toast disappears by itself, on a slow machine too early. */
async function showMessages({ page }: Window): Promise<void> {
  await page.locator('[id="status.notifications"]').click();
}

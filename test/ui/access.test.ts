// For users of a screen reader or a keyboard: accessible names, and keys that reach everything.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Registry, startDouble, type OllamaDouble } from '../support/double/index.ts';
import { openSampleWindow, type SampleWindow } from '../support/sampleWindow.ts';
import type { Window } from '../support/vscode/window.ts';

const GB = 1e9;
/** More items than any status bar has. */
const mostSteps = 40;

describe('screen reader and keyboard', () => {
  let double: OllamaDouble;
  let opened: SampleWindow;
  let window: Window;

  before(async () => {
    const pull = new Registry({ models: [{ name: 'fresh:1b', sizeBytes: GB }], bytesPerSecond: 0.02 * GB })
      .pull;
    double = await startDouble({ models: [{ name: 'tiny:latest', sizeBytes: GB }], pull });
    opened = await openSampleWindow({ 'codeworm.baseUrl': double.url, 'codeworm.prewarm': false });
    window = opened.window;
  });

  after(async () => {
    await opened?.close();
    await double?.close();
  });

  const focusedLabel = (): Promise<string> =>
    window.page.evaluate<string>(`document.activeElement?.getAttribute('aria-label') ?? ''`);

  it("the status item has the product's name, the state, and the role of a button", async () => {
    await window.statusItem('tiny:latest').waitFor();
    const item = window.page.getByRole('button', { name: /^CodeWorm: tiny:latest/ });
    await item.waitFor();
    await double.stop();
    await window.command('CodeWorm: Check Health');
    await window.page.getByRole('button', { name: /^CodeWorm: Ollama offline/ }).waitFor();
    await double.start();
    await window.command('CodeWorm: Check Health');
    await item.waitFor();
  });

  it('the keyboard reaches the status item, and what it offers', async () => {
    await window.command('View: Focus Status Bar');
    let steps = 0;
    while (!(await focusedLabel()).startsWith('CodeWorm: tiny:latest')) {
      assert.ok(steps++ < mostSteps, 'the keyboard never comes to the status item');
      await window.page.keyboard.press('ArrowRight');
    }
    await window.page.keyboard.press('Enter');
    await window.page
      .locator('.quick-input-widget .monaco-list-row')
      .filter({ hasText: 'Prewarm Model' })
      .waitFor();
    await window.page.keyboard.press('Enter');
    await window.page
      .getByRole('button', { name: /^CodeWorm: tiny:latest\. .*the model is loaded/ })
      .waitFor();
    assert.equal(double.loads.length, 1, 'the first of the offered actions was done');
  });

  it('models are pulled, stopped, unloaded and deleted with the keyboard', async () => {
    const { keyboard } = window.page;
    await window.type('CodeWorm: Pull Model…', 'fresh:1b');
    await window.notification(/Pulling fresh:1b/);
    await window.page.getByRole('dialog', { name: /Pulling fresh:1b/ }).waitFor();
    await window.type('CodeWorm: Stop Pulling the Model');
    await window.notification(/Pulling fresh:1b was stopped/);
    await window.type('CodeWorm: Unload Model');
    await window.page.getByText('tiny:latest has been unloaded.').waitFor();
    assert.deepEqual(double.loaded(), []);
    await window.type('CodeWorm: Delete Model…', 'tiny');
    await window.dialog().waitFor();
    await keyboard.press('Enter');
    await window.notification(/The model tiny:latest has been deleted\./);
  });
});

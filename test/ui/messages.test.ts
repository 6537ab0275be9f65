// Error messages in the window: one sentence, and a button if something can be done.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Locator } from 'playwright-core';
import { defaultSettings, OllamaClient } from '../../src/ollama/index.ts';
import { startDouble, type OllamaDouble } from '../support/double/index.ts';
import { openSampleWindow, sample, type SampleWindow } from '../support/sampleWindow.ts';
import type { Window } from '../support/vscode/window.ts';

describe('what the window says', () => {
  let double: OllamaDouble;
  let opened: SampleWindow;
  let window: Window;

  before(async () => {
    double = await startDouble({ models: [{ name: 'tiny:latest', sizeBytes: 2e9 }], gpuShare: 0.25 });
    opened = await openSampleWindow({
      'codeworm.baseUrl': double.url,
      'codeworm.keepAlive': 'soon',
      'codeworm.headers': { 'x bad': '1' },
      'codeworm.temperature': -1,
    });
    window = opened.window;
  });

  after(async () => {
    await opened?.close();
    await double?.close();
  });

  /** A message in the notification center: a toast disappears by itself, on a slow machine too early. */
  const message = (text: RegExp): Locator =>
    window.page.locator('.notifications-center .notification-list-item').filter({ hasText: text });

  it('an invalid setting is named in one message with a button, and the rest works', async () => {
    await window.command('Notifications: Show Notifications');
    await message(/codeworm\.keepAlive is not a duration/).waitFor();
    await message(/codeworm\.headers has an unusable name/).waitFor();
    await message(/codeworm\.temperature must be from 0 to \d+; 0 is used/).waitFor();
    await window.screenshot('setting-problem');
    await message(/keepAlive/)
      .getByText('Open Setting')
      .click();
    const search = window.page
      .locator('.settings-editor .suggest-input-container')
      .filter({ hasText: 'codeworm.keepAlive' });
    await search.waitFor();
    await window.screenshot('setting-opened');
    await window.statusItem('tiny:latest').waitFor();
  });

  it('the tooltip of the status bar shows all facts', async () => {
    await window.extensionStatus().hover();
    const hover = window.page.locator('.monaco-hover').filter({ hasText: 'Server:' });
    await hover.waitFor();
    const text = ((await hover.textContent()) ?? '').replaceAll('\u00a0', ' ');
    for (const truth of [
      double.url,
      'Ollama 0.33.0',
      'tiny:latest · loaded',
      '25 % GPU, the rest CPU',
      '16,384 tokens',
    ]) {
      assert.ok(text.includes(truth), `${truth} is not in: ${text}`);
    }
    await window.screenshot('tooltip');
    await window.page.keyboard.press('Escape');
  });

  it('a server that is gone causes one sentence with two buttons, and a state in the status bar', async () => {
    await window.page.locator('.tab').filter({ hasText: sample.file }).click();
    await double.stop();
    await window.command('CodeWorm: Explain');
    await window.statusItem('Ollama offline').waitFor();
    await window.command('Notifications: Show Notifications');
    await message(
      /Nothing answers at http:\/\/127\.0\.0\.1:\d+: start Ollama, or check the address\./,
    ).waitFor();
    await message(/Nothing answers/)
      .getByText('Change Address')
      .waitFor();
    await window.outputShows(/No answer: Nothing answers at/);
    await window.screenshot('offline');
    await double.start();
  });

  it('the tooltip says that another program has loaded the model with its own context size', async () => {
    const settings = { ...defaultSettings, model: 'tiny', baseUrl: double.url, numCtx: 12_000 };
    const other = new OllamaClient(settings);
    assert.ok(await other.prewarm());
    await other.close();
    await window.command('CodeWorm: Check Health');
    const hover = window.page.locator('.monaco-hover').filter({ hasText: 'another program' });
    await window.extensionStatus().hover();
    await hover.waitFor();
    const text = ((await hover.textContent()) ?? '').replaceAll('\u00a0', ' ');
    assert.ok(text.includes('12,000 tokens; loaded by another program, and used as it is'), text);
    await window.page.keyboard.press('Escape');
  });

  it('closing the window closes all connections', async () => {
    await window.command('CodeWorm: Check Health');
    await window.statusItem('tiny:latest').waitFor();
    await opened.close();
    await double.waitForNoConnections();
  });
});

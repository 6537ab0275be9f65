// Choosing a model in the window, and what is said where none is installed.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startDouble, type OllamaDouble } from '../support/double/index.ts';
import { openSampleWindow, type SampleWindow } from '../support/sampleWindow.ts';
import type { Window } from '../support/vscode/window.ts';

const models = [
  {
    name: 'small:1b',
    sizeBytes: 1.2e9,
    parameterSize: '1.5B',
    quantization: 'Q4_K_M',
    contextLength: 32_768,
  },
  {
    name: 'large:7b',
    sizeBytes: 4.7e9,
    parameterSize: '7.6B',
    quantization: 'Q4_K_M',
    contextLength: 32_768,
  },
];

describe('models in the window', () => {
  let double: OllamaDouble;
  let opened: SampleWindow;
  let window: Window;

  before(async () => {
    double = await startDouble({ models });
    opened = await openSampleWindow({ 'codeworm.baseUrl': double.url, 'codeworm.prewarm': false });
    window = opened.window;
  });

  after(async () => {
    await opened?.close();
    await double?.close();
  });

  it('Select Model lists what is installed, and the choice is in force at once', async () => {
    await window.command('CodeWorm: Select Model');
    const rows = window.page.locator('.quick-input-widget .monaco-list-row');
    const row = rows.filter({ hasText: 'large:7b' });
    await row.waitFor();
    const text = ((await row.textContent()) ?? '').replaceAll('\u00a0', ' ');
    assert.match(text, /7\.6B · Q4_K_M · 4\.7 GB · 32768 tokens of context/);
    await window.screenshot('select-model');
    await row.click();
    await window.statusItem('large:7b').waitFor();
  });

  it('where none is installed, the next step is said and can be copied', async () => {
    double.setModels([]);
    await window.command('CodeWorm: Check Health');
    await window.command('CodeWorm: Select Model');
    await window.command('Notifications: Show Notifications');
    const message = window.page
      .locator('.notifications-center .notification-list-item')
      .filter({ hasText: 'No model is installed yet: pull one in a terminal' });
    await message.getByText('Copy Command').waitFor();
    await message.getByText('Browse Models').waitFor();
    await window.statusItem('No model installed').waitFor();
    await window.screenshot('no-model');
  });
});

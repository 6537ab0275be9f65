// Suggestions while typing, as seen by a user who has just turned them on.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startDouble, type OllamaDouble } from '../support/double/index.ts';
import { openSampleWindow, sample, type SampleWindow } from '../support/sampleWindow.ts';
import { infillModel, isSuggestion } from '../support/suggestions.ts';
import type { Window } from '../support/vscode/window.ts';

/** For questions; it cannot infill. */
const chat = { name: 'chat:7b', family: 'llama' };
/** For suggestions, although another one could make them, too. */
const second = { name: 'codegemma:2b-code', family: 'gemma', capabilities: ['completion', 'insert'] };
/** A line in the body of a method with space after it. */
const line = 15;

describe('suggestions in the window', () => {
  let double: OllamaDouble;
  let opened: SampleWindow;
  let window: Window;

  before(async () => {
    double = await startDouble({
      models: [chat, infillModel, second],
      // Not more, so that no other suggestion follows an accepted one.
      answer: ({ prompt }) => (prompt.endsWith(' = ') ? 'item.price * item.quantity;' : ''),
    });
    opened = await openSampleWindow({
      'codeworm.baseUrl': double.url,
      'codeworm.prewarm': false,
      'codeworm.model': chat.name,
      'codeworm.completion.model': second.name,
      // Tab would take what the list of words has chosen.
      'editor.quickSuggestions': { other: 'off', comments: 'off', strings: 'off' },
      'editor.suggestOnTriggerCharacters': false,
    });
    window = opened.window;
  });
  after(async () => {
    await opened?.close();
    await double?.close();
  });

  const view = () => window.editor(sample.file);
  const ghost = () => view().locator('[class*="ghost-text"]').first();
  const asked = (): number => double.requests.filter(isSuggestion).length;
  const lineShows = (text: string) =>
    view().locator('.view-line').filter({ hasText: text }).first().waitFor();

  /** Waits until there is grey text and the line has this text. */
  async function ghostShows(text: string): Promise<void> {
    try {
      await ghost().waitFor({ timeout: 30_000 });
      await lineShows(text);
    } catch (error) {
      await window.screenshot('suggestion-missing');
      throw error;
    }
  }

  /** Types into a new line, key by key, because only then does VS Code ask for suggestions. */
  async function typeLine(text: string): Promise<void> {
    await window.placeCursor({ line, column: 1 });
    await window.page.keyboard.press('End');
    await window.page.keyboard.press('Enter');
    await window.page.keyboard.type(text, { delay: 20 });
  }

  async function why(expected: RegExp): Promise<void> {
    await window.command('CodeWorm: Why Is There No Suggestion Here?');
    await (await window.notification(expected)).waitFor();
    await window.command('Notifications: Clear All Notifications');
  }

  it('nothing is asked before they are turned on', async () => {
    await typeLine('const off = ');
    await why(/Suggestions while typing are off\./);
    assert.equal(asked(), 0);
    await window.command('CodeWorm: Turn On Suggestions While Typing');
    await window.notification(/are on; codegemma:2b-code makes them/);
    await window.command('Notifications: Clear All Notifications');
  });

  it('ghost text appears, typing along keeps it without a request, Tab accepts it', async () => {
    await typeLine('const worth = ');
    await ghostShows('const worth = item.price * item.quantity;');
    await window.screenshot('suggestion');
    const before = double.requests.length;
    await window.page.keyboard.type('item.', { delay: 50 });
    await ghostShows('const worth = item.price * item.quantity;');
    const along = double.requests.slice(before).filter(({ body }) => body.prompt?.endsWith('worth = item.'));
    assert.deepEqual(along, []);
    await window.page.keyboard.press('Tab');
    await ghost().waitFor({ state: 'hidden' });
    await lineShows('const worth = item.price * item.quantity;');
    const models = new Set(double.requests.filter(isSuggestion).map(({ body }) => body.model));
    assert.deepEqual([...models], [second.name], 'only the model that was chosen for suggestions');
    await window.extensionStatus().hover();
    const tooltip = window.page
      .locator('.monaco-hover')
      .filter({ hasText: /Suggestions:\s\d+\sshown,\s1\saccepted/ });
    await tooltip.waitFor();
    await window.screenshot('suggestion-tooltip');
  });

  it('Escape dismisses it, and one of a slow server comes when it has been written', async () => {
    const gate = double.hold('reading', isSuggestion);
    await typeLine('const slow = ');
    await gate.reached;
    assert.equal(await ghost().isVisible(), false);
    gate.release();
    await ghostShows('const slow = item.price * item.quantity;');
    await window.page.keyboard.press('Escape');
    await ghost().waitFor({ state: 'hidden' });
    await view()
      .locator('.view-line')
      .filter({ hasText: /const\sslow\s=\s*$/ })
      .first()
      .waitFor();
  });

  it('a model that cannot fill in, a server that is down and one that is not approved are said', async () => {
    double.setModels([chat, infillModel]);
    await typeLine('const none = ');
    await window.command('CodeWorm: Check Health');
    await why(/The model codegemma:2b-code for suggestions is not installed/);
    await double.stop();
    await window.command('CodeWorm: Check Health');
    await why(/Ollama does not answer/);
    const before = asked();
    mkdirSync(join(opened.folder, '.vscode'), { recursive: true });
    const settings = JSON.stringify({ 'codeworm.baseUrl': 'http://gpu.internal:11434' });
    writeFileSync(join(opened.folder, '.vscode', 'settings.json'), settings);
    await window.statusItem('gpu.internal:11434 not approved').waitFor();
    await typeLine('const foreign = ');
    await why(/Nothing is sent to http:\/\/gpu\.internal:11434 before you approve that server/);
    assert.equal(asked(), before);
  });
});

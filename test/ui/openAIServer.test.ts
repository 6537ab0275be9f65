// The main paths in the window with llama-server, for a user without Ollama.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Locator } from 'playwright-core';
import { demoAnswer } from '../support/double/demo/answers.ts';
import { startDouble, type OllamaDouble, type RecordedRequest } from '../support/double/index.ts';
import { chatSettings, ParticipantView } from '../support/participantView.ts';
import { openSampleWindow, sample, type SampleWindow } from '../support/sampleWindow.ts';
import { removeFolder, temporaryFolder } from '../support/vscode/cleanup.ts';
import type { Window } from '../support/vscode/window.ts';

const model = { name: 'qwen2.5-coder-7b-instruct' };
const isQuestion = ({ path }: RecordedRequest): boolean => path === '/v1/chat/completions';
const isInfill = ({ path }: RecordedRequest): boolean => path === '/infill';
/** What the demo's answer changes in the sample. */
const fixedText = '{ ...item }';
const written = 'const worth = item.price * item.quantity;';

describe('a server that speaks the protocol of OpenAI, in the window', () => {
  const home = temporaryFolder('home');
  let double: OllamaDouble;
  let opened: SampleWindow;
  let window: Window;
  let chat: ParticipantView;

  before(async () => {
    double = await startDouble({
      protocol: 'openai',
      models: [model],
      answer: ({ prompt, request }) => {
        if (!isInfill(request)) return demoAnswer(prompt);
        return prompt.endsWith('worth = ') ? 'item.price * item.quantity;' : '';
      },
    });
    // With a program to start, which must not be offered.
    mkdirSync(join(home, '.local', 'bin'), { recursive: true });
    writeFileSync(join(home, '.local', 'bin', 'ollama'), '#!/bin/sh\n', { mode: 0o755 });
    opened = await openSampleWindow(
      {
        'codeworm.baseUrl': double.url,
        'files.autoSave': 'off',
        // Tab would take what the list of words has chosen.
        'editor.quickSuggestions': { other: 'off', comments: 'off', strings: 'off' },
        'editor.suggestOnTriggerCharacters': false,
        ...chatSettings,
      },
      {
        size: { width: 1500, height: 1200 },
        builtIn: ['typescript-language-features'],
        env: { HOME: home },
      },
    );
    window = opened.window;
    chat = new ParticipantView(window);
  });

  after(async () => {
    await opened?.close();
    await double?.close();
    removeFolder(home);
  });

  /** The text of a place, without the extension's own name, which VS Code shows as the source of a message. */
  const shown = async (place: Locator): Promise<string> =>
    ((await place.textContent()) ?? '')
      .replaceAll('\u00a0', ' ')
      .replace(/Source: CodeWorm — local AI with Ollama/, '');
  const line = (text: string): Locator =>
    window.editor(sample.file).locator('.view-line').filter({ hasText: text }).first();

  /** The text of the status bar's tooltip, which must contain all of this. */
  async function tooltipSays(name: string, ...facts: string[]): Promise<string> {
    await window.extensionStatus().hover();
    const hover = window.page.locator('.monaco-hover').filter({ hasText: 'Server:' });
    await hover.waitFor();
    const text = await shown(hover);
    await window.screenshot(name);
    await window.page.mouse.move(300, 300);
    await hover.waitFor({ state: 'hidden' });
    for (const fact of facts) assert.ok(text.includes(fact), `${fact} is not in: ${text}`);
    assert.doesNotMatch(text, /Ollama|not loaded|Prewarm|Unload/);
    return text;
  }

  it('is named in the status bar; its tooltip says what the server tells, and Explain streams', async () => {
    await window.statusItem(model.name).locator('.codicon-circle-filled').waitFor();
    await tooltipSays('openai-status', double.url, 'llama-server', model.name, '4,096 tokens');
    const gate = double.hold({ afterTokens: 12 }, isQuestion);
    await window.placeCursor({ line: sample.first, column: 5 });
    await window.command('CodeWorm: Explain');
    await gate.reached;
    const begun = await window.outputShows(/## Explain · .*qwen2\.5-coder-7b-instruct.*`add`/);
    assert.doesNotMatch(begun, /tokens\/s/);
    gate.release();
    const answer = await window.outputShows(/What may surprise.*tokens\/s · first token after/);
    await window.screenshot('openai-explain');
    assert.doesNotMatch(answer, /Ollama/);
    await tooltipSays('openai-tooltip', 'Last prompt:', 'reused from the cache', 'Slots:');
  });

  it('Fix opens a diff, and Accept changes the file', async () => {
    await window.placeCursor({ line: sample.first, column: 5 });
    await window.command('CodeWorm: Fix');
    const changed = window.page.locator('.monaco-diff-editor .modified .view-line');
    await changed.filter({ hasText: fixedText }).first().waitFor();
    await window.screenshot('openai-fix');
    await window.page.locator('.editor-actions .action-label[aria-label^="Accept Edit"]').first().click();
    await line(fixedText).waitFor();
    await window.command('File: Save');
    await window.page.locator('.tab.dirty').waitFor({ state: 'detached' });
    assert.ok(readFileSync(join(opened.folder, sample.file), 'utf8').includes(fixedText));
  });

  it('suggestions are made by its infill: ghost text appears, and Tab accepts it', async () => {
    await window.command('CodeWorm: Turn On Suggestions While Typing');
    await window.notification(/are on; qwen2\.5-coder-7b-instruct makes them/);
    await window.command('Notifications: Clear All Notifications');
    await window.placeCursor({ line: 15, column: 1 });
    await window.page.keyboard.press('End');
    await window.page.keyboard.press('Enter');
    await window.page.keyboard.type('const worth = ', { delay: 20 });
    const ghost = window.editor(sample.file).locator('[class*="ghost-text"]').first();
    await ghost.waitFor();
    await line(written).waitFor();
    await window.screenshot('openai-suggestion');
    await window.page.keyboard.press('Tab');
    await ghost.waitFor({ state: 'hidden' });
    await line(written).waitFor();
    assert.ok(double.requests.some(isInfill));
    await tooltipSays('openai-suggested', '1 accepted');
  });

  it('@codeworm answers with its model', async () => {
    await window.placeCursor({ line: sample.first, column: 5 });
    await chat.open();
    await chat.ask('/explain');
    await chat
      .answer()
      .filter({ hasText: /own model, qwen2\.5-coder-7b-instruct/ })
      .filter({ hasText: 'What may surprise' })
      .waitFor();
    await chat.followUp('What can go wrong in it?').waitFor();
    await window.screenshot('openai-chat');
  });

  it('once it is stopped, neither messages nor buttons name Ollama', async () => {
    await double.stop();
    await chat.ask('/review');
    await chat
      .answer()
      .filter({ hasText: /Nothing answers at .*: start the server, or check the address\./ })
      .waitFor();
    await chat.button('Diagnose Connection').waitFor();
    assert.doesNotMatch(await shown(chat.answer()), /Ollama/);
    await window.screenshot('openai-chat-down');
    await window.statusItem('Server offline').waitFor();
    await window.command('CodeWorm: Check Health');
    const message = await window.notification(/Nothing answers at .*: start the server/);
    const text = await shown(message);
    assert.match(text, /Diagnose Connection.*Change Address/);
    assert.doesNotMatch(text, /Ollama/);
    await window.screenshot('openai-down');
    await window.extensionStatus().click();
    const actions = window.page.locator('.quick-input-widget .monaco-list-row');
    await actions.filter({ hasText: 'Diagnose Connection' }).waitFor();
    await window.screenshot('openai-actions');
    assert.doesNotMatch((await actions.allTextContents()).join(), /Ollama|Pull/);
  });
});

// A reader saves a page while its text streams without a pause.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startDouble, type OllamaDouble } from '../support/double/index.ts';
import { openSampleWindow, sample, type SampleWindow } from '../support/sampleWindow.ts';
import type { Window } from '../support/vscode/window.ts';

describe('a page that is saved while it is written', () => {
  let double: OllamaDouble;
  let opened: SampleWindow;
  let window: Window;
  const text = { words: 0, isEnough: false };

  async function* words(): AsyncGenerator<string> {
    text.words = 0;
    yield '## Purpose\n\n';
    while (!text.isEnough) {
      yield `word${++text.words}${text.words % 9 === 0 ? '.\n\n' : ' '}`;
      await delay(5);
    }
  }

  before(async () => {
    const models = [{ name: 'tiny:latest', sizeBytes: 1e9 }];
    double = await startDouble({ models, answer: () => words() });
    opened = await openSampleWindow({ 'codeworm.baseUrl': double.url });
    window = opened.window;
  });

  after(async () => {
    await opened?.close();
    await double?.close();
  });

  const lineOf = (name: string, text: string): ReturnType<Window['editor']> =>
    window.editor(name).locator('.view-line').filter({ hasText: text }).first();

  async function begin(name: string): Promise<void> {
    text.isEnough = false;
    await window.page.keyboard.press('Control+1');
    await window.editor(sample.file).and(window.page.locator('.focused')).waitFor();
    await window.type('CodeWorm: Write Documentation Page…', 'File Documentation');
    await window.editor(name).locator('.view-line').first().waitFor();
    await window.page.keyboard.press('Control+2');
    await window.editor(name).and(window.page.locator('.focused')).waitFor();
  }

  /** Ends the answer, and reads the file once it has the page's last line. */
  async function end(name: string): Promise<string> {
    text.isEnough = true;
    await window.page.keyboard.press('Control+End');
    await lineOf(name, 'Written by').waitFor();
    return savedText(name, 'Written by');
  }

  /** Resolves with the file once it contains a text. */
  async function savedText(name: string, part: string): Promise<string> {
    for (;;) {
      const text = readFileSync(join(opened.folder, 'docs', 'codeworm', name), 'utf8');
      if (text.includes(part)) return text;
      await delay(50);
    }
  }

  function assertWhole(saved: string): void {
    const numbers = [...saved.matchAll(/\bword(\d+)\b/g)].map(([, number]) => Number(number));
    assert.equal(
      numbers.findIndex((number, index) => number !== index + 1),
      -1,
    );
    assert.equal(numbers.length, text.words);
  }

  it('continues in its file', async () => {
    const name = 'file-inventory.ts.md';
    await begin(name);
    await window.page.keyboard.press('Control+s');
    await window.editor(name).and(window.page.locator('[data-uri^="vscode-remote:"]')).waitFor();
    assertWhole(await end(name));
  });

  it('is marked as incomplete when the window closes', async () => {
    const name = 'file-inventory.ts-2.md';
    await begin(name);
    await window.page.keyboard.press('Control+s');
    await window.editor(name).and(window.page.locator('[data-uri^="vscode-remote:"]')).waitFor();
    await window.page.keyboard.press('Control+End');
    await savedText(name, 'word20');
    await window.command('Developer: Reload Window');
    const saved = await savedText(name, 'VS Code was closed');
    assert.match(
      saved,
      /word1 [^]*\n\n> \*\*This page is not complete: VS Code was closed while it was written\.\*\*\n$/,
    );
  });
});

// A model's text in every place where it is shown: the output, the answer as a document, a page, and
// previews.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { FrameLocator, Locator } from 'playwright-core';
import { startDouble, type OllamaDouble } from '../support/double/index.ts';
import { startForwardProxy, type ForwardProxy } from '../support/forwardProxy.ts';
import { hostileMarkdown } from '../support/hostileMarkdown.ts';
import { openSampleWindow, sample, type SampleWindow } from '../support/sampleWindow.ts';
import type { Window } from '../support/vscode/window.ts';

/** The used part of an element; the project has no DOM types. */
interface Element {
  getAttribute(name: string): string | null;
}

/** Joined in this order: texts that leave something open, which would disable the rest, come last. */
const isOpen = /not closed|hides the rest|swallows a fence|list ends|in a quotation$/;
const texts = Object.entries(hostileMarkdown).toSorted(
  ([one], [other]) => Number(isOpen.test(one)) - Number(isOpen.test(other)),
);
const hostile = texts.map(([, text]) => text).join('\n\n');
const marker = 'Here it begins';
const answer = `${marker}: https://good.example/page and\n\n${hostile}\n`;

describe('an answer with active content', () => {
  let double: OllamaDouble;
  let proxy: ForwardProxy;
  let opened: SampleWindow;
  let window: Window;
  /** Hosts requested by the window that are neither VS Code's server nor its webviews. */
  const foreign: string[] = [];

  before(async () => {
    double = await startDouble({ models: [{ name: 'tiny:latest', sizeBytes: 1e9 }], answer: () => answer });
    proxy = await startForwardProxy({ to: double.port });
    opened = await openSampleWindow(
      { 'codeworm.baseUrl': double.url, 'workbench.editor.enablePreview': false },
      {
        // The same text in a file of the user's shows that these tests can fail.
        prepare: (folder) => writeFileSync(join(folder, 'own.md'), answer),
        env: { HTTP_PROXY: proxy.url, http_proxy: proxy.url, NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1' },
        size: { width: 1400, height: 1200 },
        // Without one of them, VS Code asks its marketplace for it.
        builtIn: 'all',
      },
    );
    window = opened.window;
    const own = new URL(opened.server.url).host;
    window.page.context().on('request', (request) => {
      const { protocol, host } = new URL(request.url());
      const isOwn = host === own || host.endsWith('.vscode-cdn.net');
      if (/^(?:https?|wss?):$/.test(protocol) && !isOwn) foreign.push(request.url());
    });
  });

  after(async () => {
    await opened?.close();
    await proxy?.close();
    await double?.close();
  });

  function assertNothingAsked(): void {
    assert.deepEqual(foreign, []);
    assert.deepEqual(
      proxy.requests.map(({ target }) => target).filter((target) => target.includes('.example')),
      [],
    );
  }

  const addresses = /command:|vscode(?:-insiders)?:|file:|javascript:|data:|ftp:/i;

  /** Every link in the editor, from the first line to the last. */
  async function linksIn(view: Locator): Promise<string[]> {
    await view.locator('.detected-link').filter({ hasText: 'https://good.example/page' }).first().waitFor();
    const links = new Set<string>();
    for (let page = 0; page < 16; page++) {
      for (const link of await view.locator('.detected-link').allTextContents()) links.add(link);
      await window.page.keyboard.press('PageDown');
      await view.locator('.view-line').first().waitFor();
    }
    return [...links];
  }

  function preview(): FrameLocator {
    return window.page.frameLocator('iframe.webview.ready').last().frameLocator('iframe#active-frame').last();
  }

  async function openPreview(): Promise<FrameLocator> {
    await window.command('Markdown: Open Preview');
    const shown = preview();
    await shown.getByText(marker).first().waitFor();
    return shown;
  }

  /** Where the links and other elements of a preview lead. */
  async function leadsOf(shown: FrameLocator): Promise<string[]> {
    const all = shown.locator('body [href], body [src], body [data-href], body [data-src]');
    return all.evaluateAll((nodes: Element[]) =>
      nodes
        // The scripts and styles are the preview's own.
        .flatMap((node) =>
          ['href', 'data-href', 'src', 'data-src'].map((name) => node.getAttribute(name) ?? ''),
        )
        .filter((lead) => lead !== '' && !/vscode-(?:cdn|resource)/.test(lead)),
    );
  }

  const drawn = 'body .mermaid, body svg[aria-roledescription], body iframe, body .katex a, body .katex img';

  async function assertPowerless(shown: FrameLocator): Promise<void> {
    const leads = await leadsOf(shown);
    assert.ok(leads.includes('https://good.example/page'));
    assert.deepEqual(
      leads.filter((lead) => addresses.test(lead) || /^(?:\/\/|[/\\]{2})/.test(lead)),
      [],
    );
    assert.equal(await shown.locator('.markdown-body img').count(), 0);
    assert.equal(await shown.locator(drawn).count(), 0);
    await shown.getByText('Run', { exact: true }).first().click();
    assert.equal(await window.page.locator('.quick-input-widget').isVisible(), false);
  }

  it('has no active link in the output', async () => {
    await window.command('CodeWorm: Explain');
    await window.outputShows(/tokens\/s/);
    const output = window.page.locator('.part.panel .output-view');
    await window.command('Output: Focus on Output View');
    await output.locator('.monaco-editor.focused').waitFor();
    await window.page.keyboard.press('Control+Home');
    const links = await linksIn(output);
    // Links that VS Code finds in any text: files, which it would only show.
    assert.deepEqual(
      links.filter((link) => addresses.test(link) && !link.startsWith('file:')),
      [],
    );
    assertNothingAsked();
  });

  it('is inactive as a document, and loads and renders nothing in its preview', async () => {
    await window.command('CodeWorm: Open Last Answer as Document');
    const editor = window.page.locator('.editor-instance .monaco-editor[data-uri^="untitled:"]').first();
    await editor.and(window.page.locator('.focused')).waitFor();
    assert.deepEqual(
      (await linksIn(editor)).filter((link) => addresses.test(link)),
      [],
    );
    await assertPowerless(await openPreview());
    await window.screenshot('hostile-answer');
    assertNothingAsked();
  });

  it('is inactive as a page, and loads and renders nothing in its preview', async () => {
    await window.openFile(sample.file);
    await window.placeCursor({ line: 17, column: 5 });
    await window.type('CodeWorm: Write Documentation Page…', 'File Documentation');
    const page = window.editor('file-inventory.ts.md');
    await page.locator('.view-line').first().waitFor();
    await window.page.keyboard.press('Control+2');
    await page.and(window.page.locator('.focused')).waitFor();
    await window.page.keyboard.press('Control+End');
    await page.locator('.view-line').filter({ hasText: 'Written by' }).waitFor();
    await assertPowerless(await openPreview());
    await window.screenshot('hostile-page');
    assertNothingAsked();
  });

  it('is active in a file of the user', async () => {
    await window.openFile('own.md');
    const request = window.page
      .context()
      .waitForEvent('request', (one) => one.url().includes('evil.example'));
    const shown = await openPreview();
    await request;
    await shown.locator(drawn).first().waitFor({ state: 'attached' });
    assert.ok((await leadsOf(shown)).some((lead) => addresses.test(lead)));
    assert.notDeepEqual(foreign, []);
  });
});

// Where code is sent, and what answers can do, in the real window: what a workspace must not decide, and a
// model must not do.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startDouble, type OllamaDouble } from '../support/double/index.ts';
import { startForwardProxy, type ForwardProxy } from '../support/forwardProxy.ts';
import { openSampleWindow, sample, type SampleWindow } from '../support/sampleWindow.ts';
import type { Window } from '../support/vscode/window.ts';

const foreign = 'http://gpu.internal:11434';
const models = [{ name: 'tiny:latest', sizeBytes: 1e9 }];

/** Names of other machines lead through the proxy to the double. */
const through = ({ url }: ForwardProxy): Record<string, string> => ({ HTTP_PROXY: url, http_proxy: url });

/** Requests through the proxy for the foreign server; VS Code itself uses it for its own pages. */
const askedOf = ({ requests }: ForwardProxy): string[] =>
  requests.map(({ target }) => target).filter((target) => target.includes('gpu.internal'));

/** A workspace that tries to get the code, with the user's headers. */
function greedy(folder: string): void {
  mkdirSync(join(folder, '.vscode'));
  const settings = { 'codeworm.baseUrl': foreign, 'codeworm.headers': { 'X-Team': 'blue' } };
  writeFileSync(join(folder, '.vscode', 'settings.json'), JSON.stringify(settings));
}

describe('a server that the workspace has set', () => {
  let double: OllamaDouble;
  let proxy: ForwardProxy;
  let opened: SampleWindow;
  let window: Window;

  before(async () => {
    double = await startDouble({ models });
    proxy = await startForwardProxy({ to: double.port });
    opened = await openSampleWindow({}, { prepare: greedy, env: through(proxy) });
    window = opened.window;
  });

  after(async () => {
    await opened?.close();
    await proxy?.close();
    await double?.close();
  });

  it('gets no request, not even a probe, and the status bar says why', async () => {
    await window.statusItem('gpu.internal:11434 not approved').waitFor();
    await window.command('CodeWorm: Prewarm Model');
    await window.statusItem('gpu.internal:11434 not approved').waitFor();
    assert.deepEqual(askedOf(proxy), []);
  });

  it('needs an approval before code is sent; Cancel sends nothing', async () => {
    await window.editor(sample.file).locator('.view-line').first().click();
    await window.command('CodeWorm: Explain');
    const text = await window.dialog().textContent();
    for (const part of [foreign, 'settings of this workspace', 'unencrypted', 'X-Team'])
      assert.ok(text?.includes(part), `${part} is not in: ${text}`);
    await window.screenshot('approval');
    await window.pressInDialog('Cancel');
    assert.deepEqual(askedOf(proxy), []);
  });

  it('gets the code after the approval, which is asked for once', async () => {
    await window.command('CodeWorm: Explain');
    await window.pressInDialog('Approve');
    await window.outputShows(/tokens\/s · first token after/);
    assert.ok(askedOf(proxy).includes(`${foreign}/api/generate`));
    await window.command('CodeWorm: Find Bugs');
    await window.outputShows(/## Find Bugs .*tokens\/s · first token after/);
  });

  it('is in the list of where code was sent, with times and counts only', async () => {
    await window.command('CodeWorm: Show Where Code Was Sent');
    const editor = window.editor('Where%20Code%20Was%20Sent.md');
    await editor.locator('.view-line').filter({ hasText: 'gpu.internal' }).waitFor();
    const text = ((await editor.locator('.view-lines').textContent()) ?? '').replaceAll('\u00a0', ' ');
    assert.match(text, /http:\/\/gpu\.internal:11434 \| .* \| 2 \| since /);
    assert.doesNotMatch(text, /quantity|inventory/);
    await window.screenshot('where-code-was-sent');
  });

  it('gets nothing more after the revocation, and a running answer ends at once', async () => {
    const gate = double.hold({ afterTokens: 2 }, ({ body }) => Boolean(body.prompt));
    await window.openFile(sample.file);
    await window.command('CodeWorm: Suggest Improvements');
    const answered = await gate.reached;
    await window.command('CodeWorm: Revoke Approval…');
    await window.page.locator('.quick-input-widget .monaco-list-row').filter({ hasText: foreign }).click();
    assert.equal(await answered.finished, 'cancelled');
    gate.release();
    await window.statusItem('gpu.internal:11434 not approved').waitFor();
    const before = askedOf(proxy).length;
    await window.openFile(sample.file);
    await window.command('CodeWorm: Explain');
    await window.pressInDialog('Cancel');
    assert.equal(askedOf(proxy).length, before);
  });
});

describe('a model that the local Ollama forwards to another server', () => {
  let double: OllamaDouble;
  let opened: SampleWindow;

  before(async () => {
    const remote = { name: 'mine:latest', remoteHost: 'https://ollama.com:443', remoteModel: 'gpt-oss:120b' };
    double = await startDouble({ models: [remote] });
    opened = await openSampleWindow({ 'codeworm.baseUrl': double.url, 'codeworm.model': 'mine' });
  });

  after(async () => {
    await opened?.close();
    await double?.close();
  });

  const prompts = (): unknown[] => double.requests.filter(({ path }) => path === '/api/generate');

  it('needs its own approval before code is sent', async () => {
    const { window } = opened;
    await window.statusItem('mine').waitFor();
    await window.command('CodeWorm: Explain');
    const text = await window.dialog().textContent();
    assert.match(text ?? '', /https:\/\/ollama\.com\?.*The model mine does not run on your Ollama/);
    await window.screenshot('approval-remote-model');
    await window.pressInDialog('Cancel');
    assert.deepEqual(prompts(), []);
    await window.command('CodeWorm: Explain');
    await window.pressInDialog('Approve');
    await window.outputShows(/tokens\/s/);
    await window.command('CodeWorm: Show Where Code Was Sent');
    const lines = window.editor('Where%20Code%20Was%20Sent.md').locator('.view-line');
    await lines.filter({ hasText: 'https://ollama.com' }).first().waitFor();
  });
});

/** Everything that a text could do to its reader. */
const wicked = [
  'See https://evil.example/page and [Run me](command:workbench.action.quickOpen) now.\n\n',
  '<command:workbench.action.quickOpen> [Ask](vscode://codeworm.codeworm/x) [File](file:///etc/passwd)\n\n',
  '<a href="command:workbench.action.quickOpen">HTML</a><img src="https://evil.example/html.png">\n\n',
  '![picture](https://evil.example/picture.png) ![again][pic]\n\n[pic]: https://evil.example/reference.png\n\n',
  '\u001b[31mred\u001b[0m \u001b]8;;https://evil.example/osc\u0007link\u001b]8;;\u0007 \b\b gone\n',
].join('');

describe('an answer full of command links, HTML and terminal escapes', () => {
  let double: OllamaDouble;
  let other: OllamaDouble;
  let opened: SampleWindow;
  let window: Window;
  const fetched: string[] = [];

  before(async () => {
    other = await startDouble({ models });
    double = await startDouble({ models, answer: () => wicked });
    // The same text in a file of the user's: VS Code's links there show that these tests can fail.
    const prepare = (folder: string): void => writeFileSync(join(folder, 'own.md'), wicked);
    opened = await openSampleWindow(
      { 'codeworm.baseUrl': double.url, 'workbench.editor.enablePreview': false },
      { prepare, size: { width: 1400, height: 1200 } },
    );
    window = opened.window;
    window.page.on('request', (request) => {
      if (request.url().includes('evil.example')) fetched.push(request.url());
    });
  });

  after(async () => {
    await opened?.close();
    await double?.close();
    await other?.close();
  });

  /** The links that VS Code has found, once those to web pages are there. */
  async function linksIn(view: ReturnType<Window['editor']>): Promise<string[]> {
    await view.locator('.detected-link').filter({ hasText: 'https://evil.example/page' }).waitFor();
    return view.locator('.detected-link').allTextContents();
  }

  const dangerous = /command:|vscode:|file:/;

  it('is shown in the output without active links', async () => {
    await window.command('CodeWorm: Explain');
    await window.outputShows(/tokens\/s/);
    const output = window.page.locator('.part.panel .output-view');
    const links = await linksIn(output);
    assert.deepEqual(
      links.filter((link) => dangerous.test(link) && !link.startsWith('file:')),
      [],
    );
    await window.controlClick(output, 'Run me');
    assert.equal(await window.page.locator('.quick-input-widget').isVisible(), false);
    await window.screenshot('wicked-output');
  });

  it('has no terminal control characters, neither in the output nor on the clipboard', async () => {
    const text = await window.outputText();
    assert.match(text, /␛\[31mred␛\[0m/);
    await window.command('CodeWorm: Open Last Answer as Document');
    const editor = window.page.locator('.editor-instance .monaco-editor[data-uri^="untitled:"]').first();
    assert.deepEqual(
      (await linksIn(editor)).filter((link) => dangerous.test(link)),
      [],
    );
    await window.screenshot('wicked-document');
  });

  it('loads nothing in a preview, unlike a file of the user with the same text', async () => {
    await window.command('Markdown: Open Preview');
    const preview = window.page
      .frameLocator('iframe.webview.ready')
      .frameLocator('iframe#active-frame')
      .last();
    await preview.getByText('Run me').waitFor();
    await window.screenshot('wicked-preview');
    assert.deepEqual(fetched, []);
    await window.openFile('own.md');
    assert.ok((await linksIn(window.editor('own.md'))).some((link) => dangerous.test(link)));
    const request = window.page.waitForRequest(/evil\.example\/picture\.png/);
    await window.command('Markdown: Open Preview');
    await request;
  });

  it('and a redirect by the server is not followed', async () => {
    void double.faultNext(({ path }) => path === '/api/generate', {
      kind: 'redirect',
      to: `${other.url}/api/generate`,
    });
    await window.openFile(sample.file);
    await window.command('CodeWorm: Find Bugs');
    await window.command('Notifications: Show Notifications');
    await window.page
      .locator('.notifications-center .notification-list-item')
      .filter({ hasText: `redirects to ${other.url}, and nothing is sent there` })
      .waitFor();
    assert.deepEqual(other.requests, []);
  });
});

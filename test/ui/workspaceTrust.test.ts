// A workspace's settings in the real window: on this machine they need an approval, and without trust they
// are ignored.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startDouble, type OllamaDouble } from '../support/double/index.ts';
import { startForwardProxy, type ForwardProxy } from '../support/forwardProxy.ts';
import { openSampleWindow, sample, type SampleWindow } from '../support/sampleWindow.ts';
import { isSuggestion } from '../support/suggestions.ts';

const foreign = 'http://gpu.internal:11434';
const models = [{ name: 'tiny:latest', sizeBytes: 1e9, capabilities: ['completion', 'insert'] }];

/** Writes settings into a workspace. */
function withSettings(folder: string, settings: Record<string, unknown>): void {
  mkdirSync(join(folder, '.vscode'));
  writeFileSync(join(folder, '.vscode', 'settings.json'), JSON.stringify(settings));
}

describe('a local server set by the workspace', () => {
  let double: OllamaDouble;
  let opened: SampleWindow;

  before(async () => {
    double = await startDouble({ models });
    const forwarder = (folder: string): void => withSettings(folder, { 'codeworm.baseUrl': double.url });
    opened = await openSampleWindow({ 'codeworm.headers': { 'X-Key': 'mine' } }, { prepare: forwarder });
  });

  after(async () => {
    await opened?.close();
    await double?.close();
  });

  it("gets nothing before the approval, and the question names the user's headers", async () => {
    const { window } = opened;
    const { host } = new URL(double.url);
    await window.statusItem(`${host} not approved`).waitFor();
    await window.command('CodeWorm: Explain');
    const text = await window.dialog().textContent();
    for (const part of [double.url, 'settings of this workspace', 'another program', 'X-Key'])
      assert.ok(text?.includes(part), `${part} is not in: ${text}`);
    await window.screenshot('approval-this-machine');
    await window.pressInDialog('Cancel');
    assert.equal(double.connections.total, 0);
  });

  it('needs one approval', async () => {
    const { window } = opened;
    await window.command('CodeWorm: Explain');
    await window.pressInDialog('Approve');
    await window.outputShows(/tokens\/s · first token after/);
    await window.command('CodeWorm: Find Bugs');
    await window.outputShows(/## Find Bugs .*tokens\/s · first token after/);
    assert.ok(double.requests.every(({ headers }) => headers['x-key'] === 'mine'));
  });
});

describe('an untrusted workspace', () => {
  let double: OllamaDouble;
  let proxy: ForwardProxy;
  let opened: SampleWindow;

  before(async () => {
    double = await startDouble({ models });
    proxy = await startForwardProxy({ to: double.port });
    const settings = { 'codeworm.baseUrl': double.url, 'codeworm.completion.enabled': true };
    const greedy = (folder: string): void =>
      withSettings(folder, {
        'codeworm.baseUrl': foreign,
        'codeworm.headers': { 'X-Team': 'blue' },
        'codeworm.temperature': 2,
        'codeworm.prewarm': true,
      });
    opened = await openSampleWindow(settings, {
      prepare: greedy,
      workspaceTrust: true,
      env: { HTTP_PROXY: proxy.url, http_proxy: proxy.url },
    });
  });

  after(async () => {
    await opened?.close();
    await proxy?.close();
    await double?.close();
  });

  it('decides nothing: neither server nor headers nor values, and no model is loaded automatically', async () => {
    const { window } = opened;
    await window.statusItem('tiny:latest').waitFor();
    await window.command('CodeWorm: Explain');
    await window.outputShows(/tokens\/s · first token after/);
    assert.ok(!proxy.requests.some(({ target }) => target.includes('gpu.internal')));
    const generation = double.requests.find(({ body }) => Boolean(body.prompt));
    assert.ok(generation);
    assert.equal(generation.headers['x-team'], undefined);
    assert.equal((generation.body.options as { temperature: number }).temperature, 0.3);
    const first = double.requests.find(({ path }) => path === '/api/generate');
    assert.equal(first, generation, 'nothing was loaded unasked');
    await window.screenshot('restricted-mode');
  });

  it('gets no suggestions, although the user has turned them on', async () => {
    const { window } = opened;
    const before = double.requests.filter(isSuggestion).length;
    await window.placeCursor({ line: sample.first, column: 1 });
    await window.page.keyboard.press('End');
    await window.page.keyboard.press('Enter');
    await window.page.keyboard.type('const price = ', { delay: 20 });
    await window.command('CodeWorm: Why Is There No Suggestion Here?');
    await window.notification(/no suggestions in a workspace that you have not trusted/);
    assert.equal(double.requests.filter(isSuggestion).length, before);
    await window.screenshot('restricted-mode-suggestions');
  });
});

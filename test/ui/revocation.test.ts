// Two windows of one VS Code: an approval revoked in one is no longer used in the other.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, it, describe } from 'node:test';
import { startDouble, type OllamaDouble } from '../support/double/index.ts';
import { startForwardProxy, type ForwardProxy } from '../support/forwardProxy.ts';
import { openSampleWindow, sample, type SampleWindow } from '../support/sampleWindow.ts';
import { openWindow, type Window } from '../support/vscode/window.ts';

const foreign = 'http://gpu.internal:11434';

describe('an approval revoked in one window', () => {
  let double: OllamaDouble;
  let proxy: ForwardProxy;
  let first: SampleWindow;
  let second: Window;

  before(async () => {
    double = await startDouble({ models: [{ name: 'tiny:latest', sizeBytes: 1e9 }] });
    proxy = await startForwardProxy({ to: double.port });
    const env = { HTTP_PROXY: proxy.url, http_proxy: proxy.url };
    first = await openSampleWindow({ 'codeworm.baseUrl': foreign, 'codeworm.prewarm': false }, { env });
    const { folder, server } = first;
    // Another browser, with its own copy of the extension's stored state.
    second = await openWindow(server, { folder, openFile: join(folder, sample.file) });
    await second.editor(sample.file).locator('.view-line').first().waitFor();
    await second.extensionStatus().waitFor();
  });

  after(async () => {
    await second?.close();
    await first?.close();
    await proxy?.close();
    await double?.close();
  });

  async function approve(window: Window): Promise<void> {
    await window.editor(sample.file).locator('.view-line').first().click();
    await window.command('CodeWorm: Explain');
    await window.pressInDialog('Approve');
    await window.outputShows(/tokens\/s · first token after/);
  }

  it('aborts requests in the other one, and the next question there needs an approval', async () => {
    await approve(first.window);
    await approve(second);
    const gate = double.hold({ afterTokens: 2 });
    await second.openFile(sample.file);
    await second.command('CodeWorm: Suggest Improvements');
    const running = await gate.reached;

    await first.window.command('CodeWorm: Revoke Approval…');
    const { page } = first.window;
    await page.locator('.quick-input-widget .monaco-list-row').filter({ hasText: foreign }).click();
    assert.equal(await running.finished, 'cancelled');
    gate.release();

    await second.statusItem('gpu.internal:11434 not approved').waitFor();
    await second.openFile(sample.file);
    await second.command('CodeWorm: Explain');
    await second.pressInDialog('Cancel');
  });
});

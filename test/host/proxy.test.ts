import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { after, before, describe, it } from './runner.ts';
import { defaultSettings, OllamaClient } from '../../src/ollama/index.ts';
import type { OllamaDouble } from '../support/double/index.ts';
import { startForwardProxy, type ForwardProxy } from '../support/forwardProxy.ts';
import { connect, generations, open, pressInDialog, run, set, status } from './world.ts';

/** VS Code passes its own settings to the extension host a moment after writing them. */
async function setProxy(value: string | undefined): Promise<void> {
  const configuration = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('http');
  const wanted = value ?? configuration().inspect<string>('proxy')?.defaultValue;
  const { promise: told, resolve } = Promise.withResolvers<void>();
  const subscription = vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration('http.proxy') && configuration().get('proxy') === wanted) resolve();
  });
  await configuration().update('proxy', value, vscode.ConfigurationTarget.Global);
  if (configuration().get('proxy') !== wanted) await told;
  subscription.dispose();
}

describe('a proxy in the settings of VS Code', () => {
  let double: OllamaDouble;
  let proxy: ForwardProxy;

  before(async () => {
    double = await connect();
    await status('idle');
    proxy = await startForwardProxy({ to: double.port });
    await setProxy(proxy.url);
  });

  after(async () => {
    await setProxy(undefined);
    await set({ baseUrl: double.url });
    await proxy.close();
    await double.close();
  });

  it('is not used for a server on this machine', async () => {
    await open(8);
    await run('explain');
    assert.equal(generations(double).length, 1);
    for (const host of ['localhost', '127.0.0.1']) {
      const client = new OllamaClient({ ...defaultSettings, baseUrl: `http://${host}:${double.port}` });
      assert.equal(await client.healthCheck(), true);
      await client.close();
    }
    assert.deepEqual(proxy.requests, []);
  });

  it('is used for another server, once that is approved', async () => {
    await set({ baseUrl: 'http://ollama.test:1234' });
    await status('notApproved');
    void pressInDialog('Approve');
    await run('approveServer');
    // The explanation above has loaded the model.
    await status('ready');
    const before = generations(double).length;
    await open(8);
    await run('explain');
    assert.equal(generations(double).length, before + 1);
    const targets = proxy.requests.map(({ target }) => target);
    assert.ok(targets.includes('http://ollama.test:1234/api/generate'));
    assert.ok(targets.every((target) => target.startsWith('http://ollama.test:1234/')));
  });

  it('is named when it does not answer', async () => {
    const { url } = proxy;
    await proxy.close();
    const client = new OllamaClient({
      ...defaultSettings,
      model: 'tiny',
      baseUrl: 'http://ollama.test:1234',
    });
    await assert.rejects(client.generate({ prompt: 'x' }), (error: Error) => {
      assert.ok(error.message.includes(`proxy ${new URL(url).host}`), error.message);
      return true;
    });
    await client.close();
    proxy = await startForwardProxy({ to: double.port });
  });
});

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { describe, it } from './runner.ts';
import { defaultSettings, OllamaClient } from '../../src/ollama/index.ts';
import { startDouble } from '../support/double/index.ts';
import { startSwallowingProxy } from '../support/swallowingProxy.ts';
import { connect, generations, open, run, set, status } from './world.ts';

describe('the client in the extension host', () => {
  it('20 generations one after another use one connection', async () => {
    const double = await startDouble();
    const client = new OllamaClient({ ...defaultSettings, model: 'tiny', baseUrl: double.url });
    for (let count = 0; count < 20; count++) await client.generate({ prompt: 'x' });
    assert.equal(double.connections.total, 1);
    await client.close();
    await double.waitForNoConnections();
    await double.close();
  });

  it('old connections that lose data: the answer comes on a new one, and no request is repeated', async () => {
    const double = await startDouble({ models: [{ name: 'tiny:latest' }] });
    const proxy = await startSwallowingProxy(double.port);
    await set({ baseUrl: proxy.url });
    await status('idle');
    await open(8);
    await run('explain');
    const { total } = proxy;
    proxy.swallowOld();
    await run('explain');
    assert.equal(generations(double).length, 2);
    assert.ok(proxy.swallowedBytes > 0 && proxy.total > total);
    await proxy[Symbol.asyncDispose]();
    await double.close();
  });

  it('after a jump of the clock no kept connection is used', async () => {
    const double = await startDouble();
    let asleepMs = 0;
    const clock = { wall: () => Date.now() + asleepMs, steady: () => performance.now() };
    const settings = { ...defaultSettings, model: 'tiny', baseUrl: double.url };
    const client = new OllamaClient(settings, { liveness: { clock } });
    for (asleepMs of [0, 1000, 3_600_000, 3_600_000]) await client.generate({ prompt: 'x' });
    assert.equal(double.connections.total, 2);
    await client.close();
    await double.close();
  });

  it('aborting before the headers closes the connection', async () => {
    const double = await startDouble();
    double.hold('loading');
    const client = new OllamaClient({ ...defaultSettings, model: 'tiny', baseUrl: double.url });
    const abort = new AbortController();
    const answer = client.generate({ prompt: 'x', signal: abort.signal });
    const request = await double.nextRequest();
    abort.abort();
    await assert.rejects(answer, { name: 'AbortError' });
    assert.equal(await request.finished, 'cancelled');
    await client.close();
    await double.close();
  });
});

describe('zz deactivation', () => {
  it('closes everything and leaves no socket', async () => {
    const double = await connect();
    await status('idle');
    await open(8);
    await run('explain');
    const extension = vscode.extensions.getExtension('codeworm.codeworm');
    const main = createRequire(__filename)(join(extension?.extensionPath ?? '', 'dist', 'extension.js')) as {
      deactivate(): Promise<void>;
    };
    await main.deactivate();
    await double.waitForNoConnections();
    await double.close();
  });
});

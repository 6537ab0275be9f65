import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { afterEach, describe, it } from './runner.ts';
import { Registry, type OllamaDouble, type RecordedRequest } from '../support/double/index.ts';
import { api, connect, pressInDialog, run, set, status } from './world.ts';

const pulls = ({ path }: RecordedRequest): boolean => path === '/api/pull';
const registry = (): Registry =>
  new Registry({ models: ['fresh:1b', 'other:1b'].map((name) => ({ name, sizeBytes: 1e9 })) });

describe('models', () => {
  let doubles: OllamaDouble[] = [];
  afterEach(async () => {
    await set({ model: '' });
    await Promise.all(doubles.map((double) => double.close()));
    doubles = [];
  });

  it('a model is pulled once per server, however often it is requested', async () => {
    const first = await connect({ pull: registry().pull });
    const second = await connect({ pull: registry().pull });
    doubles = [first, second];
    await set({ baseUrl: first.url });
    await status('idle');
    const gate = first.hold({ afterTokens: 3 }, pulls);
    const pulling = [run('pullModel', 'fresh:1b'), run('pullModel', 'fresh:1b')];
    await gate.reached;
    assert.equal((await status('pulling', ({ percent }) => percent > 0)).model, 'fresh:1b');
    await set({ baseUrl: second.url });
    await run('pullModel', 'fresh:1b');
    gate.release();
    await Promise.all(pulling);
    assert.deepEqual(
      [first, second].map((double) => double.requests.filter(pulls).length),
      [1, 1],
    );
  });

  it('a stopped pull is remembered and continued', async () => {
    const double = await connect({ pull: registry().pull });
    doubles = [double];
    await status('idle');
    const gate = double.hold({ afterTokens: 5 }, pulls);
    const pulling = run('pullModel', 'fresh:1b');
    const request = await gate.reached;
    await status('pulling', ({ percent }) => percent >= 25);
    await run('cancelPull');
    await pulling;
    assert.equal(await request.finished, 'cancelled');
    gate.release();
    await run('pullModel', 'fresh:1b');
    assert.ok((await api()).facts.installed.some(({ name }) => name === 'fresh:1b'));
    await run('pullModel', 'other:1b');
    const [, again, whole] = double.requests.filter(pulls).map(({ tokensWritten }) => tokensWritten);
    assert.ok(again! < whole!, `${again} lines for the rest, ${whole} for a whole model of that size`);
  });

  it('deleting unloads first, and another model is chosen afterwards', async () => {
    const models = [
      { name: 'old:latest', modifiedAt: '2025-01-01T00:00:00Z' },
      { name: 'new:latest', modifiedAt: '2026-01-01T00:00:00Z' },
    ];
    const double = await connect({ models });
    doubles = [double];
    assert.equal((await status('idle')).model, 'new:latest');
    await run('prewarm');
    const asked = pressInDialog('Delete');
    await run('deleteModel', 'new:latest');
    assert.match((await asked).message, /Delete the model new:latest\?/);
    const order = double.requests.filter(({ method, body }) => method === 'DELETE' || body.keep_alive === 0);
    assert.deepEqual(
      order.map(({ method }) => method),
      ['POST', 'DELETE'],
    );
    assert.equal((await status('idle')).model, 'old:latest');
  });

  it('the choice is written to the scope of the setting, and "automatic" clears it', async () => {
    const double = await connect({ models: [{ name: 'a:latest' }, { name: 'b:latest' }] });
    doubles = [double];
    await set({ model: 'b:latest' });
    await status('idle', ({ model }) => model === 'b:latest');
    assert.equal(vscode.workspace.getConfiguration('codeworm').inspect('model')?.globalValue, 'b:latest');
  });
});

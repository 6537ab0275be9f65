import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { afterEach, describe, it } from './runner.ts';
import { defaultSettings, OllamaClient } from '../../src/ollama/index.ts';
import type { OllamaDouble } from '../support/double/index.ts';
import { answers, channelLength, connect, generations, open, run, set, status } from './world.ts';

const numbers = Array.from({ length: 5000 }, (_, index) => `n${index} `).join('');
const sizes = (double: OllamaDouble): unknown[] =>
  double.requests.filter(({ path }) => path === '/api/generate').map(({ body }) => body.options?.['num_ctx']);

/** Opens a file with so many lines, to ask about all of it. */
async function openLong(lines: number): Promise<void> {
  const content = 'const value = compute(first, second) + other[index];\n'.repeat(lines);
  const document = await vscode.workspace.openTextDocument({ language: 'javascript', content });
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One, preview: false });
}

describe('the context window', () => {
  let double: OllamaDouble;
  afterEach(() => double.close());

  it('an answer ends when the context window is full, and names the setting', async () => {
    double = await connect({ answer: () => numbers }, { numCtx: 1024, numPredict: 4096 });
    await status('idle');
    const from = channelLength();
    await open(8);
    await run('explain');
    const text = await answers('The context window is full', from);
    assert.match(text, /raise the setting codeworm\.numCtx/);
    assert.doesNotMatch(text, /codeworm\.numPredict/);
    const [, total] = /([\d,.]+) tokens \(/.exec(text) ?? [];
    assert.ok(Number(total?.replaceAll(/[,.]/g, '')) <= 1024, total);
    await set({ numPredict: 10 });
    const later = channelLength();
    await run('explain');
    assert.match(await answers('Cut at the token limit', later), /codeworm\.numPredict/);
  });

  it('after a refused prompt the next one fits, and says what was left out', async () => {
    double = await connect({ tokenize: (text) => text.split('') }, { numCtx: 8192, numPredict: 1024 });
    await status('idle');
    await openLong(300);
    await run('explain', { subject: 'file' });
    assert.equal(generations(double)[0]?.status, 400);
    const from = channelLength();
    await run('explain', { subject: 'file' });
    assert.equal(generations(double)[1]?.status, 200);
    assert.match(await answers('tokens (', from), /left out/);
    assert.equal(double.loads.length, 1);
  });

  it('every command uses the context window that another program has loaded', async () => {
    double = await connect({ models: [{ name: 'tiny:latest', sizeBytes: 1e9, contextLength: 131_072 }] });
    const other = new OllamaClient({
      ...defaultSettings,
      model: 'tiny',
      numCtx: 32_768,
      baseUrl: double.url,
    });
    await other.prewarm();
    await other.close();
    await open(8);
    await run('prewarm');
    await run('explain');
    await run('findBugs');
    assert.deepEqual(sizes(double), [32_768, 32_768, 32_768, 32_768]);
    assert.equal(double.loads.length, 1);
    await status('ready');
    await set({ numCtx: 65_536 });
    await run('explain');
    assert.equal(sizes(double).at(-1), 32_768, 'half of it, and enough for this');
    await set({ numCtx: 100_000 });
    await run('explain');
    assert.equal(sizes(double).at(-1), 100_000, 'less than half');
    await set({ numCtx: 50_000 });
    await run('explain');
    assert.equal(sizes(double).at(-1), 50_000, 'what was loaded before is our own');
  });

  it("a context window limited by the model's training is not reported as reduced by memory", async () => {
    double = await connect({ models: [{ name: 'tiny:latest', contextLength: 4096 }] });
    await status('idle');
    await open(8);
    await run('explain');
    assert.deepEqual(sizes(double), [4096]);
    await status('ready');
  });
});

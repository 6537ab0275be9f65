// Models in the window: listing, pulling and deleting them, and the message when there is none.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Locator } from 'playwright-core';
import { Registry, startDouble, type OllamaDouble } from '../support/double/index.ts';
import { openSampleWindow, sample, type SampleWindow } from '../support/sampleWindow.ts';
import type { Window } from '../support/vscode/window.ts';

const GB = 1e9;
const common = { quantization: 'Q4_K_M', contextLength: 32_768 };
const models = [
  {
    ...common,
    name: 'small:1b',
    sizeBytes: 1.2 * GB,
    parameterSize: '1.5B',
    capabilities: ['completion', 'insert'],
    modifiedAt: '2026-11-20T00:00:00Z',
  },
  {
    ...common,
    name: 'large:7b',
    sizeBytes: 4.7 * GB,
    parameterSize: '7.6B',
    capabilities: ['completion', 'tools'],
    modifiedAt: '2026-11-22T00:00:00Z',
  },
];

/** Slow enough to be seen, and to be stopped. */
const registry = {
  models: [{ ...common, name: 'fresh:1b', sizeBytes: GB, parameterSize: '1.5B' }],
  bytesPerSecond: 0.15 * GB,
};

describe('models in the window', () => {
  let double: OllamaDouble;
  let opened: SampleWindow;
  let window: Window;

  before(async () => {
    double = await startDouble({ models, pull: new Registry(registry).pull, gpuShare: 0.4 });
    opened = await openSampleWindow({
      'codeworm.baseUrl': double.url,
      'codeworm.prewarm': false,
      'codeworm.model': 'small:1b',
    });
    window = opened.window;
  });

  after(async () => {
    await opened?.close();
    await double?.close();
  });

  const rows = (text: string | RegExp = ''): Locator =>
    window.page.locator('.quick-input-widget .monaco-list-row').filter({ hasText: text });
  const pulls = (): number => double.requests.filter(({ path }) => path === '/api/pull').length;
  const message = (text: RegExp): Promise<Locator> => window.notification(text);
  const press = async (text: RegExp, button: string): Promise<void> =>
    (await message(text)).getByRole('button', { name: button, exact: true }).click();
  const pullByName = async (typed: string, entry: string): Promise<void> => {
    await window.command('CodeWorm: Pull Model…');
    await title('Pull a Model').waitFor();
    await window.page.keyboard.insertText(typed);
    await rows(entry).click();
  };
  const title = (text: string): Locator =>
    window.page.locator('.quick-input-title').filter({ hasText: text });
  const plain = async (row: Locator): Promise<string> =>
    ((await row.textContent()) ?? '').replaceAll('\u00a0', ' ');

  it('Select Model lists the facts about each model, the most used first', async () => {
    await window.command('CodeWorm: Explain');
    await window.outputShows(/tokens\/s/);
    await window.command('CodeWorm: Select Model');
    await rows('large:7b').waitFor();
    const all = await Promise.all((await rows().all()).map(plain));
    const [small, large] = ['small:1b', 'large:7b'].map((name) => all.findIndex((row) => row.includes(name)));
    assert.ok(small! < large!, `the used one comes first: ${all.join(' | ')}`);
    assert.match(all[small!]!, /loaded, 40 % on the GPU · used once/);
    assert.match(all[small!]!, /1\.5B · Q4_K_M · 1\.2 GB · 32,768 tokens of context · fills in code/);
    assert.match(all[large!]!, /7\.6B · Q4_K_M · 4\.7 GB · 32,768 tokens of context · tools/);
    await window.screenshot('select-model');
    await rows('large:7b').click();
    await window.statusItem('large:7b').waitFor();
  });

  it('a button of the list unloads a model, and the list stays open', async () => {
    await window.command('CodeWorm: Select Model');
    await rows('small:1b').hover();
    await rows('small:1b')
      .getByRole('button', { name: /^Unload/ })
      .click();
    await rows('small:1b').filter({ hasNotText: 'loaded' }).waitFor();
    assert.deepEqual(double.loaded(), []);
    await window.page.keyboard.press('Escape');
  });

  it('pulling shows size, speed and remaining time; it can be stopped and continued', async () => {
    await pullByName('ollama pull fresh:1b', 'Pull fresh:1b');
    const progress = await message(/Pulling fresh:1b/);
    await progress.filter({ hasText: /[\d.]+ [MG]B of 1 GB · \d+ MB\/s · \d+ s left/ }).waitFor();
    await window.statusItem(/Pulling fresh:1b: \d+ %/).waitFor();
    await window.screenshot('pulling');
    await press(/Pulling fresh:1b/, 'Cancel');
    await message(/Pulling fresh:1b was stopped at [\d.]+ % .* the server keeps what it has downloaded/);
    await window.screenshot('pull-stopped');
    await press(/was stopped at/, 'Resume');
    await message(/fresh:1b is installed\./);
    const [first, second] = double.requests.filter(({ path }) => path === '/api/pull');
    assert.equal(first?.state, 'cancelled');
    assert.equal(second?.state, 'done');
  });

  it('a pulled model can be used with one click', async () => {
    await press(/fresh:1b is installed\./, 'Use It');
    await window.statusItem('fresh:1b').waitFor();
  });

  it('a failed pull shows the reason and the actions', async () => {
    await pullByName('no-such-model', 'Pull no-such-model');
    const failed = await message(
      /There is no model "no-such-model" in the registry: check its name, tag included\./,
    );
    await failed.getByRole('button', { name: 'Pull Another Model' }).waitFor();
    await window.screenshot('pull-failed');
  });

  it('a model is deleted only after a confirmation', async () => {
    await window.command('CodeWorm: Delete Model…');
    await rows('fresh:1b').click();
    const text = await window.dialog().textContent();
    assert.match(text ?? '', /Delete the model fresh:1b\?.*1 GB.*downloaded again/);
    await window.screenshot('delete-model');
    await window.pressInDialog('Cancel');
    assert.equal(
      double.requests.some(({ method }) => method === 'DELETE'),
      false,
    );
    await window.command('CodeWorm: Delete Model…');
    await rows('fresh:1b').click();
    await window.pressInDialog('Delete');
    await message(/The model fresh:1b has been deleted\./);
  });

  it('a missing configured model can be pulled from the message', async () => {
    await window.statusItem('fresh:1b not installed').waitFor();
    const before = pulls();
    await window.openFile(sample.file);
    await window.command('CodeWorm: Explain');
    await message(/The model "fresh:1b" is not installed on/);
    assert.equal(pulls(), before, 'nothing is pulled without a click');
    await press(/The model "fresh:1b" is not installed on/, 'Pull fresh:1b');
    await message(/fresh:1b is installed and in use\./);
    await window.statusItem(/^.*fresh:1b$/).waitFor();
  });

  it('without a model, those that fit this machine are recommended, and none is pulled without a click', async () => {
    double.setModels([]);
    await window.command('CodeWorm: Check Health');
    await window.statusItem('No model installed').waitFor();
    const before = pulls();
    await window.command('CodeWorm: Select Model');
    await window.page
      .locator('.quick-input-title')
      .filter({ hasText: 'No Model Is Installed Yet' })
      .waitFor();
    await rows('qwen2.5-coder:0.5b').waitFor();
    const first = await plain(rows('recommended'));
    assert.match(first, /qwen2\.5-coder:\S+recommended.*to download · takes about .* of memory/);
    await window.screenshot('no-model');
    await window.page.keyboard.press('Escape');
    assert.equal(pulls(), before);
  });
});

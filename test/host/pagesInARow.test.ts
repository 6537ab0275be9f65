// Several page commands in a row: each page gets its own document.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { afterEach, beforeEach, describe, it } from './runner.ts';
import type { OllamaDouble } from '../support/double/index.ts';
import { connect, open, run, set, status } from './world.ts';
import { file, folder, heading, nextFolder, pageWith, pages, pagesFolder } from './writtenPage.ts';

describe('commands for pages in a row', () => {
  let double: OllamaDouble;

  beforeEach(async () => {
    double = await connect({ answer: () => `${heading}It keeps items.\n` }, nextFolder());
    await status('idle');
    await open(0);
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await double.close();
    await set({ 'pages.folder': 'docs/codeworm' });
    rmSync(join(folder(), 'docs'), { recursive: true, force: true });
  });

  it('write each into its own page, queued ones included', async () => {
    const kinds = ['class', 'class', 'file', 'class'];
    await Promise.all(kinds.map((kind) => run('writeDocumentationPage', { kind })));
    const written = pages();
    assert.equal(written.length, kinds.length);
    for (const page of written) {
      assert.equal([...page.getText().matchAll(/Written by CodeWorm/g)].length, 1);
      assert.match(page.getText(), /^# /);
    }
    assert.equal(new Set(written.map(({ uri }) => uri.path)).size, kinds.length);
  });

  it('choose a free name when they run, not when they were queued', async () => {
    const gate = double.hold({ afterTokens: 3 });
    const first = run('writeDocumentationPage', { kind: 'class' });
    await gate.reached;
    const second = run('writeDocumentationPage', { kind: 'class' });
    await (await pageWith(/# Basket/)).save();
    gate.release();
    await Promise.all([first, second]);
    for (const page of pages()) if (page.uri.scheme === 'untitled') await page.save();
    const names = readdirSync(join(folder(), pagesFolder())).toSorted();
    assert.deepEqual(names, ['class-Basket-2.md', 'class-Basket.md']);
    for (const name of names)
      assert.equal([...readFileSync(file(name), 'utf8').matchAll(/Written by CodeWorm/g)].length, 1);
  });
});

import assert from 'node:assert/strict';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { after, before, describe, it } from './runner.ts';
import { api, code, messageShown, run } from './world.ts';

const folder = (): string => vscode.workspace.workspaceFolders![0]!.uri.fsPath;

async function call(name: string, input: object): Promise<string> {
  const options = { input, toolInvocationToken: undefined };
  const { content } = await vscode.lm.invokeTool(`codeworm_${name}`, options);
  return content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('');
}

const page = (title: string, file: string, source: string): string =>
  `# ${title}\n\n- **Type:** Function Documentation\n- **File:** \`${file}\`\n- **Language:** JavaScript\n` +
  `- **Lines:** 4-6\n\n## Source\n\n\`\`\`javascript\n${source}\n\`\`\`\n\n## Overview\n\nIt adds an item.\n`;

const files: Record<string, string> = {
  'shop/basket.js': code,
  'shop/.env': 'TOKEN=1',
  'hidden/a.js': code,
  '.gitignore': 'build/\n',
  'build/a.js': code,
  'shop/key.js': '-----BEGIN PRIVATE KEY-----',
  'docs/codeworm/function-add.md': page(
    'add',
    'shop/basket.js',
    '  add(item) {\n    this.items.push(item);\n  }',
  ),
  'docs/codeworm/function-sub.md': page('sub', 'shop/basket.js', 'sub();'),
  'docs/codeworm/function-gone.md': page('gone', 'shop/gone.js', 'gone();'),
};

describe('tools for models', () => {
  before(async () => {
    await api();
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder(), path)), { recursive: true });
      writeFileSync(join(folder(), path), text);
    }
    symlinkSync('/etc', join(folder(), 'linked'));
    const excluded = { '**/hidden': true };
    await vscode.workspace
      .getConfiguration('search')
      .update('exclude', excluded, vscode.ConfigurationTarget.Workspace);
  });

  after(async () => {
    await vscode.workspace
      .getConfiguration('search')
      .update('exclude', undefined, vscode.ConfigurationTarget.Workspace);
    for (const path of ['shop', 'hidden', 'build', 'docs', 'linked', '.gitignore', '.vscode'])
      rmSync(join(folder(), path), { recursive: true, force: true });
  });

  it('are small: names, schemas and descriptions', () => {
    const ours = vscode.lm.tools.filter(({ name }) => name.startsWith('codeworm_'));
    assert.equal(ours.length, 3);
    const chars = ours.map(
      ({ name, description, inputSchema }) => JSON.stringify({ name, description, inputSchema }).length,
    );
    assert.ok(Math.max(...chars) < 520, chars.join(', '));
  });

  it('the outline has lines and complexity', async () => {
    const text = await call('outline', { path: 'shop/basket.js' });
    assert.match(
      text,
      /^shop\/basket\.js: 15 lines\nclass Basket: lines 1-11, complexity 1\nfunction Basket\.add: lines 4-6/,
    );
  });

  it('nothing is read that is outside the workspace, secret or excluded', async () => {
    const said = async (path: string): Promise<string> => call('outline', { path });
    assert.match(await said('../a.js'), /no path inside the workspace/);
    assert.match(await said('/etc/passwd'), /no path inside/);
    assert.match(await said('linked/hosts'), /no path inside/);
    assert.match(await said('shop/.env'), /secrets/);
    assert.match(await said('shop/key.js'), /secrets/);
    assert.match(await said('hidden/a.js'), /excluded/);
    assert.match(await said('build/a.js'), /excluded/);
    assert.match(await said('shop/nothing.js'), /There is no file/);
    assert.match(await said(''), /Give "path"/);
  });

  it('reads a documentation page by the name of its symbol, and reports whether it is stale', async () => {
    const current = await call('read_documentation', { symbol: 'add' });
    assert.match(
      current,
      /^add: Function Documentation, shop\/basket\.js, lines 4-6\.\n\n## Overview\n\nIt adds an item\./,
    );
    assert.match(await call('read_documentation', { symbol: 'sub' }), /stale: the source has changed/);
    assert.match(await call('read_documentation', { symbol: 'Basket' }), /no documentation page of "Basket"/);
  });

  it('lists documented symbols, the stale pages first', async () => {
    const lines = (await call('list_documentation', {})).split('\n');
    assert.equal(lines[0], '3 documentation pages, 2 of them no longer match their source.');
    const said = new Set(lines.slice(1).map((line) => line.split(' (')[0]));
    assert.deepEqual(said, new Set(['current: add', 'source missing: gone', 'stale: sub']));
    assert.match(lines.at(-1)!, /^current: add/);
    assert.match(
      await call('list_documentation', { folder: 'hidden' }),
      /^No documentation pages about hidden/,
    );
  });
});

describe('the chat that is switched off', () => {
  it('the command that opens it shows a message with the setting', async () => {
    const shown = messageShown('showInformationMessage');
    await run('openChat');
    assert.deepEqual(await shown, {
      message: 'The chat of VS Code is switched off by the setting chat.disableAIFeatures.',
      buttons: ['Open Setting'],
    });
  });
});

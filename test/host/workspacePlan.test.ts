import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { OllamaDouble } from '../support/double/index.ts';
import { after, afterEach, before, beforeEach, describe, it } from './runner.ts';
import { connect, messageShown, run, set } from './world.ts';

const headings = ['Purpose', 'Parameters and Result', 'How It Works', 'Errors and Edge Cases', 'Usage'];
const sentences = ['It says why.', 'It takes two.', 'It goes on until it ends.', 'It may fail.', 'Call it.'];
const page = headings
  .map((heading, index) => `## ${heading}\n\n${sentences[index]} That is all there is to say about it.\n`)
  .join('\n');

const root = (): string => vscode.workspace.workspaceFolders![0]!.uri.fsPath;
const planned = (): vscode.Uri => vscode.Uri.file(join(root(), 'planned'));
const pages = (): string[] => {
  const folder = join(root(), 'docs', 'plan');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.md') && path !== 'README.md')
    .toSorted((a, b) => (a < b ? -1 : 1));
};
const knot = (name: string): string =>
  `export function ${name}(a, b) {\n  if (a && b) return 1;\n  for (const one of a) {\n    if (one || b) return 2;\n  }\n}\n`;

/** The next error message; it is not shown. */
function errorShown(): Promise<string> {
  const { window } = vscode;
  const original = window.showErrorMessage;
  return new Promise((resolve) => {
    window.showErrorMessage = async (message: string) => {
      window.showErrorMessage = original;
      resolve(message);
      return undefined as never;
    };
  });
}

describe('planning the pages of a workspace', () => {
  let double: OllamaDouble;

  before(async () => {
    double = await connect({ answer: () => page });
    await set({ 'pages.folder': 'docs/plan', 'pages.exclude': { '**/excluded/**': true } });
  });
  beforeEach(() => {
    const files = {
      'a.js': knot('first') + knot('second'),
      'excluded/b.js': knot('excluded'),
      'ignored/c.js': knot('ignored'),
      '.gitignore': 'ignored/\n',
      'vendor/d.js': knot('vendored'),
    };
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(planned().fsPath, path)), { recursive: true });
      writeFileSync(join(planned().fsPath, path), text);
    }
  });
  afterEach(() => {
    rmSync(planned().fsPath, { recursive: true, force: true });
    rmSync(join(root(), 'docs'), { recursive: true, force: true });
  });
  after(async () => {
    await set({ 'pages.folder': 'docs/codeworm', 'pages.exclude': {} });
    await double.close();
  });

  it('writes the best pages of one folder, and none about what is left out', async () => {
    await run('documentWorkspace', { folder: planned(), count: 9, kinds: ['function'], ask: false });
    assert.deepEqual(pages(), ['planned/a.js/function-first.md', 'planned/a.js/function-second.md']);
    const text = readFileSync(join(root(), 'docs', 'plan', 'planned/a.js/function-first.md'), 'utf8');
    assert.match(text, /^<!-- codeworm \{"path":"planned\/a\.js","symbol":"first"/);
    const readme = readFileSync(join(root(), 'docs', 'plan', 'README.md'), 'utf8');
    assert.match(
      readme,
      /## planned\n\n- a\.js\n {2}- \[first \(function\)\]\(planned\/a\.js\/function-first\.md\)/,
    );
  });

  it('takes the symbols of providers, and loses nothing to one that throws, is silent or talks nonsense', async () => {
    const shelf = (name: string): string => `my &${name} = -> $a {\n  say $a;\n  say 1;\n  say 2;\n  $a\n}\n`;
    const files = {
      // The largest file is planned first.
      'good.raku': shelf('restock') + '# A comment that makes it long.\n'.repeat(20),
      'nonsense.raku': shelf('nonsense'),
      'silent.raku': shelf('silent'),
      'thrown.raku': shelf('thrown'),
    };
    for (const [path, text] of Object.entries(files)) writeFileSync(join(planned().fsPath, path), text);
    const symbolAt = (name: string, start: number, end: number): vscode.DocumentSymbol => {
      const range = new vscode.Range(start, 0, end, 1);
      return new vscode.DocumentSymbol(name, '', vscode.SymbolKind.Function, range, range);
    };
    const asked = new Set<string>();
    const provider: vscode.DocumentSymbolProvider = {
      provideDocumentSymbols({ uri }) {
        const name = uri.path.slice(uri.path.lastIndexOf('/') + 1);
        asked.add(name);
        switch (name) {
          case 'good.raku':
            return [symbolAt('restock', 0, 5)];
          case 'a.js':
            return [symbolAt('first(a, b) : number', 0, 4), symbolAt('nowhere', 7000, 7009)];
          case 'silent.raku':
            return new Promise(() => undefined);
          case 'thrown.raku':
            throw new Error('This provider fails.');
          default:
            return [symbolAt('nonsense', 900, 909), symbolAt('missing', 0, 5)];
        }
      },
    };
    const selector = [{ language: 'raku' }, { language: 'javascript' }];
    const registration = vscode.languages.registerDocumentSymbolProvider(selector, provider);
    try {
      const kinds = ['function', 'file'];
      await run('documentWorkspace', { folder: planned(), count: 20, kinds, ask: false });
    } finally {
      registration.dispose();
    }
    assert.ok(
      ['good.raku', 'a.js'].every((name) => asked.has(name)),
      [...asked].join(),
    );
    const whole = ['a.js', ...Object.keys(files)].map((name) => `planned/${name}/file.md`);
    const functions = ['a.js/function-first', 'a.js/function-second', 'good.raku/function-restock'];
    assert.deepEqual(new Set(pages()), new Set([...whole, ...functions.map((name) => `planned/${name}.md`)]));
  });

  it('ends without a plan and without a message when it is cancelled', async () => {
    const { window } = vscode;
    const original = window.withProgress;
    const titles: string[] = [];
    window.withProgress = (options, task) => {
      titles.push(options.title ?? '');
      const source = new vscode.CancellationTokenSource();
      // The first report comes while files are read.
      return task({ report: () => source.cancel() }, source.token);
    };
    const before = double.requests.length;
    try {
      await run('documentWorkspace', { folder: planned(), count: 9, kinds: ['function'], ask: false });
    } finally {
      window.withProgress = original;
    }
    assert.deepEqual([titles, pages()], [['Planning pages'], []]);
    assert.equal(double.requests.length, before);
  });

  it('writes nothing while another program writes the pages of the folder', async () => {
    const owner = { pid: process.ppid, host: hostname(), at: Date.now(), token: 'theirs' };
    mkdirSync(join(root(), 'docs', '.codeworm'), { recursive: true });
    writeFileSync(join(root(), 'docs', '.codeworm', 'running.json'), JSON.stringify(owner));
    const shown = messageShown('showInformationMessage');
    await run('documentWorkspace', { folder: planned(), count: 9, kinds: ['function'], ask: false });
    assert.match((await shown).message, /is writing pages in this folder/);
    assert.deepEqual(pages(), []);
  });

  it('says what is wrong with its arguments, and sends nothing', async () => {
    const before = double.requests.length;
    const wrong: [unknown, RegExp][] = [
      [{ count: 0, ask: false }, /"count" must be a whole number/],
      [{ kinds: ['novel'], ask: false }, /no page of the kind "novel"; there are: function, class,/],
      [{ folder: 'file:///somewhere/else', ask: false }, /\/somewhere\/else is not in the workspace/],
      [{ folder: 5, ask: false }, /"folder" must be the address/],
    ];
    for (const [args, pattern] of wrong) {
      const shown = errorShown();
      await run('documentWorkspace', args);
      assert.match(await shown, pattern);
    }
    assert.deepEqual(pages(), []);
    const asked = double.requests.slice(before).filter(({ path }) => /generate|chat/.test(path));
    assert.deepEqual(asked, []);
  });
});

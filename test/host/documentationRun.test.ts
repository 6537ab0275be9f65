import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { watch } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { after, afterEach, before, describe, it } from './runner.ts';
import type { OllamaDouble, RecordedRequest } from '../support/double/index.ts';
import { answers, connect, isGeneration, open, run, set } from './world.ts';

const sections = {
  Purpose: 'It looks for one thing in a list.',
  'Parameters and Result': 'A list and what is looked for go in; a place in the list comes out.',
  'How It Works': 'Nothing is looked for where the list is long, or nothing was named.',
  'Errors and Edge Cases': 'What is missing has the place before the first one.',
  Usage: 'Call it with a list wherever a place is wanted.',
};
const page = Object.entries(sections)
  .map(([heading, text]) => `## ${heading}\n\n${text}\n`)
  .join('\n');

const source = ['add', 'remove', 'count']
  .map(
    (name) =>
      `export function ${name}(items: string[], item: string): number {\n  if (item === '') return 0;\n  if (items.length > 9) return 9;\n  return items.indexOf(item);\n}\n`,
  )
  .join('\n');

const root = (): string => vscode.workspace.workspaceFolders![0]!.uri.fsPath;
const sourcePath = (): string => join(root(), 'inventory.ts');
const folder = (): string => join(root(), 'docs', 'run');

const readmePath = (): string => join(folder(), 'README.md');

/** In the browser, VS Code saves by itself unless this is off. */
const autoSave = (value: string | undefined): Thenable<void> =>
  vscode.workspace.getConfiguration('files').update('autoSave', value, vscode.ConfigurationTarget.Global);

/** A README with unsaved changes in an editor. */
async function unsavedReadme(): Promise<vscode.TextDocument> {
  mkdirSync(folder(), { recursive: true });
  writeFileSync(readmePath(), '# Mine\n');
  const document = await vscode.workspace.openTextDocument(readmePath());
  await vscode.window.showTextDocument(document, { preview: false });
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, new vscode.Position(0, 0), 'My notes.\n');
  await vscode.workspace.applyEdit(edit);
  return document;
}

/** The README on the disk, once it contains a text. */
async function readmeWith(text: string): Promise<string> {
  const changes = watch(folder(), { signal: AbortSignal.timeout(20_000) });
  // The first change may have been before.
  if (readFileSync(readmePath(), 'utf8').includes(text)) return readFileSync(readmePath(), 'utf8');
  for await (const _ of changes) {
    const now = readFileSync(readmePath(), 'utf8');
    if (now.includes(text)) return now;
  }
  return '';
}

function pages(): string[] {
  if (!existsSync(folder())) return [];
  return readdirSync(folder(), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'README.md')
    .map((entry) => join(entry.parentPath, entry.name));
}

describe('documenting a workspace', () => {
  let double: OllamaDouble;
  const isPage = (request: RecordedRequest): boolean =>
    isGeneration(request) && String(request.body.prompt).includes('Write the documentation of');
  const requests = (): number => double.requests.filter(isPage).length;

  before(async () => {
    writeFileSync(sourcePath(), source);
    double = await connect({
      answer: ({ prompt }) => (prompt.includes('Write the documentation') ? page : 'It adds up the prices.'),
    });
    await set({ 'pages.folder': 'docs/run', 'pages.parallel': 1 });
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
  after(async () => {
    rmSync(join(root(), 'docs'), { recursive: true, force: true });
    rmSync(sourcePath());
    await set({ 'pages.folder': 'docs/codeworm', 'pages.parallel': 64 });
    await double.close();
  });

  it('writes three pages, and a question of the user goes first', async () => {
    await autoSave('off');
    const notes = await unsavedReadme();
    const middle = double.hold({ afterTokens: 8 }, isPage);
    const ended = run('documentWorkspace', { count: 3, kinds: ['function'], ask: false });
    const interrupted = await middle.reached;
    await open(8);
    const explained = run('explain');
    assert.equal(await interrupted.finished, 'cancelled');
    middle.release();
    await answers('It adds up the prices.');
    await explained;
    await ended;
    assert.equal(pages().length, 3);
    assert.equal(requests(), 4);
    for (const path of pages()) {
      const text = readFileSync(path, 'utf8');
      assert.match(text, /^<!-- codeworm \{.*"model":"tiny:latest".*\} -->\n# /);
      assert.match(text, /## Source\n[^]*a place is wanted\.[^]*\*Written by CodeWorm on/);
    }
    // What the user has not saved is not saved by the index, which is added afterwards.
    assert.equal(readFileSync(readmePath(), 'utf8'), '# Mine\n');
    assert.ok(notes.isDirty);
    await notes.save();
    const readme = await readmeWith('codeworm:index');
    await autoSave(undefined);
    assert.match(readme, /^My notes\.\n# Mine\n/);
    assert.equal(readme.match(/\]\([^)]+\.md\)/g)?.length, 3);
    assert.ok(!existsSync(join(root(), 'docs', '.codeworm', 'run.json')));
  });

  it('updates what is stale and nothing else; a page that the user has changed waits for a review', async () => {
    const before = requests();
    await run('updateDocumentation');
    assert.equal(requests(), before);
    const [first] = pages();
    // Every line of the source is another one now, and means the same.
    writeFileSync(sourcePath(), source.replaceAll('\n', ' \n'));
    const theirs = `${readFileSync(first!, 'utf8')}My own words.\n`;
    writeFileSync(first!, theirs);
    await run('updateDocumentation');
    assert.equal(requests(), before + 3);
    assert.equal(readFileSync(first!, 'utf8'), theirs);
    await run('reviewDocumentation');
    const diffs = vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .filter(({ input }) => input instanceof vscode.TabInputTextDiff);
    assert.equal(diffs.length, 1);
    await run('acceptEdit');
    const document = await vscode.workspace.openTextDocument(first!);
    assert.ok(!document.getText().includes('My own words.'));
    await document.save();
    await run('updateDocumentation');
    assert.equal(requests(), before + 3);
  });
});

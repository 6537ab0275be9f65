import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { after, afterEach, beforeEach, describe, it } from './runner.ts';
import type { OllamaDouble, RecordedRequest } from '../support/double/index.ts';
import { openRepository, withoutGit } from './repository.ts';
import { connect, messageShown, run, set, status } from './world.ts';

const execute = vscode.commands.executeCommand;
const before = 'export function area(width: number, height: number): number {\n  return ';
const rest = '\n}\n';
const model = { name: 'qwen2.5-coder:1.5b-base', family: 'qwen2', capabilities: ['completion', 'insert'] };

/** For questions; it cannot infill. */
const chat = { name: 'chat:7b', family: 'llama' };

const asked = (double: OllamaDouble): RecordedRequest[] =>
  double.requests.filter(({ path, body }) => path === '/api/generate' && body.suffix !== undefined);

/** Opens text with the cursor between the two parts. */
async function openAt(head = before, tail = rest, language = 'typescript'): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument({ language, content: head + tail });
  return cursorBehind(await vscode.window.showTextDocument(document), head);
}

async function openFile(name: string, head = before, tail = rest): Promise<vscode.TextEditor> {
  const path = join(vscode.workspace.workspaceFolders![0]!.uri.fsPath, name);
  writeFileSync(path, head + tail);
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(path));
  return cursorBehind(await vscode.window.showTextDocument(document), head);
}

function cursorBehind(editor: vscode.TextEditor, head: string): vscode.TextEditor {
  const at = editor.document.positionAt(head.length);
  editor.selection = new vscode.Selection(at, at);
  return editor;
}

/** The command's message about the cursor's position. */
async function why(): Promise<{ message: string; buttons: string[] }> {
  const shown = messageShown('showInformationMessage');
  await run('whyNoSuggestion');
  return shown;
}

describe('suggestions while typing', () => {
  let double: OllamaDouble;

  beforeEach(async () => {
    double = await connect({ models: [chat, model], answer: () => 'width * height;' });
    await set({ 'completion.enabled': true });
    await status('idle');
  });
  afterEach(async () => {
    await set({ 'completion.enabled': false, 'completion.languages': [], 'completion.model': '' });
    await double.close();
  });
  after(async () => {
    await execute('workbench.action.closeAllEditors');
  });

  it('ask for the gap at the cursor, and are inserted where they were shown', async () => {
    const { document } = await openAt();
    await execute('editor.action.inlineSuggest.trigger');
    const request = await double.nextRequest(({ body }) => body.suffix !== undefined);
    // Pieces of files of other suites may come first.
    assert.ok(String(request.body.prompt).endsWith(before));
    assert.equal(request.body.suffix, rest);
    await request.finished;
    const text = new Promise<string>((resolve) => {
      const subscription = vscode.workspace.onDidChangeTextDocument((event) => {
        if (event.document !== document || event.contentChanges.length === 0) return;
        subscription.dispose();
        resolve(document.getText());
      });
    });
    await accept(text);
    assert.equal(await text, `${before}width * height;${rest}`);
  });

  it('say why there is none: the model, the language, the file, the cursors, the line, the switch', async () => {
    await openAt();
    assert.match((await why()).message, /There is a suggestion here/);
    const none: [RegExp, () => Promise<unknown>][] = [
      [
        /several cursors/,
        async () => {
          const editor = await openAt();
          editor.selections = [new vscode.Selection(0, 0, 0, 0), new vscode.Selection(1, 2, 1, 2)];
        },
      ],
      [/More than closing brackets/, () => openAt(before, ' + offset;\n}\n')],
      [/keys or passwords/, () => openFile('.env')],
      [/keys or passwords/, () => openFile('server.pem')],
      [/keys or passwords/, () => openAt(`// -----BEGIN RSA PRIVATE KEY-----\n${before}`)],
      [/control tokens/, () => openAt(`// <|fim_middle|>\n${before}`)],
      [
        /files\.exclude/,
        async () => {
          await vscode.workspace.getConfiguration('files').update('exclude', { '**/generated': true }, true);
          const folder = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, 'generated');
          await vscode.workspace.fs.createDirectory(folder);
          await openFile('generated/a.ts');
        },
      ],
      [
        /off for the language "typescript"/,
        async () => {
          await set({ 'completion.languages': ['typescript'] });
          await openAt();
        },
      ],
    ];
    const count = asked(double).length;
    for (const [expected, open] of none) {
      await open();
      assert.match((await why()).message, expected);
    }
    await vscode.workspace.getConfiguration('files').update('exclude', undefined, true);
    const editorSettings = vscode.workspace.getConfiguration('editor');
    await editorSettings.update('inlineSuggest.enabled', false, true);
    assert.match((await why()).message, /editor\.inlineSuggest\.enabled is off/);
    await editorSettings.update('inlineSuggest.enabled', undefined, true);
    assert.equal(asked(double).length, count, 'nothing of it was sent');
    await set({ 'completion.languages': [] });
    await run('turnOffSuggestions');
    await openAt();
    assert.deepEqual(await why(), { message: 'Suggestions while typing are off.', buttons: ['Turn On'] });
  });

  it(
    'are given in a repository, but not for a file that Git ignores',
    async () => {
      const repository = await openRepository('shop');
      try {
        repository.write('.gitignore', 'local/\n');
        repository.write('local/keep', '');
        await openFile('shop/local/prices.ts');
        assert.match((await why()).message, /^Git ignores this file/);
        assert.deepEqual(asked(double), []);
        await openFile('shop/prices.ts');
        assert.match((await why()).message, /There is a suggestion here/);
        assert.ok(asked(double).every(({ body }) => !body.prompt?.includes('local/prices')));
      } finally {
        await repository.remove();
      }
    },
    withoutGit ? { skip: withoutGit } : {},
  );

  it('say which model is missing, and offer one that fits', async () => {
    double.setModels([chat]);
    await set({ 'completion.model': '' });
    await run('checkHealth');
    await openAt();
    const { message, buttons } = await why();
    assert.match(message, /The model chat:7b cannot fill in code: qwen2\.5-coder:\S+-base can/);
    assert.match(buttons[0] ?? '', /^Pull qwen2\.5-coder/);
    await set({ 'completion.model': 'other:1b' });
    assert.match((await why()).message, /The model other:1b for suggestions is not installed/);
    await double.stop();
    await run('checkHealth');
    assert.match((await why()).message, /Ollama does not answer/);
  });

  it('are paused for an hour and resumed; figures are counted and cleared', async () => {
    await openAt();
    const paused = messageShown('showInformationMessage');
    await run('pauseSuggestions');
    assert.match((await paused).message, /paused until/);
    assert.deepEqual((await why()).buttons, ['Resume']);
    const resumed = messageShown('showInformationMessage');
    await run('turnOnSuggestions');
    assert.match((await resumed).message, /are on; qwen2\.5-coder:1\.5b-base makes them/);
    const cleared = messageShown('showInformationMessage');
    await run('clearSuggestionFigures');
    assert.match((await cleared).message, /cleared/);
  });

  it('know the declarations of what a file imports, and typing does not change them', async () => {
    const { document: helper } = await openFile(
      'helper.ts',
      'export function helper(a: number) {',
      '\n  return a;\n}\n',
    );
    const declaration = new vscode.Location(helper.uri, new vscode.Position(0, 16));
    const provider = vscode.languages.registerDefinitionProvider('typescript', {
      provideDefinition: (document, at) =>
        /helper/.test(document.getText(document.getWordRangeAtPosition(at))) ? declaration : undefined,
    });
    const head = "import { helper } from './helper';\n\nexport const value = ";
    const editor = await openFile('user.ts', head, ';\n');
    await why();
    await editor.edit((edit) => edit.insert(editor.selection.active, '2'));
    await why();
    provider.dispose();
    const [first = '', second] = asked(double)
      .filter(({ body }) => body.options?.['num_predict'] !== 1)
      .map(({ body }) => body.prompt ?? '');
    // On a slow machine, the file of an earlier test has been read for long enough to be a neighbor, too.
    assert.match(first, /^(?:\/\/.*\n|\n)*\/\/ helper\.ts:\n\/\/ export function helper\(a: number\) \{/);
    assert.ok(first.endsWith(head) && second === `${first}2`, second);
  });

  it('have a file read in advance when it is opened', async () => {
    const reading = double.nextRequest(({ body }) => body.options?.['num_predict'] === 1);
    await openFile('long.ts', `${'const line = compute(first, second);\n'.repeat(60)}const last = `);
    assert.match((await reading).body.prompt ?? '', /const last = $/);
  });

  it('join the cells of a notebook', async () => {
    const cell = (text: string): vscode.NotebookCellData =>
      new vscode.NotebookCellData(vscode.NotebookCellKind.Code, text, 'python');
    const data = new vscode.NotebookData([cell('import math'), cell('area = '), cell('print(area)')]);
    const notebook = await vscode.workspace.openNotebookDocument('jupyter-notebook', data);
    await vscode.window.showNotebookDocument(notebook);
    const { document } = notebook.cellAt(1);
    const editor = await vscode.window.showTextDocument(document);
    cursorBehind(editor, 'area = ');
    await why();
    const { body } = asked(double).at(-1)!;
    assert.ok(body.prompt?.endsWith('import math\n\narea = '), body.prompt);
    assert.equal(body.suffix, '\n\nprint(area)');
  });
});

/** Accepts repeatedly until it has worked, because the ghost text appears a moment after the answer. */
async function accept(done: Promise<unknown>): Promise<void> {
  const state = { isDone: false };
  void done.then(() => (state.isDone = true));
  while (!state.isDone) await execute('editor.action.inlineSuggest.commit');
}

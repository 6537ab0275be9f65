// The reader saves, renames, closes and edits a page while its text streams without a pause.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { afterEach, beforeEach, describe, it } from './runner.ts';
import type { OllamaDouble } from '../support/double/index.ts';
import { connect, isGeneration, open, run, set, status } from './world.ts';
import {
  Writer,
  assertWhole,
  configure,
  file,
  folder,
  nextFolder,
  pageWith,
  pages,
  saveInEditor,
  tabOf,
} from './writtenPage.ts';

const closing = /\n---\n\n\*Written by CodeWorm on [^\n]*\*\n*$/;

describe('a page that is written while its reader', () => {
  let double: OllamaDouble;
  let writer: Writer;

  beforeEach(async () => {
    writer = new Writer();
    double = await connect({ answer: () => writer.words() }, nextFolder());
    await status('idle');
    await open(0);
  });
  afterEach(async () => {
    writer.enough();
    await run('cancel');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await double.close();
    await set({ 'pages.folder': 'docs/codeworm' });
    rmSync(join(folder(), 'docs'), { recursive: true, force: true });
  });

  const write = (): Thenable<unknown> => run('writeDocumentationPage', { kind: 'class' });
  const onDisk = (): string => readFileSync(file(), 'utf8');

  async function finish(running: Thenable<unknown>): Promise<void> {
    writer.enough();
    await running;
    assertWhole(onDisk(), writer.written);
    assert.match(onDisk(), /Done\.\n[^]*$/);
    assert.match(onDisk(), closing);
    assert.deepEqual(
      pages().filter(({ isDirty }) => isDirty),
      [],
    );
  }

  it('saves it continues in the file, to its last word', async () => {
    const running = write();
    await (await pageWith(/word40\b/)).save();
    await pageWith(/word160\b/, /file/);
    await finish(running);
  });

  it('saves it in its editor continues in the file', async () => {
    const running = write();
    await saveInEditor(await pageWith(/word40\b/));
    await pageWith(/word160\b/, /file/);
    await finish(running);
  });

  it('saves it repeatedly continues in the file', async () => {
    const running = write();
    for (const count of [20, 60, 100, 140, 180]) await (await pageWith(new RegExp(`word${count}\\b`))).save();
    await pageWith(/word220\b/, /file/);
    await finish(running);
  });

  it('saves it as soon as it opens continues in the file', async () => {
    const running = write();
    await (await pageWith(/# Basket/)).save();
    await pageWith(/word60\b/, /file/);
    await finish(running);
  });

  it('saves it with settings that trim lines loses no space and gains no line break', async () => {
    const restore = await configure({
      'files.trimTrailingWhitespace': true,
      'files.trimTrailingWhitespaceInRegexAndStrings': true,
      'files.insertFinalNewline': true,
      'files.trimFinalNewlines': true,
      'files.autoSave': 'afterDelay',
      'files.autoSaveDelay': 60,
    });
    try {
      const running = write();
      await (await pageWith(/word30\b/)).save();
      await pageWith(/word300\b/, /file/);
      await finish(running);
      const text = onDisk().slice(onDisk().indexOf('word1 '), onDisk().indexOf('Done.'));
      const expected = Array.from({ length: writer.written }, (_, index) => `word${index + 1}`)
        .map((word, index) => word + ((index + 1) % 9 === 0 ? '.\n\n' : ' '))
        .join('');
      assert.equal(text.trimEnd(), expected.trimEnd());
    } finally {
      await restore();
    }
  });

  it('has a formatter that changes it on saving continues after its own words', async () => {
    const formatter = vscode.languages.registerDocumentFormattingEditProvider('markdown', {
      provideDocumentFormattingEdits: (document) => [
        vscode.TextEdit.replace(
          new vscode.Range(0, 0, document.lineCount, 0),
          `${document
            .getText()
            .replaceAll(/^- \*\*/gm, '*   __')
            .trimEnd()}\n`,
        ),
      ],
    });
    const restore = await configure({ 'editor.formatOnSave': true });
    try {
      const running = write();
      await (await pageWith(/word40\b/)).save();
      await (await pageWith(/word90\b/, /file/)).save();
      await pageWith(/word160\b/, /file/);
      await finish(running);
      assert.match(onDisk(), /\*\s+__Type/);
    } finally {
      formatter.dispose();
      await restore();
    }
  });

  it('changes its line breaks continues at its end', async () => {
    const running = write();
    await saveInEditor(await pageWith(/word40\b/));
    const page = await pageWith(/word60\b/, /file/);
    const editor = vscode.window.visibleTextEditors.find(({ document }) => document === page);
    assert.ok(await editor?.edit((edit) => edit.setEndOfLine(vscode.EndOfLine.CRLF)));
    await pageWith(/word120\b/, /file/);
    writer.enough();
    await running;
    assertWhole(onDisk(), writer.written);
    assert.doesNotMatch(onDisk(), /[^\r]\n/);
  });

  it('reverts it to the file on the disk gets all of it again', async () => {
    const running = write();
    await saveInEditor(await pageWith(/word40\b/));
    const page = await pageWith(/word120\b/, /file/);
    await vscode.window.showTextDocument(page, { viewColumn: vscode.ViewColumn.Two });
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await pageWith(/word220\b/, /file/);
    await finish(running);
  });

  it('renames the file continues under the new name', async () => {
    const running = write();
    await saveInEditor(await pageWith(/word40\b/));
    await pageWith(/word60\b/, /file/);
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(vscode.Uri.file(file()), vscode.Uri.file(file('mine.md')));
    assert.ok(await vscode.workspace.applyEdit(edit));
    await pageWith(/word160\b/, /file/);
    writer.enough();
    await running;
    assertWhole(readFileSync(file('mine.md'), 'utf8'), writer.written);
    assert.equal(existsSync(file()), false);
  });

  it('cancels it finds that in the saved file', async () => {
    const running = write();
    await saveInEditor(await pageWith(/word40\b/));
    await pageWith(/word80\b/, /file/);
    await run('cancel');
    await running;
    assert.match(onDisk(), /word80\b[^]*\n> \*\*This page is not complete: it was cancelled\.\*\*\n\n---\n/);
  });

  it('has saved it and loses the server finds that in the saved file', async () => {
    void double.faultNext(isGeneration, { kind: 'cut', afterLines: 200, how: 'reset' });
    const running = write();
    await (await pageWith(/word40\b/)).save();
    await running;
    assert.match(onDisk(), /word40\b[^]*\n> \*\*This page is not complete: .*broke off.*\*\*\n\n---\n/);
  });

  it('closes the saved page stops it, and the file has a note', async () => {
    const restore = await configure({ 'files.autoSave': 'afterDelay', 'files.autoSaveDelay': 30 });
    try {
      const running = write();
      await saveInEditor(await pageWith(/word40\b/));
      const page = await pageWith(/word80\b/, /file/);
      await vscode.window.tabGroups.close(tabOf(page));
      await running;
      const count = [...onDisk().matchAll(/word\d+/g)].length;
      assert.ok(count >= 80);
      assertWhole(onDisk(), count);
      assert.match(onDisk(), /\n> \*\*This page is not complete: it was cancelled\.\*\*\n\n---\n/);
    } finally {
      await restore();
    }
  });

  it('types at its end keeps the typed text after it', async () => {
    const running = write();
    const page = await pageWith(/word40\b/);
    const editor = await vscode.window.showTextDocument(page, { viewColumn: vscode.ViewColumn.Two });
    const end = page.positionAt(page.getText().length);
    editor.selection = new vscode.Selection(end, end);
    for (const char of 'My own note') await vscode.commands.executeCommand('default:type', { text: char });
    await pageWith(/word160\b[^]*My own note$/);
    writer.enough();
    await running;
    assertWhole(page.getText(), writer.written);
    assert.match(page.getText(), /\*Written by CodeWorm on [^\n]*\*\nMy own note$/);
  });

  it('undoes repeatedly loses nothing of it', async () => {
    const running = write();
    const page = await pageWith(/word40\b/);
    await vscode.window.showTextDocument(page, { viewColumn: vscode.ViewColumn.Two });
    for (const count of [60, 80, 100, 120]) {
      await vscode.commands.executeCommand('undo');
      await vscode.commands.executeCommand('undo');
      await pageWith(new RegExp(`word${count}\\b`));
    }
    await vscode.commands.executeCommand('undo');
    await vscode.commands.executeCommand('redo');
    await pageWith(/word160\b/);
    writer.enough();
    await running;
    assertWhole(page.getText(), writer.written);
    assert.match(page.getText(), closing);
  });
});

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { after, afterEach, before, beforeEach, describe, it } from './runner.ts';
import type { OllamaDouble } from '../support/double/index.ts';
import { answers, channelLength, connect, generations, open, run, status } from './world.ts';

const execute = vscode.commands.executeCommand;
const fence = '```';
const inFence = (code: string): string => `${fence}ts\n${code}\n${fence}\n`;

/** Messages shown, each with its buttons; `press` is the button to press. */
const shown: { message: string; buttons: string[] }[] = [];
let press = '';

function record(): () => void {
  const { window } = vscode;
  const { showInformationMessage, showWarningMessage } = window;
  const recorded = async (message: string, ...buttons: unknown[]): Promise<never> => {
    shown.push({ message, buttons: buttons.map(String) });
    return buttons.find((button) => button === press) as never;
  };
  window.showInformationMessage = recorded;
  window.showWarningMessage = recorded;
  return () => Object.assign(window, { showInformationMessage, showWarningMessage });
}

/** The text of the open diff. */
function proposed(): string | undefined {
  const diffs = vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .map(({ input }) => (input instanceof vscode.TabInputTextDiff ? input.modified.toString() : ''));
  const open = new Set(diffs);
  return vscode.workspace.textDocuments.find(({ uri }) => open.has(uri.toString()))?.getText();
}

/** Waits for document events until a condition holds. */
async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue())
    await new Promise<void>((resolve) => {
      const subscription = vscode.workspace.onDidChangeTextDocument(() => {
        subscription.dispose();
        resolve();
      });
    });
}

describe('text around an answer', () => {
  let double: OllamaDouble;
  let answer = '';
  let folder = '';
  let restore = (): void => undefined;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'codeworm-cleaning-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(async () => {
    double = await connect({ answer: () => answer });
    await status('idle');
    shown.length = 0;
    press = '';
    restore = record();
  });
  afterEach(async () => {
    restore();
    await execute('workbench.action.revertAndCloseActiveEditor');
    await execute('workbench.action.closeAllEditors');
    await double.close();
  });

  /** Creates a file with these bytes and shows it. */
  async function openFile(name: string, bytes: Buffer, encoding = 'utf8'): Promise<vscode.TextDocument> {
    writeFileSync(join(folder, name), bytes);
    const uri = vscode.Uri.file(join(folder, name));
    const document = await vscode.workspace.openTextDocument(uri, { encoding });
    await vscode.window.showTextDocument(document, { preview: false });
    return document;
  }

  const bytesOf = (name: string): string => readFileSync(join(folder, name)).toString('latin1');

  it('the diff is the final message of a model that thinks in channels', async () => {
    answer = `<|channel|>analysis<|message|>maybe:\n${inFence('export function f() {\n  // wrong, longer\n  return 666666;\n}')}<|end|><|start|>assistant<|channel|>final<|message|>Here:\n${inFence('export function f() {\n  return 2;\n}')}<|return|>`;
    await openFile('channels.ts', Buffer.from('export function f() {\n  return 1;\n}\n'));
    await execute('codeworm.improve', { subject: 'file' });
    assert.equal(proposed(), 'export function f() {\n  return 2;\n}\n');
  });

  it('a file that contains fences is proposed completely', async () => {
    const code = '"""\nUsage:\n\n```\npython x.py\n```\n"""\n\n\ndef f():\n    return 1\n';
    answer = `Here is it:\n\n${fence}python\n${code.replace('f():', 'f() -> int:')}${fence}\n\nI added a type.`;
    await openFile('fences.py', Buffer.from(code));
    await execute('codeworm.improve', { subject: 'file' });
    assert.equal(proposed(), code.replace('f():', 'f() -> int:'));
    assert.match(generations(double)[0]?.body.prompt ?? '', /between two lines of 4 backticks/);
  });

  it('a byte-order mark is kept, and invisible characters are counted in one sentence', async () => {
    answer = inFence('\uFEFFexport const a = 2;\u202E\u200B');
    const document = await openFile('bom.ts', Buffer.from('\uFEFFexport const a = 1;\n'));
    await execute('codeworm.improve', { subject: 'file' });
    assert.equal(proposed(), 'export const a = 2;\n');
    assert.deepEqual(
      shown.map(({ message }) => message),
      ['3 invisible characters in the answer were removed.'],
    );
    await run('acceptEdit');
    assert.ok(await document.save());
    assert.equal(readFileSync(join(folder, 'bom.ts'), 'utf8'), '\uFEFFexport const a = 2;\n');
  });

  it("characters that the file's encoding lacks are named before they are lost", async () => {
    const old = '// café\nexport const s = "x";\n';
    answer = inFence('// café\nexport const s = "→ é ü";');
    const document = await openFile('w1252.ts', Buffer.from(old, 'latin1'), 'windows1252');
    assert.equal(document.getText(), old);
    await execute('codeworm.improve', { subject: 'file' });
    const named =
      'w1252.ts is saved as windows1252, which has no →: saving would replace these characters by others.';
    assert.deepEqual(shown, [{ message: named, buttons: [] }]);
    await run('acceptEdit');
    assert.equal(document.getText(), old);
    assert.deepEqual(shown.at(-1), { message: named, buttons: ['Accept Anyway'] });
    press = 'Accept Anyway';
    await run('acceptEdit');
    await until(() => document.getText() !== old);
    assert.ok(await document.save());
    assert.equal(bytesOf('w1252.ts'), '// caf\xe9\nexport const s = "? \xe9 \xfc";\n');
  });

  it("characters that the file's encoding has are written without a question", async () => {
    answer = inFence('// café\nexport const s = "ü €";');
    const document = await openFile(
      'latin.ts',
      Buffer.from('// café\nexport const s = "x";\n', 'latin1'),
      'windows1252',
    );
    await execute('codeworm.improve', { subject: 'file' });
    await run('acceptEdit');
    assert.deepEqual(shown, []);
    assert.ok(await document.save());
    assert.equal(bytesOf('latin.ts'), '// caf\xe9\nexport const s = "\xfc \x80";\n');
  });

  it('a doc comment asks before it loses characters', async () => {
    const old = 'function f() {}\n';
    answer = '<think>Hm.</think>Goes a → b.';
    const document = await openFile('comment.js', Buffer.from(old, 'latin1'), 'windows1252');
    await run('addDocComment');
    assert.equal(document.getText(), old);
    assert.match(shown[0]?.message ?? '', /comment\.js is saved as windows1252, which has no →/);
    press = 'Insert Anyway';
    await run('addDocComment');
    await until(() => document.getText() !== old);
    assert.equal(document.getText(), `/** Goes a → b. */\n${old}`);
  });

  it('thinking without an opening mark is marked in the output, and is not in the last answer', async () => {
    answer = 'Well, let me think about it.\n</think>\n\nIt adds\u202E an item.<|im_end|>';
    await open(3, 5);
    const from = channelLength();
    await run('explain');
    const text = await answers('1 invisible character in the answer was removed.', from);
    assert.match(text, /What is above was thinking; the answer follows\.\*\n\n---\n\nIt adds an item\.\n/);
    await run('copyAnswer');
    assert.equal(await vscode.env.clipboard.readText(), 'It adds an item.');
    answer = 'Because.';
    await execute('codeworm.followUp', { question: 'Why?' });
    const conversation = JSON.stringify(double.requests.findLast(({ path }) => path === '/api/chat')?.body);
    assert.match(conversation, /"It adds an item\."/);
  });

  it('a page contains only the answer', async () => {
    answer =
      'I think of headings first.\n</think>\n\n## Responsibility and Purpose\n\nIt keeps items.<|eot_id|>';
    await open(0);
    await run('writeDocumentationPage', { kind: 'class' });
    const page =
      vscode.workspace.textDocuments.find(({ uri }) => /class-Basket/.test(uri.path))?.getText() ?? '';
    assert.match(page, /## Responsibility and Purpose\n\nIt keeps items\.\n\n## Public Interface/);
    assert.doesNotMatch(page, /think|eot_id/);
  });
});

// The active tab cannot always be read; then no other file is used instead.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { afterEach, beforeEach, describe, it } from './runner.ts';
import type { OllamaDouble } from '../support/double/index.ts';
import { connect, generations, messageShown, run, status } from './world.ts';

const folder = (): vscode.Uri => vscode.workspace.workspaceFolders![0]!.uri;
const fileAt = (name: string): vscode.Uri => vscode.Uri.joinPath(folder(), name);
const code = 'export const taken = "never";\n';
const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

async function write(name: string, content: string | Uint8Array): Promise<vscode.Uri> {
  const uri = fileAt(name);
  await vscode.workspace.fs.writeFile(uri, typeof content === 'string' ? Buffer.from(content) : content);
  return uri;
}

const activeTab = (): vscode.Tab | undefined => vscode.window.tabGroups.activeTabGroup.activeTab;

/** Opens a file that VS Code does not show in a text editor, and waits for its tab. */
async function openTab(uri: vscode.Uri): Promise<void> {
  const name = uri.path.split('/').at(-1)!;
  await vscode.commands.executeCommand('vscode.open', uri, {
    viewColumn: vscode.ViewColumn.One,
    preview: false,
  });
  if (activeTab()?.label === name && !vscode.window.activeTextEditor) return;
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (activeTab()?.label !== name || vscode.window.activeTextEditor) return;
      vscode.Disposable.from(...subscriptions).dispose();
      resolve();
    };
    const subscriptions = [
      vscode.window.tabGroups.onDidChangeTabs(look),
      vscode.window.tabGroups.onDidChangeTabGroups(look),
      vscode.window.onDidChangeActiveTextEditor(look),
    ];
    look();
  });
}

describe('a tab that cannot be used', () => {
  let double: OllamaDouble;

  beforeEach(async () => {
    double = await connect();
    await status('idle');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const document = await vscode.workspace.openTextDocument(await write('code.js', code));
    // Visible in another group, and in a tab beside the unusable one.
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Two, preview: false });
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One, preview: false });
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await double.close();
  });

  const cases: [name: string, content: () => string | Uint8Array, sentence: RegExp][] = [
    ['pixel.png', () => pixel, /^pixel\.png (?:is not open|cannot be read) as text/],
    [
      'program.bin',
      () => Buffer.from([0, 1, 2, 0, 255, 254, 0]),
      /^program\.bin (?:is not open|cannot be read) as text/,
    ],
    ['large.txt', () => 'a line of text\n'.repeat(3_600_000), /^large\.txt is larger than 50 MB/],
  ];
  for (const [name, content, sentence] of cases)
    for (const command of ['explain', 'addDocComment', 'writeDocumentationPage', 'explainProblem'])
      it(
        `${name}: ${command} names it and uses no other file`,
        async () => {
          const uri = await write(name, content());
          await openTab(uri);
          const message = messageShown('showWarningMessage');
          await run(command);
          assert.match((await message).message, sentence);
          assert.equal(activeTab()?.label, name);
          assert.equal(generations(double).length, 0);
          await vscode.workspace.fs.delete(uri);
        },
        { timeoutMs: 60_000 },
      );

  it('for a page of VS Code without a file, the file in the next tab is used', async () => {
    await vscode.commands.executeCommand('workbench.action.closeEditorsInOtherGroups');
    await vscode.commands.executeCommand('workbench.action.openSettings2');
    await run('explain');
    assert.match(generations(double)[0]?.body.prompt ?? '', /taken = "never"/);
    assert.equal(vscode.window.activeTextEditor?.document.fileName.endsWith('code.js'), true);
  });

  it('in a diff, the side being edited is used', async () => {
    const other = await write('other.js', 'export const other = 1;\n');
    await vscode.commands.executeCommand('vscode.diff', fileAt('code.js'), other, 'Both');
    await run('explain');
    assert.match(generations(double)[0]?.body.prompt ?? '', /other = 1/);
  });
});

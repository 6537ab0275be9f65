import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { afterEach, beforeEach, describe, it } from './runner.ts';
import type { OllamaDouble } from '../support/double/index.ts';
import { answers, channelLength, code, connect, open, run, status } from './world.ts';

const execute = vscode.commands.executeCommand;
const fenced = (text: string, tag = 'javascript'): string => `So:\n\n\`\`\`${tag}\n${text}\n\`\`\`\n\nDone.`;
const oldAdd = '    this.items.push(item);';
const newAdd = '    if (item) this.items.push(item);';
const method = 'add(item) {\n  if (item) this.items.push(item);\n}';

function diffs(): { label: string; tab: vscode.Tab; uri: vscode.Uri }[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .flatMap((tab) =>
      tab.input instanceof vscode.TabInputTextDiff && tab.input.modified.scheme === 'codeworm-proposal'
        ? [{ label: tab.label, tab, uri: tab.input.modified }]
        : [],
    );
}

interface Warning {
  message: string;
  buttons: string[];
}

/** Presses a button of the next warning, or none. Resolves with the warning. */
function nextWarning(press?: string): Promise<Warning> {
  const { window } = vscode;
  const original = window.showWarningMessage;
  return new Promise((resolve) => {
    window.showWarningMessage = async (message: string, ...buttons: unknown[]) => {
      window.showWarningMessage = original;
      resolve({ message, buttons: buttons.map(String) });
      return buttons.find((button) => button === press) as never;
    };
  });
}

async function openText(content: string, language: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument({ language, content });
  await vscode.window.showTextDocument(document, { preview: false });
  return document;
}

async function documentBecomes(document: vscode.TextDocument, expected: string): Promise<void> {
  while (document.getText() !== expected)
    await new Promise<void>((resolve) => {
      const subscription = vscode.workspace.onDidChangeTextDocument(() => {
        subscription.dispose();
        resolve();
      });
    });
}

describe('answers are judged before they are proposed', () => {
  let double: OllamaDouble;
  let text: string;

  beforeEach(async () => {
    text = '';
    double = await connect({ answer: () => text });
    await status('idle');
  });
  afterEach(async () => {
    await double.close();
    await vscode.window.tabGroups.close(diffs().map(({ tab }) => tab));
  });

  /** Asks about the whole file, and accepts the proposal. */
  async function improved(document: vscode.TextDocument): Promise<string> {
    await execute('codeworm.improve', { subject: 'file' });
    assert.match(diffs()[0]?.label ?? '', /^Improve by CodeWorm: Untitled-\d+$/);
    await run('acceptEdit');
    return document.getText();
  }

  it('one method as the answer for a whole file replaces the method', async () => {
    const { document } = await open(0);
    text = fenced(method);
    assert.equal(await improved(document), code.replace(oldAdd, newAdd));
  });

  it('also in a file with CRLF', async () => {
    const { document } = await open(0);
    const edit = new vscode.WorkspaceEdit();
    edit.set(document.uri, [vscode.TextEdit.setEndOfLine(vscode.EndOfLine.CRLF)]);
    await vscode.workspace.applyEdit(edit);
    text = fenced(method);
    assert.equal(await improved(document), code.replace(oldAdd, newAdd).replaceAll('\n', '\r\n'));
  });

  it('one script for a whole page goes between its tags', async () => {
    const page =
      '<h1 id="a">A</h1>\n<script>\n  const a = 1;\n</script>\n<style>\n  p { color: red; }\n</style>\n';
    const document = await openText(page, 'html');
    text = fenced('const a = 2;', 'js');
    assert.equal(await improved(document), page.replace('a = 1', 'a = 2'));
  });

  it('one section as the answer for a whole document replaces the section', async () => {
    const page = '# A\n\nWords.\n\n## B\n\n```sh\nnpm test\n```\n\n## C\n\nMore.\n';
    const document = await openText(page, 'markdown');
    text = '```markdown\n## C\n\nBetter.\n```';
    assert.equal(await improved(document), page.replace('More.', 'Better.'));
  });

  it('a whole file as the answer for one line changes only that line, with a message', async () => {
    const { document } = await open(4, 4);
    text = fenced(code.replace(oldAdd, newAdd));
    await run('fix');
    await run('acceptEdit');
    assert.equal(document.getText(), code.replace(oldAdd, newAdd));
  });

  it('of a "before" and an "after" block, "after" is proposed', async () => {
    const { document } = await open(3, 5);
    text = `Before:\n\n${fenced(code.split('\n').slice(3, 6).join('\n'))}\n\nAfter:\n\n\`\`\`js\n${method}\n\`\`\``;
    await run('fix');
    await run('acceptEdit');
    assert.equal(document.getText(), code.replace(oldAdd, newAdd));
  });

  it('a removal is in the title and in a message with buttons', async () => {
    const { document } = await open(0);
    const less = code.replace(/\n {2}total[^]*?\n {2}\}\n/, '');
    text = fenced(less);
    const warning = nextWarning('Accept Edit');
    await execute('codeworm.improve', { subject: 'file' });
    assert.match(diffs()[0]?.label ?? '', /^Improve Untitled-\d+: removes `Basket\.total`$/);
    const { message, buttons } = await warning;
    assert.match(message, /^The change to Untitled-\d+ removes `Basket\.total`\.$/);
    assert.deepEqual(buttons, ['Accept Edit', 'Discard Edit']);
    await documentBecomes(document, less);
  });

  it('a new name is a removal and an addition; Discard leaves the file', async () => {
    const { document } = await open(3, 5);
    text = fenced('put(item) {\n  this.items.push(item);\n}');
    const warning = nextWarning('Discard Edit');
    await run('fix');
    assert.match((await warning).message, /removes `Basket\.add` and adds `Basket\.put`\.$/);
    assert.equal(document.getText(), code);
  });

  const refused: Record<string, [string, RegExp]> = {
    'a use of it': [fenced('const basket = new Basket();\nbasket.add(1);'), /no new version/],
    'a function twice': [fenced(`${code}\nexport function empty() {}`), /declare `empty` twice/],
    'another language': [fenced('class Basket:\n    pass', 'python'), /another language/],
    'a part without its end': [fenced(code.slice(0, code.indexOf('reduce'))), /no end/],
    'several versions': [
      `Option 1:\n\n${fenced(code.replace('[]', '[1]'))}\n\nOption 2:\n\n${fenced(code.replace('[]', '[2]'))}`,
      /several versions/,
    ],
  };
  for (const [name, [given, reason]] of Object.entries(refused))
    it(`refused with its reason, the text kept: ${name}`, async () => {
      const from = channelLength();
      const { document } = await open(0);
      text = given;
      const warning = nextWarning();
      await execute('codeworm.improve', { subject: 'file' });
      assert.match((await warning).message, reason);
      assert.deepEqual(diffs(), []);
      assert.equal(document.getText(), code);
      assert.match(await answers(/tokens\/s/, from), /So:/);
    });

  it('Insert Answer names duplicate declarations, and inserts them only after confirmation', async () => {
    const { document } = await open(16);
    text = fenced('export function empty() {\n  return 1;\n}');
    await run('explain');
    await vscode.window.showTextDocument(document);
    vscode.window.activeTextEditor!.selection = new vscode.Selection(15, 0, 15, 0);
    const warning = nextWarning();
    await run('insertAnswer');
    assert.match((await warning).message, /declares `empty` already/);
    assert.equal(document.getText(), code);
    const again = nextWarning('Insert Anyway');
    await run('insertAnswer');
    await again;
    await documentBecomes(document, `${code}export function empty() {\n  return 1;\n}`);
  });
});

import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { afterEach, beforeEach, describe, it } from './runner.ts';
import type { OllamaDouble } from '../support/double/index.ts';
import {
  answers,
  channelLength,
  code,
  connect,
  generations,
  isGeneration,
  open,
  run,
  set,
  status,
} from './world.ts';

const scheme = 'codeworm-proposal';
const oldAdd = '    this.items.push(item);';
const newAdd = '    if (item) this.items.push(item);';
/** A likely answer about the method `add`: without indentation. */
const answer =
  'It breaks without an item.\n\n```js\nadd(item) {\n  if (item) this.items.push(item);\n}\n```\n\nNow it does not.';
const fixed = code.replace(oldAdd, newAdd);

function diffs(): { uri: vscode.Uri; original: vscode.Uri; label: string; tab: vscode.Tab }[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .flatMap((tab) => {
      const { input, label } = tab;
      return input instanceof vscode.TabInputTextDiff && input.modified.scheme === scheme
        ? [{ uri: input.modified, original: input.original, label, tab }]
        : [];
    });
}

function proposed(at = 0): string {
  const { uri } = diffs()[at]!;
  return vscode.workspace.textDocuments
    .find((document) => document.uri.toString() === uri.toString())!
    .getText();
}

async function proposedBecomes(expected: string): Promise<void> {
  while (proposed() !== expected)
    await new Promise<void>((resolve) => {
      const subscription = vscode.workspace.onDidChangeTextDocument(() => {
        subscription.dispose();
        resolve();
      });
    });
}

/** Like typing: replaces the first `before` by `after`. */
async function replace(document: vscode.TextDocument, before: string, after: string): Promise<void> {
  const start = document.getText().indexOf(before);
  const range = new vscode.Range(document.positionAt(start), document.positionAt(start + before.length));
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, range, after);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

const execute = vscode.commands.executeCommand;

describe('edits', () => {
  let double: OllamaDouble;
  let text: string;

  beforeEach(async () => {
    text = answer;
    double = await connect({ answer: () => text });
    await status('idle');
  });
  afterEach(async () => {
    await double.close();
    await vscode.window.tabGroups.close(diffs().map(({ tab }) => tab));
  });

  it('Fix shows a diff and changes the file only when it is accepted, as one undo step', async () => {
    const { document } = await open(3, 5);
    await run('fix');
    const [diff] = diffs();
    assert.equal(diff?.original.toString(), document.uri.toString());
    assert.match(diff?.label ?? '', /^Fix by CodeWorm: Untitled-\d+$/);
    assert.equal(proposed(), fixed);
    assert.equal(document.getText(), code);
    await run('acceptEdit');
    assert.equal(document.getText(), fixed);
    assert.deepEqual(diffs(), []);
    assert.equal(vscode.window.activeTextEditor?.document, document);
    await execute('undo');
    assert.equal(document.getText(), code);
  });

  it('asks with the code first, and the same beginning as every other action', async () => {
    await open(3, 5);
    await run('explain');
    await run('fix');
    const [explain = '', fix = ''] = generations(double).map(({ body }) => body.prompt ?? '');
    const beginning = explain.slice(0, explain.indexOf('Explain the selected code'));
    assert.ok(beginning.length > code.length && fix.startsWith(beginning));
    assert.match(fix.slice(beginning.length), /^Fix the bugs in the selected code\./);
  });

  it('Improve uses the symbol at the cursor, Edit With Instruction the instruction of a key binding', async () => {
    const { document } = await open(4);
    await run('improve');
    assert.equal(proposed(), fixed);
    await run('discardEdit');
    await vscode.window.showTextDocument(document);
    await execute('codeworm.edit', { instruction: 'Check the item first.', subject: 'symbol' });
    assert.equal(proposed(), fixed);
    const [improve, edit] = generations(double).map(({ body }) => body.prompt ?? '');
    assert.match(improve ?? '', /Improve the method `add`\./);
    assert.match(edit ?? '', /Change the method `add` as follows:\n\nCheck the item first\.\n/);
  });

  it('a whole file keeps CRLF and its last line break', async () => {
    const { document } = await open(3);
    const edit = new vscode.WorkspaceEdit();
    edit.set(document.uri, [vscode.TextEdit.setEndOfLine(vscode.EndOfLine.CRLF)]);
    await vscode.workspace.applyEdit(edit);
    text = `\`\`\`javascript\n${fixed}\`\`\``;
    await execute('codeworm.fix', { subject: 'file' });
    await run('acceptEdit');
    assert.equal(document.getText(), fixed.replaceAll('\n', '\r\n'));
  });

  it('Discard and closing the diff both keep the file unchanged', async () => {
    const { document } = await open(3, 5);
    await run('fix');
    await run('discardEdit');
    assert.deepEqual(diffs(), []);
    await vscode.window.showTextDocument(document);
    await run('fix');
    const [diff] = diffs();
    await vscode.window.tabGroups.close(diff!.tab);
    await execute('codeworm.acceptEdit', diff!.uri);
    assert.equal(document.getText(), code);
  });

  it('a diff that another tab hides is shown before it is accepted or discarded', async () => {
    const { document } = await open(3, 5);
    for (const command of ['discardEdit', 'acceptEdit'] as const) {
      await run('fix');
      await vscode.window.showTextDocument(document);
      await run(command);
      assert.equal(document.getText(), code);
      assert.deepEqual(
        diffs().map(({ tab }) => tab.isActive),
        [true],
      );
      await run(command);
      assert.deepEqual(diffs(), []);
      await vscode.window.showTextDocument(document);
    }
    assert.equal(document.getText(), fixed);
  });

  it('accepted twice, the change is made once', async () => {
    const { document } = await open(3, 5);
    // Its first line is unchanged, so its position still exists after the change.
    text = `\`\`\`js\n  add(item) {\n    this.items.push(item);\n  }\n\n${code.split('\n').slice(3, 6).join('\n').replace('add', 'put')}\n\`\`\``;
    await run('fix');
    await Promise.all([run('acceptEdit'), run('acceptEdit')]);
    assert.equal(document.getText().split('put(item)').length, 2);
    assert.deepEqual(diffs(), []);
  });

  it('several proposals are open at once, each accepted by itself', async () => {
    const { document } = await open(3, 5);
    await run('fix');
    await vscode.window.showTextDocument(document);
    vscode.window.activeTextEditor!.selection = new vscode.Selection(12, 0, 14, 1);
    text = '```js\nexport function empty() {\n  return undefined;\n}\n```';
    await run('fix');
    assert.equal(diffs().length, 2);
    const [first, second] = diffs().toSorted((a, b) => Number(a.uri.query) - Number(b.uri.query));
    await execute('codeworm.acceptEdit', first!.uri);
    assert.equal(document.getText(), fixed);
    await execute('codeworm.acceptEdit', second!.uri);
    assert.equal(document.getText(), fixed.replace('return new Basket()', 'return undefined'));
  });

  it('finds the code again when the file around it has changed meanwhile', async () => {
    const gate = double.hold({ afterTokens: 2 });
    const { document } = await open(3, 5);
    const running = run('fix');
    await gate.reached;
    await replace(document, 'export class', '// A comment.\nexport class');
    await replace(document, 'return new Basket();', 'return new Basket(1);');
    gate.release();
    await running;
    const expected = document.getText().replace(oldAdd, newAdd);
    assert.equal(proposed(), expected);
    await run('acceptEdit');
    assert.equal(document.getText(), expected);
  });

  it('proposes nothing when the code itself has changed meanwhile, and shows the answer', async () => {
    const from = channelLength();
    const gate = double.hold({ afterTokens: 2 });
    const { document } = await open(3, 5);
    const running = run('fix');
    await gate.reached;
    await replace(document, 'this.items.push(item);', 'this.items.push(item, item);');
    gate.release();
    await running;
    assert.deepEqual(diffs(), []);
    assert.match(await answers(/tokens\/s/, from), /It breaks without an item/);
  });

  it('an open diff follows the file; it can be accepted only while its code is unchanged', async () => {
    const { document } = await open(3, 5);
    await run('fix');
    await replace(document, 'export class', '// A comment.\nexport class');
    await proposedBecomes(`// A comment.\n${fixed}`);
    await replace(document, 'this.items.push(item);', 'this.items.push(1);');
    const before = document.getText();
    await run('acceptEdit');
    assert.equal(document.getText(), before);
    assert.equal(diffs().length, 1);
    await replace(document, 'this.items.push(1);', 'this.items.push(item);');
    await run('acceptEdit');
    assert.equal(document.getText(), `// A comment.\n${fixed}`);
  });

  const useless: Record<string, string> = {
    'no code': 'It is good as it is.',
    'half a block': '```js\nadd(item) {\n  if (item)',
    'a placeholder': '```js\nadd(item) {\n  // ... rest of the code\n}\n```',
    'the same code': '```js\nadd(item) {\n  this.items.push(item);\n}\n```',
  };
  for (const [name, given] of Object.entries(useless)) {
    it(`an answer with ${name} is shown, and nothing is proposed`, async () => {
      text = given;
      const from = channelLength();
      const { document } = await open(3, 5);
      await run('fix');
      assert.deepEqual(diffs(), []);
      assert.equal(document.getText(), code);
      assert.ok((await answers(/tokens\/s/, from)).includes(given));
    });
  }

  it('an answer cut at the token limit is never proposed, even with a complete block', async () => {
    const from = channelLength();
    await set({ numPredict: 60 });
    text = `${answer}${' And so on.'.repeat(100)}`;
    await open(3, 5);
    await run('fix');
    assert.match(await answers(/tokens\/s/, from), /Now it does not[^]*Cut at the token limit/);
    assert.deepEqual(diffs(), []);
  });

  it('nothing is sent when the code does not fit the context window completely', async () => {
    await set({ numCtx: 1024 });
    const content = `function long() {\n${'  call(1, 2, 3);\n'.repeat(500)}}\n`;
    await vscode.window.showTextDocument(
      await vscode.workspace.openTextDocument({ language: 'javascript', content }),
    );
    await execute('codeworm.fix', { subject: 'file' });
    assert.deepEqual(diffs(), []);
    assert.deepEqual(double.requests.filter(isGeneration), []);
  });

  it('cancelled, it proposes nothing', async () => {
    const gate = double.hold({ afterTokens: 4 });
    await open(3, 5);
    const running = run('fix');
    await gate.reached;
    await run('cancel');
    await running;
    assert.deepEqual(diffs(), []);
  });
});

import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { afterEach, before, beforeEach, describe, it } from './runner.ts';
import type { OllamaDouble } from '../support/double/index.ts';
import { answers, channelLength, code, connect, generations, run, set, status } from './world.ts';

const comment = '  /** Sums up the prices. */\n';
const total = '  total() {';
const withComment = code.replace(total, comment + total);

async function openText(content: string, language: string, line: number): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument({ language, content });
  const editor = await vscode.window.showTextDocument(document, { preview: false });
  editor.selection = new vscode.Selection(line, 4, line, 4);
  return editor;
}

async function outlineOf({ uri }: vscode.TextDocument): Promise<vscode.DocumentSymbol[]> {
  return (await vscode.commands.executeCommand('vscode.executeDocumentSymbolProvider', uri)) ?? [];
}

const proposals = (): vscode.TabInputTextDiff[] =>
  vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs.map(({ input }) => input))
    .filter((input) => input instanceof vscode.TabInputTextDiff);

/** Resolves with the right side of the diff. */
async function proposed(): Promise<string> {
  await until(() => proposals().length === 1, vscode.window.tabGroups.onDidChangeTabs);
  const [input] = proposals();
  return (await vscode.workspace.openTextDocument(input!.modified)).getText();
}

/** Waits for events until a condition holds. */
async function until(isSo: () => boolean, event: vscode.Event<unknown>): Promise<void> {
  if (isSo()) return;
  await new Promise<void>((resolve) => {
    const subscription = event(() => {
      if (!isSo()) return;
      subscription.dispose();
      resolve();
    });
  });
}

const change = async (document: vscode.TextDocument, line: number, text: string): Promise<void> => {
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, new vscode.Position(line, 0), text);
  await vscode.workspace.applyEdit(edit);
};

describe('doc comments', () => {
  let double: OllamaDouble;
  let answer = '';

  beforeEach(async () => {
    answer = 'Sums up the prices.';
    double = await connect({ answer: () => answer });
    await status('idle');
  });
  afterEach(async () => {
    await double.close();
    if (proposals().length > 0) await run('discardEdit');
  });
  before(async () => {
    const { document } = await openText(code, 'javascript', 8);
    // The language server needs some time for its first outline.
    while ((await outlineOf(document)).length === 0) await new Promise(setImmediate);
  });

  it('is inserted above the method at the cursor, as one undo step', async () => {
    const { document } = await openText(code, 'javascript', 8);
    await run('addDocComment');
    assert.equal(document.getText(), withComment);
    assert.match(generations(double)[0]?.body.prompt ?? '', /Write a doc comment for the method `total`\./);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), code);
    await vscode.commands.executeCommand('redo');
    assert.equal(document.getText(), withComment);
  });

  it('shares the prompt up to the instruction with the other commands', async () => {
    await openText(code, 'javascript', 8);
    await run('explain');
    await run('addDocComment');
    const [explain = '', doc = ''] = generations(double).map(({ body }) => body.prompt ?? '');
    const shared = doc.slice(0, doc.indexOf('Write a doc comment'));
    assert.ok(shared.length > 300 && explain.startsWith(shared));
  });

  it('shows its progress in the status bar, and the file is unchanged until the answer is complete', async () => {
    const gate = double.hold({ afterTokens: 1 });
    const { document } = await openText(code, 'javascript', 8);
    const running = run('addDocComment');
    await gate.reached;
    await status(
      'working',
      ({ activity }) => activity.title === 'Doc Comment' && activity.phase === 'writing',
    );
    assert.equal(document.getText(), code);
    gate.release();
    await running;
    assert.equal(document.getText(), withComment);
  });

  it('inserts nothing when it is cancelled', async () => {
    const gate = double.hold({ afterTokens: 1 });
    const { document } = await openText(code, 'javascript', 8);
    const running = run('addDocComment');
    await gate.reached;
    await run('cancel');
    await running;
    assert.equal(document.getText(), code);
  });

  it('takes the comment from a chatty answer, and adds no code for the language service', async () => {
    answer =
      'Sure! Here is the comment:\n\n```js\n/**\n * Sums up *\\/ class Evil {} /* the\u2028class Worse {}\n * prices.\n */\ntotal() {\n```\nLet me know!';
    const { document } = await openText(code, 'javascript', 8);
    await run('addDocComment');
    assert.equal(
      document.getText(),
      code.replace(total, `  /** Sums up *\\/ class Evil {} / * the class Worse {} prices. */\n${total}`),
    );
    const symbols = await outlineOf(document);
    assert.deepEqual(symbols.map(({ name }) => name).toSorted(), ['Basket', 'empty']);
  });

  it('keeps tabs, line ends and the ruler', async () => {
    const editor = vscode.workspace.getConfiguration('editor');
    await editor.update('rulers', [60], vscode.ConfigurationTarget.Global);
    answer = 'Sums up the prices of all items that are in the basket, without any tax.\n@returns the sum';
    const tabbed = code.replaceAll('  ', '\t').replaceAll('\n', '\r\n');
    const { document } = await openText(tabbed, 'javascript', 8);
    await run('addDocComment');
    await editor.update('rulers', undefined, vscode.ConfigurationTarget.Global);
    assert.equal(document.eol, vscode.EndOfLine.CRLF);
    const lines =
      '\t/**\r\n\t * Sums up the prices of all items that are in the\r\n\t * basket, without any tax.\r\n\t * @returns the sum\r\n\t */\r\n';
    assert.equal(document.getText(), tabbed.replace('\ttotal() {', `${lines}\ttotal() {`));
  });

  it('needs no outline: a docstring is inside the body', async () => {
    const python =
      'class A:\n    @staticmethod\n    def f(\n        a: int,\n    ) -> int:\n        return a\n';
    const { document } = await openText(python, 'python', 5);
    await run('addDocComment');
    const docstring = '        """Sums up the prices."""\n';
    assert.equal(document.getText(), python.replace('        return', `${docstring}        return`));
  });

  it('replaces a comment only when the user accepts the diff, in one step for Undo', async () => {
    const old = code.replace(total, `  /** Old. */\n${total}`);
    const { document } = await openText(old, 'javascript', 9);
    await run('addDocComment');
    assert.equal(await proposed(), withComment);
    assert.equal(document.getText(), old);
    await run('acceptEdit');
    assert.equal(document.getText(), withComment);
    assert.equal(proposals().length, 0);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), old);
  });

  it('leaves a comment as it is when the user discards the new one', async () => {
    const old = code.replace(total, `  /** Old. */\n${total}`);
    const { document } = await openText(old, 'javascript', 9);
    await run('addDocComment');
    await proposed();
    await run('discardEdit');
    assert.equal(proposals().length, 0);
    assert.equal(document.getText(), old);
  });

  it('finds the declaration again when the document has changed meanwhile', async () => {
    const gate = double.hold({ afterTokens: 1 });
    const { document } = await openText(code, 'javascript', 8);
    const running = run('addDocComment');
    await gate.reached;
    await change(document, 0, '// first\n\n');
    await change(document, 10, '    // inside\n');
    gate.release();
    await running;
    const changed = `// first\n\n${code}`.replace('    return this', '    // inside\n    return this');
    assert.equal(document.getText(), changed.replace(total, comment + total));
  });

  it('adds nothing when the declaration itself has changed, and shows what was written', async () => {
    const from = channelLength();
    const gate = double.hold({ afterTokens: 1 });
    const { document } = await openText(code, 'javascript', 8);
    const running = run('addDocComment');
    await gate.reached;
    await change(document, 7, '/* new */');
    const changed = document.getText();
    gate.release();
    await running;
    assert.equal(document.getText(), changed);
    assert.match(await answers('tokens/s', from), /## Doc Comment · total [^]*Sums up the prices\./);
  });

  it('proposes a diff when a comment was written meanwhile', async () => {
    const gate = double.hold({ afterTokens: 1 });
    const { document } = await openText(code, 'javascript', 8);
    const running = run('addDocComment');
    await gate.reached;
    await change(document, 7, '  // mine\n');
    gate.release();
    await running;
    assert.equal(await proposed(), withComment);
    assert.equal(document.getText(), code.replace(total, `  // mine\n${total}`));
  });

  it('adds nothing when the answer has no comment, and shows the text', async () => {
    answer = '```js\ntotal() {\n    return this.items.reduce((sum, item) => sum + item.price, 0);\n}\n```';
    const from = channelLength();
    const { document } = await openText(code, 'javascript', 8);
    await run('addDocComment');
    assert.equal(document.getText(), code);
    assert.match(await answers('tokens/s', from), /return this\.items/);
  });

  it('adds no incomplete comment', async () => {
    await set({ numPredict: 2 });
    const { document } = await openText(code, 'javascript', 8);
    await run('addDocComment');
    assert.equal(document.getText(), code);
  });

  it('sends nothing when there is nothing to document', async () => {
    await openText('just a note\n', 'plaintext', 0);
    await run('addDocComment');
    await openText('run();\n', 'javascript', 0);
    await run('addDocComment');
    await openText('x = 1\n', 'python', 0);
    await run('addDocComment');
    assert.equal(generations(double).length, 0);
  });
});

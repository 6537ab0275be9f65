import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { after, afterEach, beforeEach, describe, it } from './runner.ts';
import type { OllamaDouble } from '../support/double/index.ts';
import { answers, channelLength, code, connect, generations, open, run, set, status } from './world.ts';

const execute = vscode.commands.executeCommand;
const oldSum = 'sum + item.price';
const newSum = 'sum + Number(item.price)';
/** Column of the faulty expression. */
const sumAt = code.split('\n')[8]!.indexOf(oldSum);
const fixedTotal = `\`\`\`js\ntotal() {\n  return this.items.reduce((sum, item) => ${newSum}, 0);\n}\n\`\`\``;

async function actionsAt(
  document: vscode.TextDocument,
  line: number,
  character = 4,
): Promise<vscode.CodeAction[]> {
  const range = new vscode.Range(line, character, line, character);
  const actions = await execute<vscode.CodeAction[]>('vscode.executeCodeActionProvider', document.uri, range);
  return actions.filter(({ command }) => command?.command.startsWith('codeworm.'));
}

async function take(actions: vscode.CodeAction[], title: string): Promise<void> {
  const { command } = actions.find((action) => action.title === title)!;
  await execute(command!.command, ...(command!.arguments ?? []));
}

const proposal = (): vscode.TextDocument | undefined =>
  vscode.window.visibleTextEditors
    .map(({ document }) => document)
    .find(({ uri }) => uri.scheme === 'codeworm-proposal');

describe('code actions', () => {
  const reported = vscode.languages.createDiagnosticCollection('test');
  let double: OllamaDouble;
  let text: string;

  beforeEach(async () => {
    text = fixedTotal;
    double = await connect({ answer: () => text });
    await status('idle');
  });
  afterEach(async () => {
    reported.clear();
    await double.close();
    await run('discardEdit');
  });
  after(() => reported.dispose());

  function report(document: vscode.TextDocument): void {
    const at = document.positionAt(document.getText().indexOf(oldSum));
    const range = new vscode.Range(at, at.translate(0, oldSum.length));
    const problem = new vscode.Diagnostic(
      range,
      "Property 'price' may be a text.",
      vscode.DiagnosticSeverity.Warning,
    );
    problem.source = 'checker';
    problem.code = { value: 'C42', target: vscode.Uri.parse('https://example.test/C42') };
    reported.set(document.uri, [problem]);
  }

  it('explain a diagnostic with its message, its source, its code and its line, after the code', async () => {
    const { document } = await open(8);
    report(document);
    const from = channelLength();
    await take(await actionsAt(document, 8, sumAt), 'Explain with CodeWorm');
    await answers(/## Explain Problem · total .*tokens\/s/s, from);
    const prompt = generations(double)[0]?.body.prompt ?? '';
    const instruction = prompt.slice(prompt.indexOf('Your task is about'));
    assert.match(
      instruction,
      /^Your task is about the method `total`, lines 8-10 of the file\.\n\nExplain what was reported/,
    );
    assert.match(
      instruction,
      /line 9: warning `C42` by `checker`:\n\n```text\nProperty 'price' may be a text\.\n```/,
    );
    assert.ok(prompt.startsWith('File: '));
  });

  it('fix it through a diff', async () => {
    const { document } = await open(8);
    report(document);
    await take(await actionsAt(document, 8, sumAt), 'Fix with CodeWorm');
    assert.equal(proposal()?.getText(), code.replace(oldSum, newSum));
    assert.match(
      generations(double)[0]?.body.prompt ?? '',
      /Fix what was reported in the method `total`[^]*C42[^]*one code block/,
    );
    await run('acceptEdit');
    assert.equal(document.getText(), code.replace(oldSum, newSum));
  });

  it('the same from the palette, for the line of the cursor', async () => {
    const { document } = await open(8);
    report(document);
    await run('fixProblem');
    assert.equal(proposal()?.getText(), code.replace(oldSum, newSum));
  });

  it('a problem outside of every symbol is sent with the lines around it', async () => {
    const content = 'const a = 1;\n\nconst b = a +;\nlog(b);\n\nlog(a);\n';
    const document = await vscode.workspace.openTextDocument({ language: 'plaintext', content });
    await vscode.window.showTextDocument(document);
    reported.set(document.uri, [
      new vscode.Diagnostic(new vscode.Range(2, 13, 2, 14), 'Expression expected.'),
    ]);
    text = '```\nconst b = a + 1;\nlog(b);\n```';
    await take(await actionsAt(document, 2, 13), 'Fix with CodeWorm');
    assert.equal(proposal()?.getText(), content.replace('a +;', 'a + 1;'));
    assert.match(generations(double)[0]?.body.prompt ?? '', /about the selected code, lines 3-4 of the file/);
  });

  it('offer a fix only for a diagnostic, and a doc comment only for a declaration', async () => {
    const { document } = await open(8);
    report(document);
    const titles = async (line: number): Promise<string[]> =>
      (await actionsAt(document, line)).map(({ title }) => title);
    assert.deepEqual(await titles(7), ['Add Doc Comment']);
    assert.deepEqual(await titles(0), ['Add Doc Comment']);
    assert.deepEqual(await titles(4), []);
    const [action] = await actionsAt(document, 12);
    assert.equal(action?.command?.command, 'codeworm.addDocComment');
    assert.ok(vscode.CodeActionKind.RefactorRewrite.contains(action?.kind ?? vscode.CodeActionKind.Empty));
  });
});

describe('own actions', () => {
  let double: OllamaDouble;
  let text: string;

  beforeEach(async () => {
    text = fixedTotal;
    double = await connect({ answer: () => text });
    await set({
      actions: [
        { title: 'Translate', instruction: 'Translate the comments.', show: ['file'] },
        { title: 'Broken' },
        { title: 'Numbers', instruction: 'Use numbers.', answer: 'diff' },
        { title: 'Guard', instruction: 'Write a guard.', answer: 'insert' },
      ],
    });
    await status('idle');
  });
  afterEach(async () => {
    await double.close();
    await set({ actions: [] });
    await run('discardEdit');
  });

  const prompt = (): string => generations(double).at(-1)?.body.prompt ?? '';
  const runOwn = (args: unknown): Thenable<unknown> => execute('codeworm.runAction', args);

  it('by title from a key binding, despite an invalid one: shown, about its subject', async () => {
    text = 'Here you are.';
    const from = channelLength();
    await open(8);
    await runOwn({ title: 'Translate' });
    await answers(/## Translate · Untitled-\d+ · [^]*Here you are\.[^]*tokens\/s/, from);
    assert.match(prompt(), /about the whole file\.\n\nDo this with the file:\n\nTranslate the comments\.$/);
  });

  it('as a diff', async () => {
    const { document } = await open(8);
    await runOwn({ title: 'Numbers' });
    assert.match(
      prompt(),
      /Change the method `total` as follows:\n\nUse numbers\.\n\nAnswer with exactly one code block/,
    );
    assert.equal(proposal()?.getText(), code.replace(oldSum, newSum));
    assert.equal(document.getText(), code);
  });

  it('inserted below the cursor in one step, with the indentation there', async () => {
    text = '```js\nif (!this.items) {\n  return 0;\n}\n```';
    const { document } = await open(7);
    await runOwn({ title: 'Guard' });
    const expected = code.replace('total() {\n', 'total() {\n  if (!this.items) {\n    return 0;\n  }\n');
    assert.equal(document.getText(), expected);
    await vscode.window.showTextDocument(document);
    await execute('undo');
    assert.equal(document.getText(), code);
  });

  it('inserted as text into prose; without code, nothing is inserted into code', async () => {
    text = 'A line of prose.';
    const { document } = await open(7);
    await runOwn({ title: 'Guard' });
    assert.equal(document.getText(), code);
    const notes = await vscode.workspace.openTextDocument({ language: 'markdown', content: '# Notes\n\n' });
    const editor = await vscode.window.showTextDocument(notes);
    editor.selection = new vscode.Selection(2, 0, 2, 0);
    await runOwn({ title: 'Guard' });
    assert.equal(notes.getText(), '# Notes\n\nA line of prose.');
  });

  it('defined in the key binding itself', async () => {
    await open(8);
    await runOwn({ instruction: 'Count the lines.', answer: 'show', show: 'symbol' });
    assert.match(prompt(), /Do this with the method `total`:\n\nCount the lines\.$/);
  });

  it('unknown or invalid, nothing is asked', async () => {
    await open(8);
    await runOwn({ title: 'Broken' });
    await runOwn({ instruction: 'Do.', answer: 'replace' });
    await runOwn({ instruction: 'Do.', show: 'selection' });
    assert.deepEqual(generations(double), []);
  });

  it('other commands accept arguments of key bindings too', async () => {
    await open(8);
    await execute('codeworm.explain', { subject: 'file' });
    assert.match(prompt(), /Explain the file\./);
    await execute('codeworm.ask', { question: 'Why a list?', subject: 'symbol' });
    assert.match(prompt(), /about the method `total`:\n\nWhy a list\?$/);
    await execute('codeworm.explain', vscode.window.activeTextEditor?.document.uri);
    assert.match(prompt(), /Explain the method `total`\./);
  });
});

import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { afterEach, beforeEach, describe, it } from './runner.ts';
import type { OllamaDouble } from '../support/double/index.ts';
import { answers, channelLength, connect, generations, isGeneration, open, run, status } from './world.ts';

const onCode = {
  explain: 'Explain',
  findBugs: 'Find Bugs',
  suggestImprovements: 'Suggest Improvements',
  writeTests: 'Write Tests',
};

describe('commands', () => {
  let double: OllamaDouble;

  beforeEach(async () => {
    double = await connect();
    await status('idle');
  });
  afterEach(() => double.close());

  it('every command of the manifest is registered', async () => {
    const registered = new Set(await vscode.commands.getCommands(true));
    const manifest = vscode.extensions.getExtension('codeworm.codeworm')?.packageJSON as {
      contributes: { commands: { command: string }[] };
    };
    for (const { command } of manifest.contributes.commands) assert.ok(registered.has(command), command);
  });

  for (const [command, title] of Object.entries(onCode)) {
    it(`${title} asks about the file and writes heading, answer and figures`, async () => {
      await vscode.window.showTextDocument(
        await vscode.workspace.openTextDocument({ language: 'plaintext', content: 'just a note' }),
      );
      const from = channelLength();
      await run(command);
      const text = await answers(/tokens\/s.*\n/, from);
      assert.match(text, new RegExp(`^## ${title} · Untitled-\\d+ · tiny:latest\n\n`));
      assert.match(
        text,
        /This code keeps a list of items\. `add` puts one in, and `total` sums them up\.\n\nNothing else happens here\./,
      );
      assert.match(
        text,
        /\*\d+ tokens \(\d+ read, \d+ written\) · [\d.,]+ tokens\/s · first token after [\d.]+ s · the model (was loaded|had to be loaded)/,
      );
      assert.match(generations(double)[0]?.body.prompt ?? '', /just a note/);
    });
  }

  it('asks about the selection, else the symbol at the cursor, else the file', async () => {
    await open(3, 5);
    await run('explain');
    await open(8);
    await run('explain');
    const [selection, symbol] = generations(double);
    assert.match(selection?.body.prompt ?? '', /lines 4-6/);
    assert.match(symbol?.body.prompt ?? '', /`total`/);
    assert.match(symbol?.body.prompt ?? '', /lines 8-10/);
  });

  it('finds the symbol at the cursor in a language without an extension', async () => {
    const content = 'import os\n\n\ndef total(items):\n    return sum(items)\n\n\ndef other():\n    pass\n';
    const document = await vscode.workspace.openTextDocument({ language: 'python', content });
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = new vscode.Selection(4, 8, 4, 8);
    await run('explain');
    const [request] = generations(double);
    assert.match(request?.body.prompt ?? '', /`total`/);
    assert.match(request?.body.prompt ?? '', /lines 4-5/);
  });

  it('shares system prompt and the prompt up to the instruction between actions on the same code', async () => {
    await open(8);
    for (const command of Object.keys(onCode)) await run(command);
    const bodies = generations(double).map(({ body }) => body);
    assert.equal(new Set(bodies.map(({ system }) => system)).size, 1);
    const prompts = bodies.map(({ prompt }) => prompt ?? '');
    const shared = sharedLength(prompts);
    for (const prompt of prompts) assert.match(prompt.slice(shared), /^(Explain|Review|Suggest|Write) /);
  });

  it('cancels while loading, with a message', async () => {
    double.hold('loading');
    await open(8);
    const running = run('explain');
    const request = await double.nextRequest(isGeneration);
    await request.phase('loading');
    await run('cancel');
    await running;
    await request.finished;
    assert.equal(request.state, 'cancelled');
  });

  it('cancels in the middle of an answer and keeps the partial text', async () => {
    const from = channelLength();
    const gate = double.hold({ afterTokens: 4 });
    await open(8);
    const running = run('explain');
    const request = await gate.reached;
    await answers('This code', from);
    await run('cancel');
    await running;
    await request.finished;
    assert.equal(request.state, 'cancelled');
    assert.match(
      await answers('Cancelled', from),
      /This code.*\n\n\*Cancelled; what had arrived is above\.\*/s,
    );
  });

  it('runs one generation at a time; the second one waits visibly', async () => {
    const gate = double.hold({ afterTokens: 2 });
    await open(8);
    const first = run('explain');
    await gate.reached;
    const second = run('findBugs');
    await status('working', ({ activity }) => activity.queued === 1);
    assert.equal(generations(double).length, 1);
    gate.release();
    await Promise.all([first, second]);
    assert.equal(generations(double).length, 2);
  });

  it('keeps a partial answer when the connection breaks, and says what happened', async () => {
    const from = channelLength();
    void double.faultNext(isGeneration, { kind: 'cut', afterLines: 3, how: 'reset' });
    await open(8);
    await run('explain');
    const text = await answers('The answer is not complete', from);
    assert.match(text, /This code/);
    assert.match(text, /broke off before its end/);
  });

  it('an answer that ends inside its code closes it, so that what follows is not shown as code', async () => {
    const from = channelLength();
    double.set({ answer: () => '```js\nlet one = 1;\nlet two = 2;\n```\n' });
    void double.faultNext(isGeneration, { kind: 'cut', afterLines: 6, how: 'reset' });
    await open(8);
    await run('explain');
    assert.match(
      await answers('The answer is not complete', from),
      /```js\nlet[^`]*\n```\n\n\*The answer is not complete/,
    );
  });

  it('20 commands need at most two connections: one for questions, one for probes', async () => {
    await open(8);
    for (let count = 0; count < 20; count++) await run('explain');
    assert.equal(generations(double).length, 20);
    assert.ok(double.connections.total <= 2, `${double.connections.total} connections`);
  });

  it('writes a documentation page beside the code', async () => {
    await open(0);
    await run('writeDocumentationPage', { kind: 'class' });
    const page = vscode.window.visibleTextEditors
      .map(({ document }) => document)
      .find(({ languageId, uri }) => languageId === 'markdown' && uri.scheme === 'untitled');
    const text = page?.getText() ?? '';
    assert.match(text, /^# Basket\n\n- \*\*Type:\*\* Class Documentation\n/);
    assert.match(text, /- \*\*Language:\*\* JavaScript\n- \*\*Lines:\*\* 1-11\n- \*\*Complexity:\*\* \d+\n/);
    assert.match(text, /## Source\n\n```javascript\nexport class Basket/);
    assert.match(text, /This code keeps a list of items/);
    assert.match(text, /\*Written by CodeWorm on \d{4}-\d\d-\d\d at \d\d:\d\d:\d\d/);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('unloads the model and waits until it is unloaded', async () => {
    await run('prewarm');
    await status('ready');
    await run('unload');
    await status('idle');
    assert.deepEqual(double.loaded(), []);
  });
});

function sharedLength(texts: string[]): number {
  const [first = '', ...others] = texts;
  let length = 0;
  while (length < first.length && others.every((text) => text[length] === first[length])) length++;
  return length;
}

import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { afterEach, beforeEach, describe, it } from './runner.ts';
import type { OllamaDouble, RecordedRequest } from '../support/double/index.ts';
import { answers, channelLength, connect, generations, open, run, set, status } from './world.ts';

const first = 'It keeps items.\n\n```js\nconst basket = new Basket();\nbasket.add(item);\n```\n';

const chats = (double: OllamaDouble): RecordedRequest[] =>
  double.requests.filter(({ path }) => path === '/api/chat');

describe('follow-ups', () => {
  let double: OllamaDouble;
  let count = 0;

  beforeEach(async () => {
    count = 0;
    double = await connect({ answer: () => (count++ === 0 ? first : `Answer ${count}.`) });
    await status('idle');
    await open(8);
    const from = channelLength();
    await run('explain');
    await answers(/tokens\/s.*\n/, from);
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await double.close();
  });

  it('continue the last answer repeatedly, with the whole conversation each time', async () => {
    const from = channelLength();
    await run('followUp', { question: 'Why?' });
    await run('followUp', { question: 'And then?' });
    const text = await answers(/Answer 3\.[^]*tokens\/s/, from);
    assert.match(
      text,
      /## Follow-Up · (?:total \(.*, lines 8-10\)|Untitled-\d+) · tiny:latest\n\nAnswer 2\./,
    );
    const [asked] = generations(double);
    const [one, two] = chats(double).map(({ body }) => body.messages);
    const begin = [
      { role: 'system', content: asked?.body.system },
      { role: 'user', content: asked?.body.prompt },
      { role: 'assistant', content: first },
      { role: 'user', content: 'Why?' },
    ];
    assert.deepEqual(one, begin);
    assert.deepEqual(two, [
      ...begin,
      { role: 'assistant', content: 'Answer 2.' },
      { role: 'user', content: 'And then?' },
    ]);
  });

  it('use the same options, so that nothing is reloaded', async () => {
    const loads = double.loads.length;
    await run('followUp', { question: 'Why?' });
    const { body } = chats(double)[0]!;
    assert.deepEqual(body.options, generations(double)[0]?.body.options);
    assert.equal(body.keep_alive, generations(double)[0]?.body.keep_alive);
    assert.equal(body['truncate'], false);
    assert.equal(double.loads.length, loads);
  });

  it('send nothing when there is no space, with a message', async () => {
    await set({ numCtx: 512 });
    const from = channelLength();
    await run('followUp', { question: 'Why? '.repeat(400) });
    assert.match(
      await answers('No answer', from),
      /There is no room for a follow-up: .* about [\d,]+ tokens/,
    );
    assert.deepEqual(chats(double), []);
    await set({ numCtx: 16_384 });
  });

  it('continue from a cancelled answer too', async () => {
    const from = channelLength();
    const gate = double.hold({ afterTokens: 1 });
    const running = run('followUp', { question: 'Why?' });
    await gate.reached;
    await answers(/\n\nAnswer/, from);
    await run('cancel');
    await running;
    gate.release();
    await run('followUp', { question: 'Go on.' });
    assert.equal(chats(double)[1]?.body.messages?.[4]?.content, 'Answer');
  });

  it('the last answer can be copied, and opened as a document', async () => {
    await run('copyAnswer');
    assert.equal(await vscode.env.clipboard.readText(), first);
    await run('openAnswer');
    const { document } = vscode.window.activeTextEditor!;
    assert.equal(document.languageId, 'markdown');
    assert.equal(document.getText(), first);
  });

  it('its only code block is inserted at the cursor, as one undo step; the selection is kept', async () => {
    const editor = await open(3, 4);
    const before = editor.document.getText();
    const place = editor.document.offsetAt(editor.selection.active);
    await run('insertAnswer');
    const inserted = 'const basket = new Basket();\nbasket.add(item);';
    assert.equal(editor.document.getText(), before.slice(0, place) + inserted + before.slice(place));
    await vscode.commands.executeCommand('undo');
    assert.equal(editor.document.getText(), before);
  });

  it('an answer without code is inserted as it is', async () => {
    await run('followUp', { question: 'Why?' });
    const editor = await open(13);
    await run('insertAnswer');
    assert.match(editor.document.getText(), /Answer 2\./);
  });
});

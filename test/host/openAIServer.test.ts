import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { after, afterEach, beforeEach, describe, it } from './runner.ts';
import { startDouble, type OllamaDouble } from '../support/double/index.ts';
import { answers, api, channelLength, code, connect, messageShown, open, run, set, status } from './world.ts';

const chatPath = '/v1/chat/completions';
const answer = 'It breaks.\n\n```js\nadd(item) {\n  if (item) this.items.push(item);\n}\n```\n';
const fixed = code.replace('    this.items.push(item);', '    if (item) this.items.push(item);');
const model = { name: 'qwen2.5-coder-7b-instruct' };

function proposal(): vscode.TextDocument | undefined {
  // A document that another test has closed may still exist.
  return vscode.window.visibleTextEditors
    .map(({ document }) => document)
    .find(({ uri }) => uri.scheme === 'codeworm-proposal');
}

describe('a server that speaks the protocol of OpenAI', () => {
  let double: OllamaDouble;

  beforeEach(async () => {
    double = await connect(
      { protocol: 'openai', models: [model], answer: () => answer },
      { 'completion.enabled': false },
    );
    await status('ready', ({ model: name }) => name === model.name);
  });
  afterEach(async () => {
    await double.close();
    await set({ serverType: 'auto' });
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('is recognized by its answers, and what it cannot do is not offered', async () => {
    const { facts } = await api();
    assert.equal(facts.capabilities?.product, 'llama-server');
    assert.equal(facts.adoptedNumCtx, 4096);
    assert.deepEqual(
      double.requests.filter(({ method }) => method !== 'GET'),
      [],
      'nothing of the user was sent to find that out',
    );
    const shown = messageShown('showInformationMessage');
    await run('checkHealth');
    const { message } = await shown;
    assert.match(
      message,
      /^llama-server b1-c2fd87e answers at .*; it has the model qwen2\.5-coder-7b-instruct/,
    );
  });

  it('answers questions, with its own count of tokens', async () => {
    await open(3, 5);
    const from = channelLength();
    await run('explain');
    const text = await answers('tokens/s', from);
    assert.match(text, /It breaks\./);
    assert.match(text, /\d+ tokens \(\d+ read, \d+ written\)/);
    assert.doesNotMatch(text, /Ollama/);
    const request = double.requests.find(({ path }) => path === chatPath)!;
    const [system, user] = request.body.messages!;
    assert.deepEqual([system?.role, user?.role], ['system', 'user']);
    assert.match(user?.content ?? '', /class Basket/);
  });

  it('proposes edits', async () => {
    const { document } = await open(3, 5);
    await run('fix');
    assert.equal(proposal()?.getText(), fixed);
    await run('acceptEdit');
    assert.equal(document.getText(), fixed);
  });

  it('fills the gap at the cursor while typing', async () => {
    await set({ 'completion.enabled': true });
    double.set({ answer: () => 'width * height;' });
    const head = 'export function area(width: number, height: number): number {\n  return ';
    const document = await vscode.workspace.openTextDocument({
      language: 'typescript',
      content: `${head}\n}\n`,
    });
    const editor = await vscode.window.showTextDocument(document);
    const at = document.positionAt(head.length);
    editor.selection = new vscode.Selection(at, at);
    await vscode.commands.executeCommand('editor.action.inlineSuggest.trigger');
    const request = await double.nextRequest(({ path }) => path === '/infill' || path === '/v1/completions');
    await request.finished;
    assert.ok(request.bodyText.includes('area(width: number'));
    while (!document.getText().includes('width * height;')) {
      await vscode.commands.executeCommand('editor.action.inlineSuggest.commit');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.equal(document.getText(), `${head}width * height;\n}\n`);
    await set({ 'completion.enabled': false });
  });

  it("is a model of VS Code's chat, with the abilities that it reports", async () => {
    const chat = vscode.workspace.getConfiguration('chat');
    await chat.update('disableAIFeatures', false, vscode.ConfigurationTarget.Global);
    let found: vscode.LanguageModelChat | undefined;
    while (!found) {
      found = (await vscode.lm.selectChatModels({ vendor: 'codeworm' })).find(({ id }) => id === model.name);
      if (!found) await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.ok(found.maxInputTokens > 0 && found.maxInputTokens < 4096, String(found.maxInputTokens));
    const response = await found.sendRequest([vscode.LanguageModelChatMessage.User('Hello?')]);
    let text = '';
    for await (const part of response.text) text += part;
    assert.equal(text, answer);
    const request = double.requests.findLast(({ path }) => path === chatPath)!;
    assert.equal(request.body.messages?.at(-1)?.content, 'Hello?');
    await chat.update('disableAIFeatures', undefined, vscode.ConfigurationTarget.Global);
  });

  it('is not called Ollama while it does not answer', async () => {
    await double.stop();
    const shown = messageShown('showWarningMessage');
    await run('checkHealth');
    const { message, buttons } = await shown;
    assert.match(message, /^Nothing answers at .*: start the server, or check the address/);
    assert.doesNotMatch([message, ...buttons].join(), /Ollama/);
    await double.start();
  });

  it('is Ollama again when the address is one of Ollama, with /v1 at its end', async () => {
    const ollama = await startDouble({ answer: () => 'from Ollama' });
    await set({ baseUrl: `${ollama.url}/v1` });
    await status('idle');
    assert.equal((await api()).facts.capabilities?.product, 'Ollama');
    await open(3, 5);
    await run('explain');
    await answers('from Ollama');
    await ollama.close();
  });

  it('is asked in the way that the setting says, whatever it could do besides', async () => {
    await set({ serverType: 'ollama' });
    await status('error');
    assert.equal((await api()).facts.capabilities?.product, 'Ollama');
    await set({ serverType: 'openai' });
    await status('ready');
  });
});

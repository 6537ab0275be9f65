/** The models of the server in VS Code's chat, as extensions see them: `lm.selectChatModels` and `sendRequest`. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { after, afterEach, before, describe, it } from './runner.ts';
import type { DoubleOptions, OllamaDouble, RecordedRequest } from '../support/double/index.ts';
import { api, connect, open, pressInDialog, run, set, status } from './world.ts';

const GB = 1e9;
const tool: vscode.LanguageModelChatTool = {
  name: 'read_file',
  description: 'Reads a file.',
  inputSchema: { type: 'object', properties: { filePath: { type: 'string' } }, required: ['filePath'] },
};
const agent = { name: 'agent:latest', sizeBytes: 2 * GB, capabilities: ['completion', 'tools', 'vision'] };
const models = [
  agent,
  { name: 'tiny:latest', sizeBytes: GB, capabilities: ['completion'] },
  { name: 'vectors:latest', capabilities: ['embedding'] },
  { name: 'coder:1b-base', capabilities: ['completion', 'insert'] },
  { name: 'raw:latest', capabilities: ['completion'], template: '{{ .Prompt }}' },
];
const user = (text: string): vscode.LanguageModelChatMessage => vscode.LanguageModelChatMessage.User(text);
const isChat = ({ path }: RecordedRequest): boolean => path === '/api/chat';
const select = (): Thenable<vscode.LanguageModelChat[]> => vscode.lm.selectChatModels({ vendor: 'codeworm' });

describe("VS Code's chat", () => {
  let double: OllamaDouble;
  const chat = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('chat');
  const { Global } = vscode.ConfigurationTarget;
  before(() => Promise.resolve(chat().update('disableAIFeatures', false, Global)));
  after(() => Promise.resolve(chat().update('disableAIFeatures', undefined, Global)));
  afterEach(async () => {
    await set({ numPredict: 4096, numCtx: 16_384, model: '' });
    await double.close();
  });

  async function begin(options: DoubleOptions = {}, settings: Record<string, unknown> = {}): Promise<void> {
    double = await connect({ models, ...options }, settings);
    await status('idle');
  }

  async function model(name: string): Promise<vscode.LanguageModelChat> {
    for (;;) {
      const found = (await select()).find(({ id }) => id === name);
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  const chats = (): RecordedRequest[] => double.requests.filter(isChat);

  async function answerOf(response: vscode.LanguageModelChatResponse): Promise<unknown[]> {
    const parts: unknown[] = [];
    for await (const part of response.stream) parts.push(part);
    return parts;
  }

  async function ask(
    name: string,
    messages: vscode.LanguageModelChatMessage[] = [user('Hello?')],
    options: vscode.LanguageModelChatRequestOptions = {},
    token?: vscode.CancellationToken,
  ): Promise<{ text: string; parts: unknown[] }> {
    const response = await (await model(name)).sendRequest(messages, options, token);
    const parts = await answerOf(response);
    const texts = parts.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : ''));
    return { text: texts.join(''), parts };
  }

  it('offers the models that can answer, with what they can do and how much they read', async () => {
    await begin();
    await model('agent:latest');
    const found = await select();
    assert.deepEqual(found.map(({ id }) => id).toSorted(), ['agent:latest', 'tiny:latest']);
    assert.deepEqual(new Set(found.map(({ maxInputTokens }) => maxInputTokens)), new Set([16_384 - 4096]));
    await set({ numCtx: 8192, numPredict: 1024 });
    await until(async () => (await select()).every(({ maxInputTokens }) => maxInputTokens === 8192 - 1024));
  });

  it('notices what comes and goes: a deleted model, a pulled one, another server', async () => {
    await begin();
    await model('agent:latest');
    double.setModels([{ ...agent, name: 'new:latest' }]);
    await run('checkHealth');
    await until(async () => (await select()).map(({ id }) => id).join() === 'new:latest');
    const other = double;
    await begin({ models: [{ ...agent, name: 'elsewhere:latest' }] });
    await until(async () => (await select()).map(({ id }) => id).join() === 'elsewhere:latest');
    await other.close();
  });

  it('streams an answer, counts tokens without the server, and never loads the model again', async () => {
    await begin({ answer: () => ['One', ' two', ' three.'] }, { model: 'agent:latest' });
    const { text } = await ask('agent:latest', [user('Hello'), user('there?')]);
    assert.equal(text, 'One two three.');
    const [first] = chats();
    assert.deepEqual(first?.body['messages'], [{ role: 'user', content: 'Hello\n\nthere?' }]);
    assert.equal(first.body['truncate'], false);
    const before = double.requests.length;
    const tokens = await (await model('agent:latest')).countTokens('const value = compute(first, second);');
    assert.ok(tokens > 5 && tokens < 30, String(tokens));
    assert.equal(
      double.requests.slice(before).filter(({ path }) => path !== '/api/tags' && path !== '/api/ps').length,
      0,
    );
    await open(8);
    await run('explain');
    await ask('agent:latest');
    assert.equal(double.loads.length, 1);
  });

  it('passes calls, results and pictures on, in the order of the calls', async () => {
    await begin({
      toolCalls: ({ lastRole }) =>
        lastRole === 'tool'
          ? []
          : [
              { name: 'read_file', arguments: { filePath: '/a' } },
              { name: 'read_file', arguments: { filePath: '/b' } },
            ],
    });
    const { parts } = await ask('agent:latest', [user('Read.')], { tools: [tool] });
    const calls = parts.filter((part) => part instanceof vscode.LanguageModelToolCallPart);
    assert.deepEqual(
      calls.map(({ name, input }) => [name, input]),
      [
        ['read_file', { filePath: '/a' }],
        ['read_file', { filePath: '/b' }],
      ],
    );
    const results = calls.toReversed().map(({ callId }, index) => {
      return new vscode.LanguageModelToolResultPart(callId, [
        new vscode.LanguageModelTextPart(`result ${index}`),
      ]);
    });
    await ask(
      'agent:latest',
      [
        user('Read.'),
        vscode.LanguageModelChatMessage.Assistant(calls),
        vscode.LanguageModelChatMessage.User(results),
      ],
      { tools: [tool] },
    );
    const messages = chats().at(-1)?.body['messages'] as {
      role: string;
      content: string;
      tool_name?: string;
    }[];
    assert.deepEqual(
      messages.map(({ role, content, tool_name }) => [role, content, tool_name]),
      [
        ['user', 'Read.', undefined],
        ['assistant', '', undefined],
        ['tool', 'result 1', 'read_file'],
        ['tool', 'result 0', 'read_file'],
      ],
    );
  });

  it('makes calls of what a model has written as text, if it was offered and fits', async () => {
    const call = '{"name": "read_file", "arguments": {"filePath": "/a"}}';
    await begin({ toolCalls: () => [], answer: () => `Well.\n<tool_call>${call}</tool_call>` });
    const { text, parts } = await ask('agent:latest', [user('Read.')], { tools: [tool] });
    assert.equal(text, 'Well.\n');
    const last = parts.at(-1);
    assert.ok(last instanceof vscode.LanguageModelToolCallPart);
    assert.deepEqual([last.name, last.input], ['read_file', { filePath: '/a' }]);
    double.set({ answer: () => call.replace('read_file', 'delete_file') });
    assert.match((await ask('agent:latest', [user('Read.')], { tools: [tool] })).text, /delete_file/);
  });

  it('shows what it is doing in the status bar, and ends at once when it is cancelled there or in the chat', async () => {
    await begin({ answer: () => ['One', ' two', ' three'] });
    for (const how of ['token', 'command'] as const) {
      const source = new vscode.CancellationTokenSource();
      const gate = double.hold({ afterTokens: 1 }, isChat);
      const asking = ask('agent:latest', [user('Hello?')], {}, source.token);
      asking.catch(() => undefined);
      const request = await gate.reached;
      const working = await status('working', ({ activity }) => activity.phase === 'writing');
      assert.equal(working.model, 'agent:latest');
      if (how === 'token') source.cancel();
      else await run('cancel');
      await request.closed;
      assert.equal(request.state, 'cancelled');
      gate.release();
      await until(() => Promise.resolve(api().then(({ status: now }) => now.kind !== 'working')));
    }
  });

  it('says what went wrong in the words of the commands, with a button', async () => {
    await begin({}, { model: 'tiny:latest' });
    const gone = await model('agent:latest');
    double.setModels([models[1]!]);
    const shown = messageOf('showErrorMessage');
    await assert.rejects(answered(gone), /model "agent:latest" is not installed/);
    assert.deepEqual((await shown).buttons, ['Pull agent:latest', 'Select Model']);
    double.set({ answer: () => 'one two three four five' });
    await set({ numPredict: 2 });
    const cut = messageOf('showErrorMessage');
    await assert.rejects(ask('tiny:latest'), /Cut at the token limit/);
    assert.deepEqual((await cut).buttons, ['Change Token Limit']);
    double.set({ answer: () => '' });
    await assert.rejects(ask('tiny:latest'), /No answer came: the model "tiny:latest" wrote nothing/);
    assert.notEqual((await api()).status.kind, 'error', 'nothing is wrong with the server');
  });

  const answered = async (one: vscode.LanguageModelChat): Promise<unknown> =>
    answerOf(await one.sendRequest([user('Hello?')]));

  it('never cuts what is too long: it says what it needs, and enlarges the window by a button', async () => {
    const models = [{ ...agent, memoryPerTokenBytes: 100_000 }];
    await begin({ models, answer: () => 'Yes.' }, { numCtx: 2048, numPredict: 512 });
    const shown = messageOf('showErrorMessage', /^Window of/);
    await assert.rejects(
      ask('agent:latest', [user('word '.repeat(5000))]),
      /needs about [\d,]+ tokens, and the context window has 2,048/,
    );
    const { buttons } = await shown;
    assert.match(buttons[0] ?? '', /^Window of [\d,]+ Tokens \([\d.]+ [MG]B More Memory\)$/);
    assert.deepEqual(buttons.slice(1), ['New Chat', 'Fewer Tools']);
    await until(async () => vscode.workspace.getConfiguration('codeworm').get<number>('numCtx')! > 2048);
    await ask('agent:latest', [user('word '.repeat(5000))]);
  });

  it('asks before anything goes to a cloud model, and records who has asked', async () => {
    const cloud = {
      ...agent,
      name: 'big:120b-cloud',
      remoteHost: 'https://ollama.com',
      remoteModel: 'big:120b',
    };
    await begin({ models: [...models, cloud] }, { model: 'tiny:latest' });
    await model('big:120b-cloud');
    const dialog = pressInDialog('nothing');
    await assert.rejects(ask('big:120b-cloud'), /Nothing was sent to https:\/\/ollama\.com/);
    assert.match((await dialog).detail, /The model big:120b-cloud does not run on your Ollama/);
    assert.equal(chats().length, 0);
    await ask('tiny:latest');
    await run('showWhereCodeWasSent');
    const report = vscode.window.activeTextEditor?.document.getText() ?? '';
    const row = report.split('\n').find((line) => line.includes(`:${double.port}`));
    assert.match(row ?? '', /codeworm\.codeworm: 1/);
    assert.match(report, /Of them in the chat/);
  });

  it('sends the same tools in the same bytes, however they are listed', async () => {
    await begin();
    const other = { ...tool, name: 'a_tool' };
    await ask('agent:latest', undefined, { tools: [tool, other] });
    await ask('agent:latest', undefined, { tools: [other, tool] });
    const [first, second] = chats().map(({ body }) => JSON.stringify(body['tools']));
    assert.equal(first, second);
  });
});

/** The next error message; presses the button with this name, if given. */
function messageOf(kind: 'showErrorMessage', press?: RegExp): Promise<{ text: string; buttons: string[] }> {
  const { window } = vscode;
  const original = window[kind];
  return new Promise((resolve) => {
    window[kind] = (async (text: string, ...buttons: string[]) => {
      window[kind] = original;
      resolve({ text, buttons });
      return buttons.find((button) => press?.test(button));
    }) as never;
  });
}

async function until(test: () => Promise<boolean>): Promise<void> {
  while (!(await test())) await new Promise((resolve) => setTimeout(resolve, 50));
}

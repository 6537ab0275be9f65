import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { afterEach, describe, it } from './runner.ts';
import type { DoubleOptions, Fault, OllamaDouble } from '../support/double/index.ts';
import { api, connect, generations, isGeneration, open, pressInDialog, run, set, status } from './world.ts';

const thinker = { name: 'tiny:latest', sizeBytes: 1e9, capabilities: ['completion', 'thinking'] };
const lines = (...values: object[]): Fault => ({
  kind: 'respond',
  status: 200,
  headers: { 'Content-Type': 'application/x-ndjson' },
  body: values
    .map((value) => `${JSON.stringify({ model: 'tiny:latest', response: '', ...value })}\n`)
    .join(''),
});
const refuse = (status: number, body: object): Fault => ({
  kind: 'respond',
  status,
  headers: { 'Content-Type': 'application/json; charset=utf-8' },
  body: JSON.stringify(body),
});
const thoughtOnly = lines(
  { thinking: 'wondering', done: false },
  { done: true, done_reason: 'length', eval_count: 100, prompt_eval_count: 14 },
);

interface Message {
  text: string;
  buttons: string[];
}

/** The next error message, whose button is pressed for the user. */
function nextMessage(kind: 'showErrorMessage' | 'showInformationMessage', press?: string): Promise<Message> {
  const { window } = vscode;
  const original = window[kind];
  return new Promise((resolve) => {
    window[kind] = (async (text: string, ...buttons: string[]) => {
      window[kind] = original;
      resolve({ text, buttons });
      return buttons.find((button) => button === press);
    }) as never;
  });
}

describe('refusals and answers without text', () => {
  let double: OllamaDouble;
  afterEach(async () => {
    await set({ think: 'auto', models: {}, temperature: 0.3, model: '', numPredict: 4096 });
    await vscode.commands.executeCommand('notifications.clearAll');
    await double.close();
  });

  async function begin(options: DoubleOptions = {}, settings: Record<string, unknown> = {}): Promise<void> {
    double = await connect({ models: [thinker], ...options }, settings);
    await status('idle');
    await open(3);
  }

  async function refusedBy(fault: Fault): Promise<Message> {
    await begin();
    void double.faultNext(isGeneration, fault);
    const message = nextMessage('showErrorMessage');
    await run('explain');
    return message;
  }

  it("a quota: one request, the server's message, the page that it names", async () => {
    const error =
      'you (bob) have reached your weekly usage limit, upgrade for higher limits: https://ollama.com/upgrade';
    const { text, buttons } = await refusedBy(refuse(429, { error }));
    assert.ok(text.includes(error), text);
    assert.doesNotMatch(text, /busy/i);
    assert.deepEqual(buttons, ['Open ollama.com', 'Select Model']);
    assert.equal(generations(double).length, 1);
  });

  it('a sign-in: a button for ollama.com, and only text for any other host', async () => {
    const listed = await refusedBy(
      refuse(401, { error: 'unauthorized', signin_url: 'https://ollama.com/connect?name=x&key=a%2Bb' }),
    );
    assert.deepEqual(listed.buttons, ['Sign In', 'Select Model']);
    await double.close();
    const other = await refusedBy(
      refuse(401, { error: 'unauthorized', signin_url: 'https://evil.test/connect' }),
    );
    assert.deepEqual(other.buttons, ['Select Model']);
    assert.match(other.text, /https:\/\/evil\.test\/connect, which is not a page of ollama\.com/);
  });

  for (const [name, fault, says] of [
    [
      'a call of a tool',
      lines(
        { tool_calls: [{ function: { name: 'x', arguments: {} } }] },
        { done: true, done_reason: 'stop' },
      ),
      /No answer came: .*called a tool \("x"\)/,
    ],
    ['a load', lines({ done: true, done_reason: 'load' }), /No answer came: the server only loaded/],
    ['nothing at all', lines({ done: true, done_reason: 'stop' }), /No answer came: .*wrote nothing/],
  ] as const)
    it(`${name} instead of an answer is reported, with a button that asks again`, async () => {
      const { text, buttons } = await refusedBy(fault);
      assert.match(text, says);
      assert.equal(buttons[0], 'Try Again');
      assert.equal((await api()).status.kind === 'error', false, 'nothing is wrong with the server');
    });

  it('only thinking: without thinking, the same question is answered', async () => {
    await begin();
    void double.faultNext(isGeneration, thoughtOnly);
    const message = nextMessage('showErrorMessage', 'Without Thinking');
    await run('explain');
    const { text, buttons } = await message;
    assert.match(text, /needed all of its 100 tokens for thinking/);
    assert.deepEqual(buttons, ['Without Thinking', 'Longer', 'Select Model']);
    await until(() => generations(double).length === 2);
    const [first, second] = generations(double).map(({ body }) => body);
    assert.deepEqual([first?.['think'], second?.['think']], [undefined, false]);
    assert.equal(first?.['prompt'], second?.['prompt'], 'thinking changes nothing of the prompt');
    await status('ready');
    assert.equal(double.loads.length, 1, 'and reloads nothing');
  });

  it('only thinking: Longer allows twice as many tokens', async () => {
    await begin({}, { numPredict: 100 });
    void double.faultNext(isGeneration, thoughtOnly);
    const message = nextMessage('showErrorMessage', 'Longer');
    await run('explain');
    await message;
    await until(() => generations(double).length === 2);
    const sent = generations(double).map(({ body }) => (body.options as { num_predict: number }).num_predict);
    assert.deepEqual(sent, [100, 200]);
  });

  it('a task uses its own model, and thinks only where it helps', async () => {
    await begin(
      { models: [thinker, { ...thinker, name: 'coder:latest', modifiedAt: '2020-01-01T00:00:00Z' }] },
      { model: 'tiny:latest', models: { edits: 'coder:latest' }, temperature: null, keepAlive: null },
    );
    const gate = double.hold('firstToken', isGeneration);
    const improving = run('improve');
    await gate.reached;
    const working = await status('working', ({ model }) => model === 'coder:latest');
    assert.equal(working.model, 'coder:latest');
    gate.release();
    await improving;
    await run('explain');
    const [edit, question] = generations(double).map(({ body }) => body);
    assert.deepEqual(
      [edit, question].map((body) => [body?.['model'], body?.['think'], 'keep_alive' in body!]),
      [
        ['coder:latest', false, false],
        ['tiny:latest', undefined, false],
      ],
    );
    assert.equal('temperature' in (edit?.['options'] ?? {}), false);
  });

  it("the approval names the requested model, also a task's own", async () => {
    const cloud = { name: 'big:120b-cloud', remoteHost: 'https://ollama.com', remoteModel: 'big:120b' };
    await begin({ models: [thinker, cloud] }, { models: { edits: 'big:120b-cloud' } });
    const dialog = pressInDialog('nothing');
    await run('improve');
    const { message, detail } = await dialog;
    assert.match(message, /https:\/\/ollama\.com/);
    assert.match(detail, /The model big:120b-cloud does not run on your Ollama/);
    assert.equal(generations(double).length, 0);
  });

  it('the list of models shows which ones cannot answer', async () => {
    await begin({
      models: [
        thinker,
        { name: 'coder:1b-base', capabilities: ['completion', 'insert'] },
        { name: 'vectors:latest', capabilities: ['embedding'] },
      ],
    });
    const { window } = vscode;
    const original = window.createQuickPick;
    const shown = new Promise<vscode.QuickPick<vscode.QuickPickItem>>((resolve) => {
      window.createQuickPick = (() => {
        window.createQuickPick = original;
        const pick = original.call(window);
        const show = pick.show.bind(pick);
        pick.show = () => (show(), resolve(pick));
        return pick;
      }) as never;
    });
    const selecting = run('selectModel');
    const pick = await shown;
    const detailOf = (name: string): string =>
      pick.items.find(({ label }) => label.endsWith(name))?.detail ?? '';
    assert.match(detailOf('coder:1b-base'), /base model: completes text/);
    assert.match(detailOf('vectors:latest'), /makes embeddings, cannot answer/);
    assert.doesNotMatch(detailOf('tiny:latest'), /base model|embeddings/);
    pick.hide();
    await selecting;
  });

  it("a model that refuses the user's thinking value is asked without it, with one message", async () => {
    await begin({ models: [{ ...thinker, capabilities: ['completion'] }] }, { think: 'on' });
    const message = nextMessage('showInformationMessage');
    await run('explain');
    const { text, buttons } = await message;
    assert.match(text, /tiny:latest does not think as the setting codeworm\.think says/);
    assert.deepEqual(buttons, ['Open Setting']);
    await run('explain');
    assert.deepEqual(
      generations(double).map(({ body }) => body['think']),
      [true, undefined, undefined],
    );
  });

  it('base models are not chosen, with a message when there is nothing else', async () => {
    const base = [
      { name: 'qwen2.5-coder:1.5b-base', capabilities: ['completion', 'insert'] },
      { name: 'starcoder2:3b', capabilities: ['completion'] },
    ];
    double = await connect({
      models: [...base, { name: 'llama3.2:3b', modifiedAt: '2020-01-01T00:00:00Z' }],
    });
    assert.equal((await status('idle')).model, 'llama3.2:3b');
    double.setModels(base);
    await set({ numPredict: 4095 });
    const { problem } = await status('noModel', (found) => found.problem !== undefined);
    assert.match(problem?.message ?? '', /qwen2\.5-coder:1\.5b-base, starcoder2:3b/);
  });
});

async function until(test: () => boolean): Promise<void> {
  while (!test()) await new Promise((resolve) => setTimeout(resolve, 30));
}

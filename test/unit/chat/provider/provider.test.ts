/** Answers in VS Code's chat, by requester and result. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { seen, vscode } from './fakeVscode.ts';
import {
  agent,
  ask,
  begin,
  chats,
  isChat,
  list,
  other,
  sent,
  tools,
  world,
  type Model,
} from './providerWorld.ts';

describe('who asks', () => {
  test("another extension waits behind the user's own requests", async () => {
    const model = await begin();
    const gate = world.double.hold('firstToken', isChat);
    const own = ask(model, { text: 'own' });
    await gate.reached;
    const theirs = ask(model, { by: other, text: 'theirs' });
    const second = ask(model, { text: 'own again' });
    await world.double.nextRequest(({ bodyText }) => bodyText.includes('own again'));
    assert.ok(!JSON.stringify(chats()).includes('theirs'), 'nothing of it has gone out');
    gate.release();
    await Promise.all([own.done, second.done, theirs.done]);
    assert.match(JSON.stringify(chats().at(-1)), /theirs/);
  });

  test('another extension gets all of its tools, may set a temperature, and fails without a message', async () => {
    const model = await begin();
    await ask(model, { by: other, options: { tools, modelOptions: { temperature: 0, _private: 1 } } }).done;
    assert.deepEqual([chats()[0]?.tools?.length, chats()[0]?.options.temperature], [tools.length, 0]);
    world.double.set({ answer: () => '' });
    await assert.rejects(ask(model, { by: other }).done, /wrote nothing/);
    assert.deepEqual(seen.messages, []);
  });

  test('the record of sent prompts has the name of the requester, if VS Code reports it', async () => {
    const model = await begin();
    await ask(model).done;
    await ask(model, { by: other }).done;
    await ask(model, { options: { requestInitiator: undefined } }).done;
    assert.deepEqual(sent, [
      [world.double.url, 'core'],
      [world.double.url, other],
      [world.double.url, undefined],
    ]);
  });

  test('only the user is asked to approve a cloud model, before anything is sent', async () => {
    const cloud = { ...agent, name: 'big:120b-cloud', remoteHost: 'https://ollama.test', remoteModel: 'big' };
    await begin({ models: [agent, cloud] });
    const big = (await list()).find(({ id }) => id === cloud.name)!;
    assert.equal(big.detail, 'runs on https://ollama.test');
    await assert.rejects(ask(big, { by: other }).done, {
      code: 'NoPermissions',
      message: /Nothing was sent/,
    });
    assert.deepEqual([seen.dialogs, seen.messages], [[], []]);
    await assert.rejects(ask(big).done, /Nothing was sent to https:\/\/ollama\.test/);
    assert.deepEqual(seen.dialogs, [
      { text: 'Let CodeWorm send your code to https://ollama.test?', buttons: ['Approve'] },
    ]);
    assert.equal(chats().length, 0);
    seen.press = /^Approve$/;
    await ask(big).done;
    assert.deepEqual(sent, [
      [world.double.url, 'core'],
      ['https://ollama.test', 'core'],
    ]);
  });
});

describe('messages for the user', () => {
  test('once, which tools are left out in a small context window', async () => {
    const model = await begin();
    for (let turn = 0; turn < 2; turn++)
      await ask(model, { options: { tools, modelOptions: { temperature: 0 } } }).done;
    assert.deepEqual(
      chats()[0]?.tools?.map(({ function: { name } }) => name),
      ['list_dir', 'read_file', 'run_in_terminal'],
    );
    assert.notEqual(chats()[0]?.options.temperature, 0, 'the settings decide');
    assert.equal(world.changes, 0, 'what VS Code was told is still true');
    assert.equal(seen.messages.length, 1);
    assert.match(seen.messages[0]!.text, /leaves out 2: memory, vscode_renameSymbol\./);
    assert.deepEqual(seen.messages[0]!.buttons, ['Open Setting']);
  });

  test('for a conversation that does not fit: its size, a larger context window with its memory, a new chat', async () => {
    const model = await begin(
      { models: [{ ...agent, memoryPerTokenBytes: 100_000, contextLength: 131_072 }] },
      { numCtx: 4096, numPredict: 512 },
    );
    seen.press = /^Window of/;
    const { done, parts } = ask(model, { text: 'word '.repeat(9000), options: { tools } });
    await assert.rejects(
      done,
      /needs about [\d,]{5,} tokens, and the context window has 4,096: use a larger window/,
    );
    assert.deepEqual(parts, []);
    const shown = seen.messages.at(-1)!;
    assert.equal(shown.buttons[0], 'Window of 24,576 Tokens (2 GB More Memory)');
    assert.deepEqual(shown.buttons.slice(1), ['New Chat']);
    assert.deepEqual(seen.settings[0]?.slice(0, 2), ['numCtx', 24_576]);
    assert.equal(chats().at(-1)?.options.num_ctx, 4096, 'nothing was cut, nothing loaded again');
  });

  test('that tools can be left out, if the setting sends all', async () => {
    const model = await begin({}, { numCtx: 2048 });
    await assert.rejects(ask(model, { text: 'word '.repeat(5000) }).done, /needs about/);
    assert.deepEqual(seen.messages.at(-1)!.buttons.slice(1), ['New Chat', 'Fewer Tools']);
  });

  test('that a model is missing, that an answer is cut, with the buttons of the commands', async () => {
    const model = await begin({ answer: () => 'one two three four five' }, { numPredict: 2 });
    await assert.rejects(ask(model).done, { message: /Cut at the token limit/, stack: '' });
    assert.deepEqual(seen.messages.at(-1)?.buttons, ['Change Token Limit']);
    world.double.setModels([{ ...agent, name: 'other:latest' }]);
    await world.client.installedModels();
    const message = /"agent:latest" is not installed/;
    await assert.rejects(ask(model, { by: other }).done, { code: 'NotFound', message });
    await assert.rejects(ask(model).done, { name: 'Error', message, stack: '' });
    assert.deepEqual(seen.messages.at(-1)?.buttons, ['Pull agent:latest', 'Select Model']);
  });
});

describe('the tokens that VS Code counts', () => {
  const count = (model: Model, text: string): number => world.provider.tokenCount(model, text);
  const { description } = tools[0]!;

  test('are none for the descriptions of tools if the short list is sent', async () => {
    vscode.lm.tools = tools;
    const model = await begin();
    assert.equal(count(model, description), 0, 'likely before the first request');
    assert.ok(count(model, `${description}!`) > 1000);
    await ask(model, { options: { tools } }).done;
    assert.equal(count(model, description), 0);
    assert.equal(model.maxInputTokens, 16_384 - 4096, 'the window less the answer, whatever the tools');
  });

  test('are those of the whole text if all tools are sent, or the window is large enough', async () => {
    vscode.lm.tools = tools;
    const model = await begin({}, { numCtx: 131_072 });
    assert.ok(count(model, description) > 1000);
    await ask(model, { options: { tools } }).done;
    assert.ok(count(model, description) > 1000);
  });
});

describe('an answer', () => {
  test('is cancelled by VS Code, and by our own command; the connection closes at once', async () => {
    const model = await begin({ answer: () => ['One', ' two'] });
    for (const how of ['token', 'command']) {
      const source = new vscode.CancellationTokenSource();
      const gate = world.double.hold({ afterTokens: 1 }, isChat);
      const { done } = ask(model, { source });
      done.catch(() => undefined);
      const request = await gate.reached;
      if (how === 'token') source.cancel();
      else world.queue.cancel('running');
      await assert.rejects(done, (error) => error instanceof vscode.CancellationError);
      await request.closed;
      assert.equal(request.state, 'cancelled');
      gate.release();
    }
    assert.deepEqual(seen.messages, []);
  });

  test('shows thinking as thinking', async () => {
    const model = await begin({ thinking: () => 'Hm.', answer: () => 'Yes.' });
    const { parts, done } = ask(model);
    await done;
    const of = (kind: new (value: unknown) => { value: unknown }): string =>
      parts.map((part) => (part instanceof kind ? part.value : '')).join('');
    assert.deepEqual(
      [of(vscode.LanguageModelThinkingPart), of(vscode.LanguageModelTextPart)],
      ['Hm.', 'Yes.'],
    );
  });
});

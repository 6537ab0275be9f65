// VS Code's own chat and its agent on a model of the server, signed out, with the default context window.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Locator } from 'playwright-core';
import { startDouble, type OllamaDouble, type RecordedRequest } from '../support/double/index.ts';
import { contextSizeText } from '../support/double/problems.ts';
import { openSampleWindow, sample, type SampleWindow } from '../support/sampleWindow.ts';
import type { Window } from '../support/vscode/window.ts';

const agent = {
  name: 'agent:latest',
  sizeBytes: 2e9,
  contextLength: 131_072,
  memoryPerTokenBytes: 50_000,
  capabilities: ['completion', 'tools'],
};
const oldText = 'known.quantity';
const newText = 'known.count';
/** English text and JSON have more characters per token with every usual vocabulary. */
const charsPerToken = 3.5;
const isChat = ({ path }: RecordedRequest): boolean => path === '/api/chat';

interface Body {
  messages: { role: string; content: string; tool_name?: string }[];
  tools?: { function: { name: string } }[];
  options: { num_ctx: number };
}
const bodyOf = ({ body }: RecordedRequest): Body => body as unknown as Body;

describe("VS Code's chat, signed out", () => {
  let double: OllamaDouble;
  let opened: SampleWindow;
  let window: Window;

  before(async () => {
    double = await startDouble({
      models: [agent],
      toolCalls: () => [],
      answer: () => 'The file has **one** class.',
    });
    opened = await openSampleWindow(
      {
        'codeworm.baseUrl': double.url,
        'codeworm.prewarm': false,
        'chat.disableAIFeatures': false,
        'chat.tools.edits.autoApprove': { '**/*': true },
      },
      { size: { width: 1400, height: 900 }, builtIn: 'all' },
    );
    window = opened.window;
  });

  after(async () => {
    await opened?.close();
    await double?.close();
  });

  const view = (): Locator => window.page.locator('.interactive-session').first();
  const input = (): Locator => view().locator('.chat-input-container .monaco-editor .view-lines').first();
  const answers = (text: string | RegExp): Locator =>
    view().locator('.interactive-response').filter({ hasText: text }).last();
  /** The requests of the agent: titles and the like have no tools. */
  const turns = (): RecordedRequest[] =>
    double.requests.filter((one) => isChat(one) && (bodyOf(one).tools ?? []).length > 0);
  const offer = (): Locator => window.dialog().getByRole('button', { name: 'Change Settings', exact: true });

  /** Waits for something to be seen; what is there instead is in a picture. */
  async function seen(what: Locator): Promise<void> {
    try {
      await what.waitFor({ timeout: 30_000 });
    } catch (error) {
      await window.screenshot('chat-failed');
      throw error;
    }
  }

  async function ask(text: string): Promise<void> {
    const { keyboard } = window.page;
    const shown = text.slice(0, 12);
    // Messages cover the input.
    await window.command('Notifications: Clear All Notifications');
    await input().click({ timeout: 30_000 });
    await keyboard.type(shown, { delay: 10 });
    await seen(input().filter({ hasText: shown }));
    await keyboard.insertText(text.slice(shown.length));
    await keyboard.press('Enter');
    await seen(view().locator('.interactive-request').filter({ hasText: shown }).last());
  }

  it('Chat With Your Model offers to do without signing in; the first question is answered', async () => {
    await window.command('CodeWorm: Chat With Your Model');
    await seen(offer());
    await window.screenshot('chat-offer');
    await offer().click();
    // The name of the model takes the place of a word for all of them.
    await seen(view().locator('.chat-input-toolbars').filter({ hasText: 'agent:latest' }));
    await input().waitFor();
    await ask('Hello.');
    await seen(answers('The file has one class'));
    await window.screenshot('chat-first');
    assert.equal(await answers('Please try again').count(), 0);
  });

  it('the first request of the agent has essential tools only, and less than 6,000 tokens', () => {
    const [first] = turns();
    assert.ok(first);
    const { messages, tools = [], options } = bodyOf(first);
    assert.equal(options.num_ctx, 16_384);
    const names = tools.map((tool) => tool.function.name);
    for (const name of ['read_file', 'replace_string_in_file', 'run_in_terminal', 'grep_search'])
      assert.ok(names.includes(name), names.join());
    assert.ok(names.length < 15, names.join());
    const chars = JSON.stringify(tools).length + messages.map(({ content }) => content).join('').length;
    assert.ok(chars > 10_000, 'it is the request of the agent');
    assert.ok(chars / charsPerToken < 6000, `${Math.ceil(chars / charsPerToken)} tokens`);
  });

  it('an agent reads a file and edits it with the tools of VS Code, and the edit is on the disk', async () => {
    const path = join(opened.folder, sample.file);
    const read = { name: 'read_file', arguments: { filePath: path, startLine: 1, endLine: 40 } };
    const steps = [
      read,
      {
        name: 'replace_string_in_file',
        arguments: {
          filePath: path,
          oldString: lineWith(path, oldText),
          newString: lineWith(path, oldText).replace(oldText, newText),
        },
      },
      read,
    ];
    double.set({
      toolCalls: ({ request }) => {
        const { messages } = bodyOf(request);
        const lastUser = messages.findLastIndex(({ role }) => role === 'user');
        const done = messages.slice(lastUser).filter(({ role }) => role === 'tool').length;
        return steps.slice(done, done + 1);
      },
      answer: () => 'I have renamed it.',
    });
    await ask(`Rename the quantity in ${sample.file}.`);
    await seen(answers('I have renamed it.'));
    await window.screenshot('chat-agent');
    const results = bodyOf(turns().at(-1)!).messages.filter(({ role }) => role === 'tool');
    assert.equal(results.length, 3, 'the conversation was not compacted');
    assert.match(results[0]!.content, /class Inventory/);
    await until(() => readFileSync(path, 'utf8').includes(newText));
    assert.equal(double.loads.length, 1);
    assert.ok(double.requests.filter(isChat).every((one) => !/summary of the entire/.test(one.bodyText)));
    double.set({ toolCalls: () => [] });
  });

  it('Cancel closes the connection at once', async () => {
    double.set({ answer: () => ['One', ' two', ' three'] });
    const gate = double.hold({ afterTokens: 2 }, ({ bodyText }) => bodyText.includes('Count slowly'));
    await ask('Count slowly.');
    const request = await gate.reached;
    await view()
      .locator('.chat-input-toolbars .codicon-stop-circle, .chat-input-toolbars .codicon-debug-stop')
      .first()
      .click();
    assert.equal(await request.finished, 'cancelled');
    gate.release();
  });

  it('what is too long is said in a sentence, with a larger window and a new chat', async () => {
    // The server counts more than VS Code and we have estimated.
    void double.faultNext((request) => isChat(request) && request.bodyText.includes('All of it?'), {
      kind: 'respond',
      status: 400,
      body: JSON.stringify({ error: contextSizeText(17_000, 16_384) }),
    });
    await ask('All of it?');
    await seen(answers(/needs about [\d,]+ tokens, and the context window has 16,384/));
    const message = await window.notification(/needs about/);
    await window.screenshot('chat-too-long');
    await message.getByRole('button', { name: 'New Chat' }).waitFor();
    await message.getByRole('button', { name: /^Window of 24,576 Tokens \(.* More Memory\)/ }).click();
    double.set({ answer: () => 'That is longer.' });
    await ask('Once more.');
    await seen(answers('That is longer.'));
    assert.ok(bodyOf(turns().at(-1)!).options.num_ctx > 16_384);
  });

  it('a model that was deleted meanwhile is named, with buttons', async () => {
    double.setModels([{ ...agent, name: 'other:latest' }]);
    await ask('And now?');
    await seen(answers(/"agent:latest" is not installed/));
    assert.doesNotMatch((await answers('is not installed').textContent()) ?? '', /extensionHost/);
    const message = await window.notification(/"agent:latest" is not installed/);
    await message.getByRole('button', { name: 'Pull agent:latest' }).waitFor();
    await window.screenshot('chat-deleted');
    double.setModels([agent]);
  });

  it('Stop puts the settings back: the next time it offers again', async () => {
    await window.command('CodeWorm: Stop Chat Without Signing In');
    await window.notification(/are again what they were/);
    await window.command('CodeWorm: Check Health');
    await window.command('CodeWorm: Chat With Your Model');
    await seen(offer());
  });
});

function lineWith(path: string, text: string): string {
  return readFileSync(path, 'utf8')
    .split('\n')
    .find((line) => line.includes(text))!;
}

async function until(test: () => boolean): Promise<void> {
  while (!test()) await new Promise((resolve) => setTimeout(resolve, 50));
}

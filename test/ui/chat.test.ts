// VS Code's own chat and its agent on a model of the server, signed out.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Locator } from 'playwright-core';
import { startDouble, type OllamaDouble, type RecordedRequest } from '../support/double/index.ts';
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
const isChat = ({ path }: RecordedRequest): boolean => path === '/api/chat';

interface Body {
  messages: { role: string; content: string; tool_name?: string }[];
  tools?: { function: { name: string } }[];
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
        'codeworm.numCtx': 65536,
        'chat.disableAIFeatures': false,
        'chat.allowAnonymousAccess': true,
        'chat.tools.edits.autoApprove': { '**/*': true },
      },
      { size: { width: 1400, height: 900 }, builtIn: 'all' },
    );
    window = opened.window;
    await openChat();
    // VS Code sets its chat up with the first request, and may ask to try again.
    await ask('Hello.');
    await seen(answers(/The file has one class|Please try again/));
  });

  after(async () => {
    await opened?.close();
    await double?.close();
  });

  const view = (): Locator => window.page.locator('.interactive-session').first();
  const input = (): Locator => view().locator('.chat-input-container .monaco-editor .view-lines').first();
  const answers = (text: string | RegExp): Locator =>
    view().locator('.interactive-response').filter({ hasText: text }).last();
  const chats = (): RecordedRequest[] => double.requests.filter(isChat);
  /** The requests of the agent: titles and the like have no tools. */
  const turns = (): RecordedRequest[] => chats().filter((one) => (bodyOf(one).tools ?? []).length > 0);

  async function openChat(): Promise<void> {
    await window.page.keyboard.press('Control+Alt+i');
    await input().waitFor();
    // The name of the model takes the place of a word for all of them.
    await view().locator('.chat-input-toolbars').filter({ hasText: 'agent:latest' }).waitFor();
  }

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
    await keyboard.insertText(text.slice(shown.length));
    await seen(input().filter({ hasText: shown }));
    await keyboard.press('Enter');
    await seen(view().locator('.interactive-request').filter({ hasText: shown }).last());
  }

  it('an agent reads a file and edits it with the tools of VS Code, and the edit is on the disk', async () => {
    const path = join(opened.folder, sample.file);
    const steps = [
      { name: 'read_file', arguments: { filePath: path, startLine: 1, endLine: 40 } },
      {
        name: 'replace_string_in_file',
        arguments: {
          filePath: path,
          oldString: lineWith(path, oldText),
          newString: lineWith(path, oldText).replace(oldText, newText),
        },
      },
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
    const read = bodyOf(turns().at(-1)!).messages.find(({ role }) => role === 'tool');
    assert.match(read?.content ?? '', /class Inventory/);
    await until(() => readFileSync(path, 'utf8').includes(newText));
    assert.equal(double.loads.length, 1);
    double.set({ toolCalls: () => [] });
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

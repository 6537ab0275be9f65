import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { OllamaDouble, RecordedRequest } from '../support/double/index.ts';
import { after, before, describe, it } from './runner.ts';
import { code, connect, status } from './world.ts';

interface Asked {
  metadata?: { turns: { prompt: string; answer: string }[] };
  errorDetails?: { message: string };
}

/** VS Code's chat starts with its first question. */
const patience = { timeoutMs: 60_000 };

const folder = (): vscode.Uri => vscode.workspace.workspaceFolders![0]!.uri;
const fileIn = (path: string): vscode.Uri => vscode.Uri.joinPath(folder(), path);
const files = { 'shop/basket.js': code, 'shop/rules.js': 'export const limit = 3;\n' };

const promptsOf = (double: OllamaDouble): string[] =>
  double.requests.flatMap(({ path, body }: RecordedRequest) => {
    if (path === '/api/chat') return [body.messages?.at(-1)?.content ?? ''];
    return path === '/api/generate' && body.prompt ? [body.prompt] : [];
  });

/** Asks in the real chat, and waits for the answer. */
async function ask(query: string, attachFiles: unknown[] = []): Promise<Asked> {
  const options = { query, attachFiles, mode: 'ask', blockOnResponse: true };
  return vscode.commands.executeCommand<Asked>('workbench.action.chat.open', options);
}

describe('@codeworm through VS Code', () => {
  let double: OllamaDouble;
  const chat = vscode.workspace.getConfiguration('chat');

  before(async () => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder().fsPath, path)), { recursive: true });
      writeFileSync(join(folder().fsPath, path), text);
    }
    await chat.update('disableAIFeatures', false, vscode.ConfigurationTarget.Global);
    let count = 0;
    double = await connect({ answer: () => `Answer ${++count}.` });
    await status('idle');
    await vscode.lm.selectChatModels({});
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.chat.newChat');
    await chat.update('disableAIFeatures', undefined, vscode.ConfigurationTarget.Global);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    rmSync(join(folder().fsPath, 'shop'), { recursive: true, force: true });
    await double.close();
  });

  it('answers about every file and selection that is attached', async () => {
    const range = { startLineNumber: 4, startColumn: 1, endLineNumber: 6, endColumn: 4 };
    const result = await ask('@codeworm /review', [
      { uri: fileIn('shop/basket.js'), range },
      fileIn('shop/rules.js'),
    ]);
    assert.deepEqual(
      result.metadata?.turns.map(({ answer }) => answer),
      ['Answer 1.'],
      JSON.stringify(result),
    );
    const [prompt] = promptsOf(double);
    assert.match(prompt!, /File: `shop\/basket\.js`[^]*File: `shop\/rules\.js`[^]*limit = 3/);
    assert.match(
      prompt!,
      /- lines 4-6 of the file `shop\/basket\.js`\n- the whole file `shop\/rules\.js`\n\nReview/,
    );
  });

  it(
    'keeps the conversation word for word, and sends no code twice',
    async () => {
      const result = await ask('@codeworm Why?', [fileIn('shop/rules.js')]);
      const { body } = double.requests.findLast(({ path }) => path === '/api/chat')!;
      const [, first, answer, next] = body.messages!;
      assert.equal(first!.content, promptsOf(double)[0]);
      assert.equal(answer!.content, 'Answer 1.');
      assert.equal(
        next!.content,
        'Your task is about the whole file `shop/rules.js`.\n\nAnswer this question about the file:\n\nWhy?',
      );
      assert.equal(result.metadata?.turns[0]?.prompt, next!.content);
    },
    patience,
  );
});

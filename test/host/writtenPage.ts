// Shared by the suites of pages: an answer that streams without a pause, and the page made from it.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as vscode from 'vscode';

export const heading = '## Responsibility and Purpose\n\n';
export const folder = (): string => vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
/**
 * A new folder for each test, because VS Code keeps documents for a while after their editors were closed.
 */
let turn = 0;

/** Settings for the next test. */
export const nextFolder = (): Record<string, unknown> => ({ 'pages.folder': `docs/turn-${++turn}` });
export const pagesFolder = (): string => `docs/turn-${turn}`;
export const file = (name = 'class-Basket.md'): string => join(folder(), pagesFolder(), name);

/** Writes numbered words without a pause, so that a missing or repeated one is noticed. */
export class Writer {
  written = 0;
  private isEnough = false;

  async *words(): AsyncGenerator<string> {
    yield heading;
    while (!this.isEnough) {
      this.written++;
      yield `word${this.written}${this.written % 9 === 0 ? '.\n\n' : ' '}`;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    yield 'Done.\n';
  }

  enough(): void {
    this.isEnough = true;
  }
}

export function pages(): vscode.TextDocument[] {
  return vscode.workspace.textDocuments.filter(
    ({ languageId, uri, isClosed }) =>
      !isClosed && languageId === 'markdown' && uri.path.includes(`/${pagesFolder()}/`),
  );
}

/** Resolves with the page, in whichever document, once it contains a text. */
export function pageWith(pattern: RegExp, scheme = /./): Promise<vscode.TextDocument> {
  const found = (): vscode.TextDocument | undefined =>
    pages().find((document) => scheme.test(document.uri.scheme) && pattern.test(document.getText()));
  return new Promise((resolve) => {
    const look = (): void => {
      const page = found();
      if (!page) return;
      vscode.Disposable.from(...subscriptions).dispose();
      resolve(page);
    };
    const subscriptions = [
      vscode.workspace.onDidChangeTextDocument(look),
      vscode.workspace.onDidOpenTextDocument(look),
    ];
    look();
  });
}

/** Asserts that all words occur once and in order. */
export function assertWhole(text: string, count: number): void {
  const words = [...text.matchAll(/\bword(\d+)\b/g)].map(([, number]) => Number(number));
  const wrong = words.findIndex((number, index) => number !== index + 1);
  assert.equal(wrong, -1, `behind word${words[wrong - 1]} comes word${words[wrong]}`);
  assert.equal(words.length, count);
}

export function tabOf({ uri }: vscode.TextDocument): vscode.Tab {
  const tab = vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .find(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri.toString());
  assert.ok(tab);
  return tab;
}

/** Saves like a reader, in the page's editor. */
export async function saveInEditor(page: vscode.TextDocument): Promise<void> {
  await vscode.window.showTextDocument(page, { viewColumn: vscode.ViewColumn.Two });
  await vscode.commands.executeCommand('workbench.action.files.save');
}

export async function configure(values: Record<string, unknown>): Promise<() => Promise<void>> {
  const all = vscode.workspace.getConfiguration();
  for (const [name, value] of Object.entries(values))
    await all.update(name, value, vscode.ConfigurationTarget.Global);
  return async () => {
    for (const name of Object.keys(values))
      await all.update(name, undefined, vscode.ConfigurationTarget.Global);
  };
}

import * as vscode from 'vscode';
import { placeAt } from './placeInDocument.ts';
import type { SuggestionProvider } from './provider.ts';
import type { Suggester } from './suggester.ts';

/** Milliseconds. After this time, the user may start to type at the cursor's position. */
const restMs = 500;

/** Makes the server read the text before the cursor when a file is opened or the cursor stays elsewhere. */
export class Warmer implements vscode.Disposable {
  private readonly provider: SuggestionProvider;
  private readonly suggester: Suggester;
  private readonly subscriptions: vscode.Disposable;
  private timer: NodeJS.Timeout | undefined;

  constructor(provider: SuggestionProvider, suggester: Suggester) {
    this.provider = provider;
    this.suggester = suggester;
    this.subscriptions = vscode.Disposable.from(
      vscode.window.onDidChangeActiveTextEditor((editor) => this.schedule(editor)),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => this.schedule(textEditor)),
    );
    this.schedule(vscode.window.activeTextEditor);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.subscriptions.dispose();
  }

  /** Each key moves the cursor, so nothing is read in advance while the user types. */
  private schedule(editor: vscode.TextEditor | undefined): void {
    clearTimeout(this.timer);
    this.timer = editor && setTimeout(() => void this.warm(editor), restMs);
  }

  private async warm({ document, selection }: vscode.TextEditor): Promise<void> {
    if (!vscode.window.state.focused || document.isClosed) return;
    if (await this.provider.refusalOf(document)) return;
    const place = placeAt(document, selection.active);
    if (!this.provider.refusalAt({ ...place, byHand: true })) await this.suggester.warm(place);
  }
}

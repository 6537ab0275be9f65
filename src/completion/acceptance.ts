import * as vscode from 'vscode';
import type { SuggestionFigures } from './figures.ts';
import { acceptedCommand } from './provider.ts';

/** What is gone sooner was not read by anybody. */
const shownAfterMs = 250;
/** Accepted text that is still there then was worth something. */
const keptAfterMs = 30_000;

/** Counts what is shown, accepted, and still there after a while. */
export class Acceptance implements vscode.Disposable {
  private readonly figures: SuggestionFigures;
  private readonly subscription: vscode.Disposable;
  private readonly checks = new Set<NodeJS.Timeout>();
  private showing: NodeJS.Timeout | undefined;

  constructor(figures: SuggestionFigures) {
    this.figures = figures;
    this.subscription = vscode.commands.registerCommand(
      acceptedCommand,
      (document: string, offset: number, text: string) => this.accepted(document, offset, text),
    );
  }

  /** One is handed to VS Code; another one within a moment takes its place. */
  shown(): void {
    clearTimeout(this.showing);
    this.showing = setTimeout(() => this.figures.shown(), shownAfterMs);
  }

  dispose(): void {
    clearTimeout(this.showing);
    for (const timer of this.checks) clearTimeout(timer);
    this.subscription.dispose();
  }

  private accepted(uri: string, offset: number, text: string): void {
    this.figures.accepted();
    const timer = setTimeout(() => {
      this.checks.delete(timer);
      this.check(uri, offset, text);
    }, keptAfterMs);
    this.checks.add(timer);
  }

  /** Somewhere near, because lines above may have come or gone; ends of lines and blanks do not count. */
  private check(uri: string, offset: number, text: string): void {
    const document = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri);
    if (!document) return;
    const around = new vscode.Range(
      document.positionAt(Math.max(0, offset - text.length - 2_000)),
      document.positionAt(offset + 2 * text.length + 2_000),
    );
    this.figures.checked(plain(document.getText(around)).includes(plain(text)));
  }
}

function plain(text: string): string {
  return text.replaceAll(/\s+/g, '');
}

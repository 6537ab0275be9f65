import * as vscode from 'vscode';
import type { SuggestionFigures } from './figures.ts';
import { acceptedCommand } from './provider.ts';

/** Milliseconds. A suggestion that disappears sooner was not read. */
const shownAfterMs = 250;
/** Milliseconds. Accepted text that is still there afterwards was useful. */
const keptAfterMs = 30_000;

/** Counts suggestions shown, accepted, and kept. */
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

  /** Called for each suggestion that VS Code gets. A later one within a moment replaces it. */
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

  /** Searches nearby, because lines above may have changed. Line ends and spaces do not count. */
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

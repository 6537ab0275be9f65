import * as vscode from 'vscode';
import type { Configuration } from '../config/configuration.ts';
import { documentPath } from '../editor/documentPath.ts';
import type { Neighbor } from './engine/index.ts';
import type { Exclusions } from './exclusions.ts';
import { declarationText, importedNames } from './imports.ts';
import { RecentPieces, withinBudget } from './recentPieces.ts';
import { holdsPrivateKey } from './secrets.ts';

/** Milliseconds that the language server may take to find the declarations of imported names. */
const longestWaitMs = 300;
/** Most characters of a file in which imports and pieces are searched. */
const mostChars = 400_000;
const rememberedDocuments = 30;

/**
 * Pieces of other files for the beginning of a prompt: declarations of imported names, then recently edited
 * or visited code. They are collected when the user opens a file and stay the same until the user leaves it.
 */
export class NeighborContext implements vscode.Disposable {
  private readonly configuration: Configuration;
  private readonly exclusions: Exclusions;
  private readonly isOn: () => boolean;
  private readonly recent = new RecentPieces();
  private readonly known = new Map<string, Promise<readonly Neighbor[]>>();
  private readonly subscriptions: vscode.Disposable;
  private active: vscode.TextEditor | undefined;

  /** @param isOn whether suggestions are on: otherwise nothing is remembered */
  constructor(configuration: Configuration, exclusions: Exclusions, isOn: () => boolean) {
    this.isOn = isOn;
    this.configuration = configuration;
    this.exclusions = exclusions;
    this.active = vscode.window.activeTextEditor;
    this.subscriptions = vscode.window.onDidChangeActiveTextEditor((editor) => {
      if (editor === undefined || editor === this.active) return;
      void this.left(this.active);
      this.active = editor;
      this.known.delete(editor.document.uri.toString());
    });
  }

  /** @param chars most characters, from the time that reading them may take */
  async of(uri: string, chars: number): Promise<readonly Neighbor[]> {
    const found = this.known.get(uri) ?? this.find(uri, chars);
    if (this.known.size >= rememberedDocuments && !this.known.has(uri)) this.known.clear();
    this.known.set(uri, found);
    return found;
  }

  /** Forgets all pieces. */
  clear(): void {
    this.recent.clear();
    this.known.clear();
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private async find(uri: string, chars: number): Promise<readonly Neighbor[]> {
    const document = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri);
    if (!document || document.getText().length > mostChars) return [];
    const timeout = new Promise<Neighbor[]>((resolve) => setTimeout(() => resolve([]), longestWaitMs));
    const declared = await Promise.race([this.declarations(document).catch(() => []), timeout]);
    return withinBudget([...declared, ...this.recent.besides(pathOf(document))], chars);
  }

  private async declarations(document: vscode.TextDocument): Promise<Neighbor[]> {
    const names = importedNames(document.getText());
    const found = await Promise.all(
      names.map(({ line, character }) => declarationOf(document, line, character)),
    );
    const neighbors: Neighbor[] = [];
    for (const location of found) {
      const neighbor = location && (await this.pieceAt(document, location));
      if (neighbor && !neighbors.some(({ text }) => text === neighbor.text)) neighbors.push(neighbor);
    }
    return neighbors;
  }

  /** Only from the workspace's own files, and from none that is excluded. */
  private async pieceAt(
    { uri }: vscode.TextDocument,
    location: vscode.Location,
  ): Promise<Neighbor | undefined> {
    if (location.uri.toString() === uri.toString() || !vscode.workspace.getWorkspaceFolder(location.uri))
      return undefined;
    const other = await vscode.workspace.openTextDocument(location.uri);
    if (await this.exclusions.refusalOf(other, this.configuration.current)) return undefined;
    const text = declarationText(other.getText(), location.range.start.line);
    return holdsPrivateKey(text) ? undefined : { path: documentPath(other), text };
  }

  private async left(editor: vscode.TextEditor | undefined): Promise<void> {
    if (!editor || editor.document.isClosed || !this.isOn()) return;
    const { document, selection } = editor;
    const text = document.getText();
    if (text.length > mostChars || holdsPrivateKey(text)) return;
    if (await this.exclusions.refusalOf(document, this.configuration.current)) return;
    this.recent.left(pathOf(document), text, selection.active.line);
  }
}

/** The cells of one notebook are joined anyway. */
function pathOf(document: vscode.TextDocument): string {
  return documentPath(document).replace(/ \(cell \d+\)$/, '');
}

async function declarationOf(
  { uri }: vscode.TextDocument,
  line: number,
  character: number,
): Promise<vscode.Location | undefined> {
  const found = await vscode.commands.executeCommand<(vscode.Location | vscode.LocationLink)[]>(
    'vscode.executeDefinitionProvider',
    uri,
    new vscode.Position(line, character),
  );
  const [first] = found;
  if (!first) return undefined;
  return 'targetUri' in first
    ? new vscode.Location(first.targetUri, first.targetSelectionRange ?? first.targetRange)
    : first;
}

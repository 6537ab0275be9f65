import * as vscode from 'vscode';

const stateKey = 'unfinishedPages';

/** A page that is being written. */
export interface UnfinishedPage {
  /** Records that it is now in this document. */
  moveTo(uri: vscode.Uri): void;
  /** Records that nothing more will be written. */
  end(): void;
}

/**
 * Remembers which pages are being written, for the next start of VS Code: when a window closes meanwhile, VS
 * Code restores the text, but the writing does not continue.
 */
export class UnfinishedPages {
  private readonly state: vscode.Memento;
  private readonly pages = new Set<{ uri: string }>();
  /** From an earlier session: documents that do not say yet that they are incomplete. */
  readonly left: readonly string[];

  /** @param state of the workspace */
  constructor(state: vscode.Memento) {
    this.state = state;
    const stored: unknown = state.get(stateKey);
    this.left = Array.isArray(stored) ? stored.filter((uri) => typeof uri === 'string') : [];
  }

  begin(uri: vscode.Uri): UnfinishedPage {
    const page = { uri: uri.toString() };
    this.pages.add(page);
    this.store();
    return {
      moveTo: (next) => {
        page.uri = next.toString();
        this.store();
      },
      end: () => {
        if (this.pages.delete(page)) this.store();
      },
    };
  }

  /** Adds a remark to the pages of an earlier session. Skips files that cannot be opened any more. */
  async complete(): Promise<void> {
    for (const uri of this.left) await addRemark(vscode.Uri.parse(uri, true)).catch(() => undefined);
    this.store();
  }

  private store(): void {
    const uris = [...this.pages].map(({ uri }) => uri);
    void this.state.update(stateKey, uris.length > 0 ? uris : undefined);
  }
}

async function addRemark(uri: vscode.Uri): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  const text = document.getText();
  if (text.trim() === '') return;
  const remark = vscode.l10n.t('This page is not complete: VS Code was closed while it was written.');
  const edit = new vscode.WorkspaceEdit();
  edit.insert(uri, document.positionAt(text.length), `\n\n> **${remark}**\n`);
  await vscode.workspace.applyEdit(edit);
  if (uri.scheme !== 'untitled') await document.save();
}

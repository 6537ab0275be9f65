import * as vscode from 'vscode';
import { schemes } from '../contributions.ts';
import { setContextKey } from '../ui/contextKeys.ts';
import { applied, reanchored, type TextChange } from '../code/reanchor.ts';
import { showInfo, showWarning } from '../ui/notifications.ts';
import { lossMessage } from '../ui/characterMessages.ts';
import { lostCharacters, nameOf } from './encoding.ts';

/** Changes to a document that are shown before they are made. */
export interface ProposalRequest {
  document: vscode.TextDocument;
  /** The document's text for which the changes were made. */
  original: string;
  /** With offsets in `original`, without overlaps. */
  changes: readonly TextChange[];
  /** The action that made them, such as "Fix". */
  title: string;
  /** A longer title for the diff. */
  heading?: string;
}

interface Proposal extends Omit<ProposalRequest, 'document'> {
  /** The document to change. */
  uri: vscode.Uri;
  /** The document's text with the changes applied. Updated with the document. */
  content: string;
}

/** The result of applying the changes. `lossy`: the file's encoding cannot represent some characters. */
export type Acceptance = 'done' | 'gone' | 'changed' | 'refused' | 'lossy';

/** The scheme of the read-only virtual documents with the changed text. */
const proposalScheme = schemes.proposal;

/**
 * Proposed changes, each shown as a diff between the document and its changed text. The document is not
 * modified before `accept`. While the user edits it, the changes move with the text, so that the diff always
 * shows what `accept` will do. Closing the diff discards them.
 */
export class Proposals implements vscode.Disposable, vscode.TextDocumentContentProvider {
  private readonly waiting = new Map<string, Proposal>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly subscriptions: vscode.Disposable;
  /** The proposals that had a tab when the tabs were last checked. */
  private opened = new Set<string>();
  private count = 0;

  readonly onDidChange = this.changed.event;

  constructor() {
    this.subscriptions = vscode.Disposable.from(
      this.changed,
      vscode.workspace.registerTextDocumentContentProvider(proposalScheme, this),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.follow(document)),
      vscode.window.tabGroups.onDidChangeTabs(() => this.forgetClosed()),
      vscode.window.tabGroups.onDidChangeTabGroups(() => this.setProposalContext()),
    );
    // VS Code reopens diffs of an earlier session, but their proposals no longer exist.
    void closeTabs(tabsOf(() => true));
  }

  /** Opens the diff. Undefined when the document has changed so much that the changes no longer fit. */
  async propose({
    document,
    original,
    changes,
    title,
    heading,
  }: ProposalRequest): Promise<vscode.Uri | undefined> {
    const target = await reopened(document.uri);
    const placed = target && reanchored(original, target.getText(), changes);
    if (!placed) return undefined;
    const { uri } = target;
    const shown = uri.with({ scheme: proposalScheme, authority: '', query: `${++this.count}`, fragment: '' });
    const content = applied(target.getText(), placed);
    this.waiting.set(shown.toString(), { uri, original, changes, title, content });
    const name = shown.path.slice(shown.path.lastIndexOf('/') + 1);
    await this.show(shown, target, heading ?? vscode.l10n.t('{0} by CodeWorm: {1}', title, name));
    if (target.getText() !== original) notifyMoved(target);
    const { encoding, lost } = await this.lossOf(shown);
    if (lost.length > 0) showWarning(lossMessage(nameOf(target), encoding, lost));
    return shown;
  }

  /** For `TextDocumentContentProvider`. */
  provideTextDocumentContent(shown: vscode.Uri): string {
    return this.waiting.get(shown.toString())?.content ?? '';
  }

  /** The proposal of a button, else of the active diff, else of the only visible diff. */
  proposalFor(button?: unknown): vscode.Uri | undefined {
    const clicked = button instanceof vscode.Uri ? this.waiting.has(button.toString()) : false;
    if (clicked) return button as vscode.Uri;
    const active = proposedBy(vscode.window.tabGroups.activeTabGroup.activeTab);
    const visible = vscode.window.tabGroups.all.flatMap(({ activeTab }) => proposedBy(activeTab) ?? []);
    return active ?? (visible.length === 1 ? visible[0] : undefined);
  }

  /** Brings the diff of the newest proposal to the front of its group. */
  async reveal(): Promise<void> {
    const tabs = tabsOf((uri) => this.waiting.has(uri.toString()));
    const newest = tabs.toSorted((one, other) => numberOf(one) - numberOf(other)).at(-1);
    if (!(newest?.input instanceof vscode.TabInputTextDiff)) return;
    const { original, modified } = newest.input;
    const place = { viewColumn: newest.group.viewColumn, preview: false };
    await vscode.commands.executeCommand('vscode.diff', original, modified, newest.label, place);
  }

  /** The characters of a proposal that its document's encoding cannot represent. */
  async lossOf(shown: vscode.Uri): Promise<{ encoding: string; lost: string[] }> {
    const proposal = this.waiting.get(shown.toString());
    return proposal ? lossOf(proposal) : { encoding: '', lost: [] };
  }

  /**
   * Applies the changes as one undo step and closes the diff. The diff stays open when they cannot be
   * applied.
   * @param mayLose the user accepts that saving replaces characters that the encoding cannot represent
   */
  async accept(shown: vscode.Uri, mayLose = false): Promise<Acceptance> {
    const key = shown.toString();
    const proposal = this.waiting.get(key);
    if (!proposal) return 'gone';
    // A second key press must not apply the changes again.
    this.waiting.delete(key);
    const acceptance = mayLose || (await lossOf(proposal)).lost.length === 0 ? await make(proposal) : 'lossy';
    if (acceptance === 'done') await this.discard(shown);
    else this.waiting.set(key, proposal);
    return acceptance;
  }

  /** Discards the changes and closes the diff. */
  async discard(shown: vscode.Uri): Promise<void> {
    this.waiting.delete(shown.toString());
    await closeTabs(tabsOf((uri) => uri.toString() === shown.toString()));
    this.setProposalContext();
  }

  dispose(): void {
    this.waiting.clear();
    this.subscriptions.dispose();
    void closeTabs(tabsOf(() => true));
  }

  private async show(shown: vscode.Uri, document: vscode.TextDocument, heading: string): Promise<void> {
    const proposed = await vscode.workspace.openTextDocument(shown);
    if (proposed.languageId !== document.languageId)
      await vscode.languages.setTextDocumentLanguage(proposed, document.languageId);
    await vscode.commands.executeCommand('vscode.diff', document.uri, shown, heading, whereToShow(document));
    this.setProposalContext();
  }

  /** Updates the proposals of a document as long as their changes still fit. */
  private follow(document: vscode.TextDocument): void {
    for (const [shown, proposal] of this.waiting) {
      if (proposal.uri.toString() !== document.uri.toString()) continue;
      const now = document.getText();
      const changes = reanchored(proposal.original, now, proposal.changes);
      if (!changes) continue;
      proposal.content = applied(now, changes);
      this.changed.fire(vscode.Uri.parse(shown, true));
    }
  }

  /** A moved tab is closed and opened again at once: a proposal is discarded only when it has no tab left. */
  private forgetClosed(): void {
    const open = new Set(tabsOf(() => true).flatMap((tab) => proposedBy(tab)?.toString() ?? []));
    for (const shown of this.opened) if (!open.has(shown)) this.waiting.delete(shown);
    this.opened = open;
    this.setProposalContext();
  }

  private setProposalContext(): void {
    const isActive = proposedBy(vscode.window.tabGroups.activeTabGroup.activeTab) !== undefined;
    setContextKey('codeworm.proposalOpen', this.waiting.size > 0);
    setContextKey('codeworm.proposalActive', isActive);
  }
}

async function lossOf({ uri, changes }: Proposal): Promise<{ encoding: string; lost: string[] }> {
  const document = await reopened(uri);
  if (!document) return { encoding: '', lost: [] };
  const lost = await lostCharacters(document, changes.map(({ text }) => text).join(''));
  return { encoding: document.encoding, lost };
}

/** Applies the changes and reveals them. */
async function make({ uri, original, changes }: Proposal): Promise<Acceptance> {
  const document = await reopened(uri);
  if (!document) return 'gone';
  const placed = reanchored(original, document.getText(), changes);
  if (!placed) return 'changed';
  const edit = new vscode.WorkspaceEdit();
  for (const change of placed) edit.replace(document.uri, rangeOf(document, change), change.text);
  if (!(await vscode.workspace.applyEdit(edit))) return 'refused';
  const position = document.positionAt(Math.min(...placed.map(({ start }) => start)));
  const selection = new vscode.Range(position, position);
  await vscode.window.showTextDocument(document, { ...columnOf(uri), selection });
  return 'done';
}

/** Opens a closed file again. A closed untitled document no longer exists. */
export async function reopened(uri: vscode.Uri): Promise<vscode.TextDocument | undefined> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open || uri.scheme === 'untitled') return open;
  try {
    return await vscode.workspace.openTextDocument(uri);
  } catch {
    return undefined;
  }
}

/** Says that the new code was put at the moved position, because the document has changed. Does not wait. */
export function notifyMoved(document: vscode.TextDocument): void {
  const name = nameOf(document);
  showInfo(vscode.l10n.t('{0} has changed since you asked; the new code goes where its place is now.', name));
}

export function rangeOf(document: vscode.TextDocument, { start, end }: TextChange): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}

/**
 * Options that show the document where it is open; beside and without focus if the user is in another
 * document.
 */
function whereToShow({ uri }: vscode.TextDocument): vscode.TextDocumentShowOptions {
  const active = vscode.window.activeTextEditor?.document.uri;
  const isThere = active === undefined || active.scheme === 'output' || active.toString() === uri.toString();
  return isThere
    ? { preview: false, ...columnOf(uri) }
    : { preview: false, preserveFocus: true, viewColumn: vscode.ViewColumn.Beside };
}

function columnOf(uri: vscode.Uri): { viewColumn?: vscode.ViewColumn } {
  const group = vscode.window.tabGroups.all.find(({ tabs }) =>
    tabs.some(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri.toString()),
  );
  return group ? { viewColumn: group.viewColumn } : {};
}

/** Later proposals have larger numbers. */
function numberOf(tab: vscode.Tab): number {
  return Number(proposedBy(tab)?.query);
}

/** The proposal shown in a tab; undefined for every other tab. */
function proposedBy(tab: vscode.Tab | undefined): vscode.Uri | undefined {
  const input = tab?.input;
  return input instanceof vscode.TabInputTextDiff && input.modified.scheme === proposalScheme
    ? input.modified
    : undefined;
}

function tabsOf(wanted: (shown: vscode.Uri) => boolean): vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter((tab) => {
      const shown = proposedBy(tab);
      return shown !== undefined && wanted(shown);
    });
}

async function closeTabs(tabs: vscode.Tab[]): Promise<void> {
  if (tabs.length > 0) await vscode.window.tabGroups.close(tabs).then(undefined, () => false);
}

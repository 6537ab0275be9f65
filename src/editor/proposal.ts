import * as vscode from 'vscode';
import { schemes } from '../contributions.ts';
import { setContextKey } from '../ui/contextKeys.ts';
import { applied, reanchored, type TextChange } from '../code/reanchor.ts';
import { showInfo, showWarning } from '../ui/notifications.ts';
import { lossMessage } from '../ui/characterMessages.ts';
import { lostCharacters, nameOf } from './encoding.ts';

/** Changes to a document, to be shown before they are made. */
export interface ProposalRequest {
  document: vscode.TextDocument;
  /** The document's text that the changes were made for. */
  original: string;
  /** Their offsets are those of `original`; they do not overlap. */
  changes: readonly TextChange[];
  /** What made them, such as "Fix". */
  title: string;
  /** The title of the diff, where it has to say more. */
  heading?: string;
}

interface Proposal extends Omit<ProposalRequest, 'document'> {
  /** Of the document that is to be changed. */
  uri: vscode.Uri;
  /** What the document would be; changes with it. */
  content: string;
}

/** What has become of an attempt to make the changes; `lossy`: the file's encoding lacks characters of them. */
export type Acceptance = 'done' | 'gone' | 'changed' | 'refused' | 'lossy';

/** Of the documents that show what would be: read-only, and never on a disk. */
const proposalScheme = schemes.proposal;

/**
 * Changes that wait for the user's word, each as a diff of the document and what it would be. The document
 * is not touched before `accept`. While it changes, the changes follow their places in it, so that what is
 * shown is what will be made. Closing the diff discards them.
 */
export class Proposals implements vscode.Disposable, vscode.TextDocumentContentProvider {
  private readonly waiting = new Map<string, Proposal>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly subscriptions: vscode.Disposable;
  /** What has a tab, as of the last look. */
  private opened = new Set<string>();
  private count = 0;

  readonly onDidChange = this.changed.event;

  constructor() {
    this.subscriptions = vscode.Disposable.from(
      this.changed,
      vscode.workspace.registerTextDocumentContentProvider(proposalScheme, this),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.follow(document)),
      vscode.window.tabGroups.onDidChangeTabs(() => this.forgetClosed()),
      vscode.window.tabGroups.onDidChangeTabGroups(() => this.tellContext()),
    );
    // Diffs of an earlier run: VS Code reopens them, but nothing is behind them any more.
    void closeTabs(tabsOf(() => true));
  }

  /** Opens the diff; undefined when the document has changed so much that the changes have no place in it. */
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

  /** For VS Code. */
  provideTextDocumentContent(shown: vscode.Uri): string {
    return this.waiting.get(shown.toString())?.content ?? '';
  }

  /** The proposal that the user means: that of a button, else the one in the active or only visible diff. */
  proposalFor(button?: unknown): vscode.Uri | undefined {
    const clicked = button instanceof vscode.Uri ? this.waiting.has(button.toString()) : false;
    if (clicked) return button as vscode.Uri;
    const active = proposedBy(vscode.window.tabGroups.activeTabGroup.activeTab);
    const visible = vscode.window.tabGroups.all.flatMap(({ activeTab }) => proposedBy(activeTab) ?? []);
    return active ?? (visible.length === 1 ? visible[0] : undefined);
  }

  /** Which characters of a proposal the encoding of its document lacks. */
  async lossOf(shown: vscode.Uri): Promise<{ encoding: string; lost: string[] }> {
    const proposal = this.waiting.get(shown.toString());
    return proposal ? lossOf(proposal) : { encoding: '', lost: [] };
  }

  /**
   * Makes the changes, in one step for Undo, and closes the diff; it stays where they cannot be made.
   * @param mayLose the user knows that saving replaces characters that the file's encoding lacks
   */
  async accept(shown: vscode.Uri, mayLose = false): Promise<Acceptance> {
    const key = shown.toString();
    const proposal = this.waiting.get(key);
    if (!proposal) return 'gone';
    // Whoever presses the key twice means it once.
    this.waiting.delete(key);
    const acceptance = mayLose || (await lossOf(proposal)).lost.length === 0 ? await make(proposal) : 'lossy';
    if (acceptance === 'done') await this.discard(shown);
    else this.waiting.set(key, proposal);
    return acceptance;
  }

  /** Forgets the changes and closes the diff. */
  async discard(shown: vscode.Uri): Promise<void> {
    this.waiting.delete(shown.toString());
    await closeTabs(tabsOf((uri) => uri.toString() === shown.toString()));
    this.tellContext();
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
    this.tellContext();
  }

  /** What is shown keeps up with the document as long as the changes have a place in it. */
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

  /** A tab that moves to another group is open all the time: only what has no tab left is closed. */
  private forgetClosed(): void {
    const open = new Set(tabsOf(() => true).flatMap((tab) => proposedBy(tab)?.toString() ?? []));
    for (const shown of this.opened) if (!open.has(shown)) this.waiting.delete(shown);
    this.opened = open;
    this.tellContext();
  }

  private tellContext(): void {
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

/** Makes the changes, and shows where. */
async function make({ uri, original, changes }: Proposal): Promise<Acceptance> {
  const document = await reopened(uri);
  if (!document) return 'gone';
  const placed = reanchored(original, document.getText(), changes);
  if (!placed) return 'changed';
  const edit = new vscode.WorkspaceEdit();
  for (const change of placed) edit.replace(document.uri, rangeOf(document, change), change.text);
  if (!(await vscode.workspace.applyEdit(edit))) return 'refused';
  const place = document.positionAt(Math.min(...placed.map(({ start }) => start)));
  const selection = new vscode.Range(place, place);
  await vscode.window.showTextDocument(document, { ...columnOf(uri), selection });
  return 'done';
}

/** A file that was closed is read again; an untitled document that was closed is gone for good. */
export async function reopened(uri: vscode.Uri): Promise<vscode.TextDocument | undefined> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open || uri.scheme === 'untitled') return open;
  try {
    return await vscode.workspace.openTextDocument(uri);
  } catch {
    return undefined;
  }
}

/** For changes that have followed their place. Does not wait. */
export function notifyMoved(document: vscode.TextDocument): void {
  const name = nameOf(document);
  showInfo(vscode.l10n.t('{0} has changed since you asked; the new code goes where its place is now.', name));
}

export function rangeOf(document: vscode.TextDocument, { start, end }: TextChange): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}

/** Where the document is; whoever has gone on to another one keeps the focus and what they see there. */
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

/** What the tab's diff proposes; undefined for every other tab. */
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

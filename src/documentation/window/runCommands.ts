import * as vscode from 'vscode';
import type { Proposals } from '../../editor/proposal.ts';
import { command, vscodeCommand } from '../../ui/errorActions.ts';
import { showInfo, showWarning, type MessageAction } from '../../ui/notifications.ts';
import type { ReportDocuments } from '../../ui/reportDocuments.ts';
import type { RunReport } from '../workspace/runTypes.ts';
import { openPages } from './runFolder.ts';
import { endSentence, reportText } from './runTexts.ts';
import { WorkspaceRuns, type RunServices } from './workspaceRuns.ts';

/** The services that the commands for runs need. */
export interface RunCommandServices extends RunServices {
  proposals: Proposals;
  reports: ReportDocuments;
}

/** Most diffs that are opened at once, because each needs a review. */
const mostDiffs = 5;

/** The commands for runs over a workspace. */
export class RunCommands implements vscode.Disposable {
  readonly runs: WorkspaceRuns;
  private readonly services: RunCommandServices;
  private readonly subscription: vscode.Disposable;

  constructor(services: RunCommandServices) {
    this.services = services;
    this.runs = new WorkspaceRuns(services);
    this.subscription = this.runs.onDidEnd(({ root, report }) => this.tellEnd(root, report));
  }

  /** Updates the pages of a folder, or of all workspace folders. */
  async update(args?: unknown): Promise<void> {
    for (const root of rootsFor(args)) await this.runs.update(root);
  }

  /** Continues a paused run, else an unfinished one. */
  async resume(args?: unknown): Promise<void> {
    if (this.runs.current) return this.runs.resume();
    const isOffer = isOfferIn(args);
    for (const root of rootsFor(args)) {
      const run = await this.unfinished(root);
      if (!run && !isOffer) showInfo(vscode.l10n.t('There is no documentation run to continue.'));
      if (!run || (isOffer && (run.isStopped || !(await offered(run.items.length))))) continue;
      await this.runs.continueRun(root);
    }
  }

  /** Shows the new versions of pages that users have changed, as diffs. */
  async review(args?: unknown): Promise<void> {
    for (const root of rootsFor(args)) {
      const store = await openPages(root, this.services.configuration.current.pagesFolder);
      const waiting = await store.proposals();
      if (waiting.length === 0) showInfo(vscode.l10n.t('No page waits for a review.'));
      for (const { page, text } of waiting.slice(0, mostDiffs)) await this.propose(root, page, text);
      if (waiting.length > mostDiffs)
        showInfo(
          vscode.l10n.t('Pages that wait for a review after these: {0}.', waiting.length - mostDiffs),
          [command(vscode.l10n.t('Review More'), 'codeworm.reviewDocumentation')],
        );
    }
  }

  dispose(): void {
    vscode.Disposable.from(this.subscription, this.runs).dispose();
  }

  private async propose(root: vscode.Uri, page: string, text: string): Promise<void> {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(root, page));
    const original = document.getText();
    const lines = document.eol === vscode.EndOfLine.CRLF ? text.replaceAll('\n', '\r\n') : text;
    const title = vscode.l10n.t('Update Documentation');
    const changes = [{ start: 0, end: original.length, text: lines }];
    await this.services.proposals.propose({ document, original, changes, title });
  }

  private async unfinished(root: vscode.Uri) {
    if (root.scheme !== 'file') return undefined;
    const store = await openPages(root, this.services.configuration.current.pagesFolder);
    return store.state.unfinishedRun();
  }

  private tellEnd(root: vscode.Uri, report: RunReport): void {
    const { counts, failures, gone } = report;
    const folder = vscode.Uri.joinPath(root, this.services.configuration.current.pagesFolder);
    const actions: MessageAction[] = [
      ...(report.isStopped ? [command(vscode.l10n.t('Continue'), 'codeworm.resumeDocumentation')] : []),
      ...(counts.proposed > 0
        ? [command(vscode.l10n.t('Review'), 'codeworm.reviewDocumentation', { folder: root })]
        : []),
      ...(failures.length + gone.length > 0
        ? [
            {
              title: vscode.l10n.t('Show Report'),
              run: () => this.services.reports.show(vscode.l10n.t('Documentation Run'), reportText(report)),
            },
          ]
        : []),
      ...(counts.written > 0 ? [vscodeCommand(vscode.l10n.t('Show Pages'), 'revealInExplorer', folder)] : []),
    ];
    const tell = failures.length > 0 ? showWarning : showInfo;
    tell(endSentence(report), actions);
  }
}

/** The named workspace folder, else all of them. */
function rootsFor(args: unknown): vscode.Uri[] {
  const all = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri);
  const asked = args instanceof vscode.Uri ? args : folderIn(args);
  if (!asked) return all;
  const root = vscode.workspace.getWorkspaceFolder(asked)?.uri;
  if (root) return [root];
  throw new Error(vscode.l10n.t('{0} is not in the workspace: open the folder first.', asked.path));
}

function folderIn(args: unknown): vscode.Uri | undefined {
  if (typeof args !== 'object' || args === null || !('folder' in args)) return undefined;
  return args.folder instanceof vscode.Uri ? args.folder : undefined;
}

/** Whether the user must be asked, because a window was opened. */
function isOfferIn(args: unknown): boolean {
  return typeof args === 'object' && args !== null && 'ask' in args && args.ask === true;
}

async function offered(pages: number): Promise<boolean> {
  const goOn = vscode.l10n.t('Continue');
  const question = vscode.l10n.t(
    'A documentation run was not finished; its number of pages: {0}. Pages that are written are not written again.',
    pages,
  );
  return (await vscode.window.showInformationMessage(question, goOn)) === goOn;
}

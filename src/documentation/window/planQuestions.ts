import * as vscode from 'vscode';
import { defaultKinds } from '../workspace/plan.ts';
import { kindLabel } from '../workspace/kindView.ts';
import { isSummaryKind } from '../../prompts/summaries.ts';
import { showInfo } from '../../ui/notifications.ts';
import { plannedKinds } from './arguments.ts';

/**
 * The folder of a command, inside the workspace; `undefined` when there is none or the user has chosen none.
 */
export async function folderOf(
  asked: vscode.Uri | undefined,
  isAsking: boolean,
): Promise<vscode.Uri | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (asked) {
    if (vscode.workspace.getWorkspaceFolder(asked)) return asked;
    throw new Error(vscode.l10n.t('{0} is not in the workspace: open the folder first.', asked.path));
  }
  if (folders.length === 0) showInfo(vscode.l10n.t('Open a folder first: a plan is about the files in it.'));
  if (folders.length <= 1 || !isAsking) return folders[0]?.uri;
  const chosen = await vscode.window.showWorkspaceFolderPick({
    placeHolder: vscode.l10n.t('Which folder is documented?'),
  });
  return chosen?.uri;
}

/** The kinds of pages that the user chooses; `undefined` when the list is closed. */
export async function askKinds(): Promise<string[] | undefined> {
  const items = plannedKinds.map((page) => ({
    page,
    label: kindLabel(page),
    picked: defaultKinds.some((one) => one === page),
    description: isSummaryKind(page) ? vscode.l10n.t('from the commits of the repository') : '',
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Document Workspace'),
    placeHolder: vscode.l10n.t('What kinds of page?'),
    canPickMany: true,
  });
  return chosen && chosen.length > 0 ? chosen.map(({ page }) => page) : undefined;
}

/** The number of best pages that the user chooses; `undefined` when the input is closed. */
export async function askCount(most: number, now: number): Promise<number | undefined> {
  const answer = await vscode.window.showInputBox({
    title: vscode.l10n.t('Choose Best Pages'),
    prompt: vscode.l10n.t('How many pages, those with the highest score first?'),
    value: String(now),
    validateInput: (text) =>
      /^\d{1,6}$/.test(text.trim()) && Number(text) <= most
        ? undefined
        : vscode.l10n.t('A whole number from 0 to {0}.', most),
  });
  return answer === undefined ? undefined : Number(answer);
}

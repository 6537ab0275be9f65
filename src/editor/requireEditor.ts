import * as vscode from 'vscode';
import { isUnusable, targetEditor, type UnusableTab } from './activeEditor.ts';
import { openFile, vscodeCommand } from '../ui/errorActions.ts';
import { showInfo, showWarning, type MessageAction } from '../ui/notifications.ts';

/**
 * The editor that a command works on. Shows a message when there is none, or when the active tab cannot be
 * used.
 * @param nothing the message for when nothing is open
 */
export async function requireEditor(nothing: string): Promise<vscode.TextEditor | undefined> {
  const target = await targetEditor();
  if (target && !isUnusable(target)) return target;
  if (target) showWarning(unusableSentence(target), [unusableAction(target)]);
  else showInfo(nothing, [openFile()]);
  return undefined;
}

function unusableSentence({ label, reason }: UnusableTab): string {
  switch (reason) {
    case 'tooLarge':
      return vscode.l10n.t(
        '{0} is larger than 50 MB, which VS Code lets no extension read: copy the part in question into a file of its own.',
        label,
      );
    case 'noText':
      return vscode.l10n.t('{0} is not open as text: CodeWorm reads only what a text editor shows.', label);
    case 'unreadable':
      return vscode.l10n.t('{0} cannot be read as text: open another file.', label);
  }
}

function unusableAction({ reason }: UnusableTab): MessageAction {
  return reason === 'noText'
    ? vscodeCommand(vscode.l10n.t('Reopen with Another Editor'), 'workbench.action.reopenWithEditor')
    : openFile();
}

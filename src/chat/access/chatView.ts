import * as vscode from 'vscode';
import { modelVendor } from '../../contributions.ts';
import { vscodeCommand } from '../../ui/errorActions.ts';
import { showInfo } from '../../ui/notifications.ts';

const openCommand = 'workbench.action.chat.open';

/** Whether this VS Code has a chat. If not, shows the reason with actions. */
export async function requireChat(): Promise<boolean> {
  const isOff = vscode.workspace.getConfiguration('chat').get('disableAIFeatures') === true;
  if (isOff) {
    showInfo(vscode.l10n.t('The chat of VS Code is switched off by the setting chat.disableAIFeatures.'), [
      vscodeCommand(vscode.l10n.t('Open Setting'), 'workbench.action.openSettings', 'chat.disableAIFeatures'),
    ]);
    return false;
  }
  if ((await vscode.commands.getCommands(true)).includes(openCommand)) return true;
  showInfo(vscode.l10n.t('This version of VS Code has no chat.'));
  return false;
}

/** A question and its answer, shown as an earlier turn. */
export interface ShownTurn {
  request: string;
  /** Sanitized Markdown. */
  response: string;
}

/** Opens the chat with `@codeworm`, which works without settings and without signing in. */
export async function openWithParticipant(previousRequests: readonly ShownTurn[] = []): Promise<void> {
  await vscode.commands.executeCommand(openCommand, {
    query: '@codeworm ',
    isPartialQuery: true,
    mode: 'ask',
    previousRequests,
  });
}

/** Opens the chat with one of our models. Returns false when VS Code cannot select it. */
export async function openWithModel(id: string): Promise<boolean> {
  try {
    await vscode.commands.executeCommand(openCommand, { modelSelector: { vendor: modelVendor, id } });
    return true;
  } catch {
    return false;
  }
}

import { validateHeaderValue } from 'node:http';
import * as vscode from 'vscode';
import { showInfo, showWarning } from '../ui/notifications.ts';
import type { Services } from '../services.ts';
import { isThisMachine } from '../trust/approvals.ts';

/** Asks for the key of the server in the settings and keeps it in VS Code's secret storage, for that server alone. */
export async function setApiKey(services: Services): Promise<void> {
  const { origin } = services.clients.current;
  const typed = await vscode.window.showInputBox({
    title: vscode.l10n.t('API Key for {0}', origin),
    prompt: vscode.l10n.t(
      'Kept in the secret storage of VS Code, and sent to this server and no other as "Authorization: Bearer".',
    ),
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) =>
      text === '' || isUsable(keyIn(text))
        ? undefined
        : vscode.l10n.t('A key is one word without spaces and special characters.'),
  });
  if (!typed || !isUsable(keyIn(typed))) return;
  await services.trust.apiKeys.set(origin, keyIn(typed));
  await services.monitor.clearProblemAndProbe();
  if (isUnencrypted(origin))
    showWarning(
      vscode.l10n.t(
        'The key is set, but {0} is not encrypted: others in the network can read the key. Use https:// if the server can.',
        origin,
      ),
    );
  else showInfo(vscode.l10n.t('The key for {0} is set.', origin));
}

/** Forgets a key: the only one there is, else the one that is chosen. */
export async function clearApiKey(services: Services): Promise<void> {
  const { origins } = services.trust.apiKeys;
  if (origins.length === 0) return showInfo(vscode.l10n.t('No key is set.'));
  const origin =
    origins.length === 1
      ? origins[0]
      : await vscode.window.showQuickPick([...origins], {
          title: vscode.l10n.t('Clear API Key'),
          placeHolder: vscode.l10n.t('The server whose key shall be forgotten'),
        });
  if (!origin) return;
  await services.trust.apiKeys.clear(origin);
  await services.monitor.clearProblemAndProbe();
  showInfo(vscode.l10n.t('The key for {0} is forgotten.', origin));
}

/** People copy the whole header as often as the key alone. */
function keyIn(text: string): string {
  return text.trim().replace(/^(?:authorization:\s*)?bearer\s+/i, '');
}

function isUsable(key: string): boolean {
  try {
    validateHeaderValue('authorization', key);
    return /^\S+$/.test(key);
  } catch {
    return false;
  }
}

function isUnencrypted(origin: string): boolean {
  return origin.startsWith('http:') && !isThisMachine(origin);
}

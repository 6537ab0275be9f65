import { validateHeaderValue } from 'node:http';
import * as vscode from 'vscode';
import { showInfo, showWarning } from '../ui/notifications.ts';
import type { Services } from '../services.ts';
import { isThisMachine } from '../trust/approvals.ts';

/**
 * Asks for the API key of the configured server and stores it, for this server only, in VS Code's secret
 * storage.
 */
export async function setApiKey(services: Services): Promise<void> {
  const { address } = services.clients.current;
  const typed = await vscode.window.showInputBox({
    title: vscode.l10n.t('API Key for {0}', address),
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
  await services.trust.apiKeys.set(address, keyIn(typed));
  await services.monitor.clearProblemAndProbe();
  if (isUnencrypted(address))
    showWarning(
      vscode.l10n.t(
        'The key is set, but {0} is not encrypted: others in the network can read the key. Use https:// if the server can.',
        address,
      ),
    );
  else showInfo(vscode.l10n.t('The key for {0} is set.', address));
}

/** Deletes a stored key: the only one, or the one the user picks. */
export async function clearApiKey(services: Services): Promise<void> {
  const { addresses } = services.trust.apiKeys;
  if (addresses.length === 0) return showInfo(vscode.l10n.t('No key is set.'));
  const address =
    addresses.length === 1
      ? addresses[0]
      : await vscode.window.showQuickPick([...addresses], {
          title: vscode.l10n.t('Clear API Key'),
          placeHolder: vscode.l10n.t('The server whose key will be deleted'),
        });
  if (!address) return;
  await services.trust.apiKeys.clear(address);
  await services.monitor.clearProblemAndProbe();
  showInfo(vscode.l10n.t('The key for {0} has been deleted.', address));
}

/** Users often paste the whole header instead of the key. */
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

function isUnencrypted(address: string): boolean {
  return address.startsWith('http:') && !isThisMachine(address);
}

import * as vscode from 'vscode';
import { approveConnection, approveRemote } from '../generation/approval.ts';
import { showInfo } from '../ui/notifications.ts';
import type { Services } from '../services.ts';
import { isThisMachine } from '../trust/approvals.ts';

/**
 * Approves the configured server and the server that runs its model. Shows a message when no approval is
 * needed.
 * @param asked the model to be used, if it is not the configured one
 */
export async function approveServer(services: Services, asked?: unknown): Promise<void> {
  const model = typeof asked === 'string' && asked !== '' ? asked : undefined;
  const { address } = services.clients.current;
  const before = JSON.stringify(services.trust.approvals.all);
  if (!(await approveConnection(services))) return;
  // If the server does not answer now, the next question reports that.
  const all = await services.clients
    .use((client) => client.promptDestinations(undefined, model))
    .catch(() => [address]);
  for (const host of all.filter((one) => one !== address))
    if (!(await approveRemote(services, host, model))) return;
  if (JSON.stringify(services.trust.approvals.all) !== before) return;
  showInfo(
    isThisMachine(address) && !services.trust.approvals.has(address)
      ? vscode.l10n.t('{0} is on this machine: it needs no approval.', address)
      : vscode.l10n.t('{0} is approved already.', address),
  );
}

/** Revokes an approval that the user picks. Requests to that server are aborted. */
export async function revokeApproval(services: Services): Promise<void> {
  const { approvals } = services.trust;
  const items = approvals.all.map(({ origin, since }) => ({
    label: origin,
    description: vscode.l10n.t('approved on {0}', new Date(since).toLocaleDateString(vscode.env.language)),
  }));
  if (items.length === 0)
    return showInfo(vscode.l10n.t('No server is approved: CodeWorm sends code to no other machine.'));
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Revoke Approval'),
    placeHolder: vscode.l10n.t('The server that will get no more code'),
  });
  if (!chosen) return;
  await approvals.revoke(chosen.label);
  await services.clients.closeFor(chosen.label);
  await services.monitor.probe();
  showInfo(vscode.l10n.t('Nothing is sent to {0} any more.', chosen.label));
}

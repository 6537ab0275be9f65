import * as vscode from 'vscode';
import { confirm } from '../ui/notifications.ts';
import { sameModel, type ModelSummary } from '../ollama/index.ts';
import { isThisMachine } from '../trust/approvals.ts';
import type { Connection } from '../trust/connection.ts';
import type { Trust } from '../trust/index.ts';
import { probeAndPrewarm, type Prewarming } from './prewarm.ts';

/** The services that asking for an approval needs. */
export interface Approving extends Prewarming {
  trust: Trust;
}

/**
 * Asks for every approval that a prompt needs: for the configured server, and for the server that runs the
 * model if that is another one. Sends no request for this, so the question need not wait. Where too little is
 * known yet, the client refuses to send, and the error message has a button for the approval.
 * @param model the model of this request, if it is not the configured one
 * @returns whether a prompt may be sent
 */
export async function ensureApproved(services: Approving, model?: string): Promise<boolean> {
  const { facts } = services.monitor;
  const remoteHost = model === undefined ? facts.remoteHost : hostOf(model, facts.installed);
  if (!(await approveConnection(services))) return false;
  return !remoteHost || approveRemote(services, remoteHost, model);
}

function hostOf(model: string, installed: readonly ModelSummary[]): string | undefined {
  return installed.find(({ name }) => sameModel(name, model))?.remoteHost;
}

/** Asks about the configured server, unless it needs no approval. */
export async function approveConnection(services: Approving): Promise<boolean> {
  const { connection } = services.clients;
  if (services.trust.approvals.covers(connection)) return true;
  const detail = [...aboutServer(connection), aboutApproval()];
  return ask(services, connection.address, detail, connection);
}

/** Asks about the server to which Ollama forwards requests for a model. */
export async function approveRemote(services: Approving, address: string, model?: string): Promise<boolean> {
  if (services.trust.approvals.has(address)) return true;
  const whatHappens = vscode.l10n.t(
    'The model {0} does not run on your Ollama: Ollama passes the code you ask about and your questions on to this server.',
    model ?? services.monitor.facts.model ?? '',
  );
  return ask(services, address, [whatHappens, aboutApproval()]);
}

async function ask(
  services: Approving,
  address: string,
  detail: readonly string[],
  connection?: Connection,
): Promise<boolean> {
  const question = vscode.l10n.t('Let CodeWorm send your code to {0}?', address);
  if (!(await confirm(question, detail.join('\n\n'), vscode.l10n.t('Approve')))) return false;
  await services.trust.approvals.give(address, connection);
  // Load the model now, so that the question that needed this approval does not wait for it.
  void probeAndPrewarm(services);
  return true;
}

function aboutApproval(): string {
  return vscode.l10n.t('The approval is for this server only; CodeWorm: Revoke Approval takes it back.');
}

function aboutServer({ address, ownAddress, ownHeaders, workspaceHeaders }: Connection): string[] {
  return [
    ownAddress
      ? vscode.l10n.t('The address comes from your own settings.')
      : vscode.l10n.t('The address is not your own choice: it comes from the settings of this workspace.'),
    whereItIs(address),
    ...(ownHeaders.length > 0 ? [ownHeadersText(ownAddress, ownHeaders.join(', '))] : []),
    ...(workspaceHeaders.length > 0
      ? [
          vscode.l10n.t(
            'These headers, which the settings of this workspace have set, go along: {0}.',
            workspaceHeaders.join(', '),
          ),
        ]
      : []),
  ];
}

function whereItIs(address: string): string {
  if (isThisMachine(address))
    return vscode.l10n.t(
      'It is another program on this machine, which may pass on what it gets. The code you ask about and your questions will go there.',
    );
  return address.startsWith('https:')
    ? vscode.l10n.t('It is on another machine. The code you ask about and your questions will go there.')
    : vscode.l10n.t(
        'It is on another machine. The code you ask about and your questions will go there unencrypted: others in the network can read them.',
      );
}

function ownHeadersText(ownAddress: boolean, names: string): string {
  return ownAddress
    ? vscode.l10n.t('These headers of the settings go along: {0}.', names)
    : vscode.l10n.t(
        'These headers of your own settings, which may be keys, go along to an address that is not yours: {0}.',
        names,
      );
}

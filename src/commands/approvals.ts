import * as vscode from 'vscode';
import { confirm, showInfo } from '../ui/notifications.ts';
import { remoteHostOf, sameModel, type ModelSummary } from '../ollama/index.ts';
import type { Services } from '../services.ts';
import { isThisMachine } from '../trust/approvals.ts';
import { probeAndPrewarm } from '../status/prewarm.ts';

/**
 * Asks before anything goes to a server on another machine, once for each: the one of the settings, and the one where
 * the model runs, if it is not the same. Nothing is asked of a server for that, so that a question need not wait for
 * it; where not enough is known yet, the client refuses to send, and the message has a button.
 * @param model the one that is asked, where it is not the one of all
 * @returns whether a prompt may go out
 */
export async function ensureApproved(services: Services, model?: string): Promise<boolean> {
  const { facts } = services.monitor;
  const remoteHost = model === undefined ? facts.remoteHost : hostOf(model, facts.installed);
  const origins = [services.clients.current.origin, ...(remoteHost ? [remoteHost] : [])];
  return approveAll(services, origins, model);
}

function hostOf(model: string, installed: readonly ModelSummary[]): string {
  const known = installed.find(({ name }) => sameModel(name, model));
  return known?.remoteHost || remoteHostOf(model);
}

async function approveAll(services: Services, origins: readonly string[], model?: string): Promise<boolean> {
  for (const origin of origins) if (!(await approve(services, origin, model))) return false;
  return true;
}

async function approve(services: Services, origin: string, model?: string): Promise<boolean> {
  const { approvals } = services.trust;
  if (approvals.has(origin)) return true;
  const question = vscode.l10n.t('Let CodeWorm send your code to {0}?', origin);
  const detail = whatItMeans(services, origin, model).join('\n\n');
  if (!(await confirm(question, detail, vscode.l10n.t('Approve')))) return false;
  await approvals.give(origin);
  // The question that is waiting for this shall not have to wait for the model to be loaded first.
  void probeAndPrewarm(services);
  return true;
}

function whatItMeans(services: Services, origin: string, model?: string): string[] {
  const revocable = vscode.l10n.t(
    'The approval is for this server only; CodeWorm: Revoke Approval takes it back.',
  );
  return origin === services.clients.current.origin
    ? [...aboutServer(services, origin), revocable]
    : [
        vscode.l10n.t(
          'The model {0} does not run on your Ollama: it passes the code you ask about and your questions on to this server.',
          model ?? services.monitor.facts.model ?? '',
        ),
        revocable,
      ];
}

function aboutServer({ clients, configuration }: Services, origin: string): string[] {
  const { headers = {} } = clients.current.settings;
  const names = Object.keys(headers).join(', ');
  return [
    configuration.isSetByWorkspace('baseUrl')
      ? vscode.l10n.t('The address is not your own choice: it comes from the settings of this workspace.')
      : vscode.l10n.t('The address comes from your own settings.'),
    origin.startsWith('https:')
      ? vscode.l10n.t('It is on another machine. The code you ask about and your questions will go there.')
      : vscode.l10n.t(
          'It is on another machine. The code you ask about and your questions will go there unencrypted: others in the network can read them.',
        ),
    ...(names ? [vscode.l10n.t('These headers of the settings go along: {0}.', names)] : []),
  ];
}

/** Approves the server of the settings, and the one where its model runs; says so where that needs no approval. */
export async function approveServer(services: Services): Promise<void> {
  const { origin } = services.clients.current;
  const before = services.trust.approvals.all.length;
  if (!(await approve(services, origin))) return;
  // Whoever does not answer now will not answer a question either, and then it is said why.
  const all = await services.clients.use((client) => client.promptDestinations()).catch(() => [origin]);
  if (!(await approveAll(services, all)) || services.trust.approvals.all.length > before) return;
  showInfo(
    isThisMachine(origin)
      ? vscode.l10n.t('{0} is on this machine: it needs no approval.', origin)
      : vscode.l10n.t('{0} is approved already.', origin),
  );
}

/** Lets the user take an approval back; what is under way to that server ends at once. */
export async function revokeApproval(services: Services): Promise<void> {
  const { approvals } = services.trust;
  const items = approvals.all.map(({ origin, since }) => ({
    label: origin,
    description: vscode.l10n.t('approved on {0}', new Date(since).toLocaleDateString(vscode.env.language)),
  }));
  if (items.length === 0)
    return showInfo(
      vscode.l10n.t('No server is approved: CodeWorm sends code to nobody but Ollama on this machine.'),
    );
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Revoke Approval'),
    placeHolder: vscode.l10n.t('The server to which no more code shall go'),
  });
  if (!chosen) return;
  await approvals.revoke(chosen.label);
  await services.clients.closeFor(chosen.label);
  await services.monitor.probe();
  showInfo(vscode.l10n.t('Nothing is sent to {0} any more.', chosen.label));
}

import * as vscode from 'vscode';
import { actionsForError } from '../ui/errorActions.ts';
import { showInfo, showWarning } from '../ui/notifications.ts';
import { OllamaConnectionError, OllamaModelNotFoundError } from '../ollama/index.ts';
import type { Services } from '../services.ts';
import { offlineText, serverName } from '../status/serverName.ts';
import { can, isDemo, type ServerFacts } from '../status/status.ts';
import { localizeError } from '../ui/localize.ts';
import { startActions } from '../generation/startOllama.ts';

/** Probes the server and shows the result in one sentence. */
export async function checkHealth(services: Services): Promise<void> {
  const { monitor } = services;
  await monitor.probeTwice();
  const { facts } = monitor;
  if (facts.problem) return showWarning(localizeError(facts.problem), actionsForError(facts.problem));
  if (!facts.online) {
    const message = offlineText(facts);
    const error = new OllamaConnectionError(message, { kind: 'unreachable' });
    return showWarning(message, [...(await startActions(services, error)), ...actionsForError(error)]);
  }
  if (facts.modelInstalled) return showInfo(healthLine(facts));
  const isFixedServer = !can(facts, 'pull');
  const missing = new OllamaModelNotFoundError(healthLine(facts), facts.model ?? '', { isFixedServer });
  showWarning(healthLine(facts), actionsForError(missing));
}

function healthLine(facts: ServerFacts): string {
  const server =
    `${isDemo(facts) ? vscode.l10n.t('The demo server') : serverName(facts)} ${facts.version ?? ''}`.trim();
  if (!facts.modelInstalled && !can(facts, 'pull'))
    return vscode.l10n.t(
      '{0} answers at {1}, but does not have the model {2}.',
      server,
      facts.origin,
      facts.model ?? '',
    );
  if (!facts.modelInstalled)
    return vscode.l10n.t(
      '{0} answers at {1}, but the model {2} is not installed.',
      server,
      facts.origin,
      facts.model ?? '',
    );
  if (facts.remoteHost)
    return vscode.l10n.t(
      '{0} answers at {1}; {2} does not run there, but on {3}.',
      server,
      facts.origin,
      facts.model ?? '',
      facts.remoteHost,
    );
  if (!can(facts, 'loadedModels'))
    return vscode.l10n.t(
      '{0} answers at {1}; it has the model {2}.',
      server,
      facts.origin,
      facts.model ?? '',
    );
  return facts.loaded
    ? vscode.l10n.t('{0} answers at {1}; {2} is loaded.', server, facts.origin, facts.model ?? '')
    : vscode.l10n.t(
        '{0} answers at {1}; {2} will be loaded by the next question.',
        server,
        facts.origin,
        facts.model ?? '',
      );
}

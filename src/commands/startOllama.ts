import * as vscode from 'vscode';
import { startableHere, startAndFollow } from '../generation/startOllama.ts';
import { downloadOllama } from '../ui/errorActions.ts';
import { showInfo } from '../ui/notifications.ts';
import type { Services } from '../services.ts';

/** Starts Ollama on this machine, unless it is already running. */
export async function startOllama(services: Services): Promise<void> {
  await services.monitor.probeTwice();
  const { origin, online } = services.monitor.facts;
  if (online) return showInfo(vscode.l10n.t('Ollama runs already, at {0}.', origin));
  const startable = await startableHere(services);
  if (startable) return startAndFollow(services, startable);
  showInfo(vscode.l10n.t('The program ollama was not found on this machine: install Ollama first.'), [
    downloadOllama(),
  ]);
}

import * as vscode from 'vscode';
import { sizeText } from '../ui/format.ts';
import { showErrorWithActions } from '../ui/errorActions.ts';
import { showInfo } from '../ui/notifications.ts';
import { OllamaConnectionError, type LoadedModel } from '../ollama/index.ts';
import type { Services } from '../services.ts';
import { prewarm } from '../generation/prewarm.ts';
import { offlineText } from '../status/serverName.ts';
import { callServer } from '../models/serverCall.ts';
import { unloadNamed } from '../models/unloadModel.ts';

/**
 * Milliseconds. Loading a large model from a slow disk takes minutes; a server stops after five by default.
 */
const loadLimitMs = 600_000;

/** The command for `prewarm`. Shows an error when it fails. */
export async function prewarmNow(services: Services): Promise<void> {
  const title = vscode.l10n.t('Loading the model');
  const loaded = await callServer(services, {
    title,
    // A cancelled call is not reported as a failure of the server.
    run: async (_, signal) => {
      const done = await prewarm(services, signal);
      signal.throwIfAborted();
      return done;
    },
    again: () => prewarmNow(services),
    limitMs: loadLimitMs,
  });
  if (loaded !== false) return;
  const { problem, online } = services.monitor.facts;
  if (problem) return showErrorWithActions(problem);
  if (online)
    return showErrorWithActions(new Error(vscode.l10n.t('The model could not be loaded: the log says why.')));
  const message = offlineText(services.monitor.facts);
  showErrorWithActions(new OllamaConnectionError(message, { kind: 'unreachable' }));
}

/** Unloads a model: the only loaded one, or the one the user picks. */
export async function unload(services: Services): Promise<void> {
  const loaded = await loadedModels(services);
  if (!loaded) return;
  if (loaded.length === 0) return showInfo(vscode.l10n.t('No model is loaded.'));
  const model = loaded.length === 1 ? loaded[0]?.name : await chosenModel(loaded);
  if (model) await unloadNamed(services, model);
}

async function loadedModels(services: Services): Promise<LoadedModel[] | undefined> {
  return callServer(services, {
    title: vscode.l10n.t('Asking for the models'),
    run: (client, signal) => client.loadedModels(signal),
    again: () => unload(services),
  });
}

async function chosenModel(loaded: LoadedModel[]): Promise<string | undefined> {
  const items = loaded.map(({ name, sizeBytes }) => ({
    label: name,
    description: vscode.l10n.t('takes {0} of memory', sizeText(sizeBytes)),
  }));
  const chosen = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Unload Model') });
  return chosen?.label;
}

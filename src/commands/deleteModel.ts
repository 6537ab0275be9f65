import * as vscode from 'vscode';
import { sizeText } from '../ui/format.ts';
import { command } from '../ui/errorActions.ts';
import { confirm, showInfo } from '../ui/notifications.ts';
import { sameModel, type ModelSummary } from '../ollama/index.ts';
import type { Services } from '../services.ts';
import { callServer } from './serverCall.ts';

/** Deletes a model from the server after a confirmation: the given one, or the one the user picks. */
export async function deleteModel(services: Services, named?: unknown): Promise<void> {
  const model = typeof named === 'string' && named ? named : await chosenModel(services);
  if (model) await deleteNamed(services, model);
}

/** Asks for a confirmation, then deletes. */
export async function deleteNamed(services: Services, model: string): Promise<void> {
  const installed = services.monitor.facts.installed.find(({ name }) => sameModel(name, model));
  const question = vscode.l10n.t('Delete the model {0}?', model);
  const button = vscode.l10n.t('Delete');
  if (!(await confirm(question, consequence(installed), button))) return;
  await remove(services, model);
}

function consequence(model: ModelSummary | undefined): string {
  return model && model.sizeBytes > 0
    ? vscode.l10n.t(
        'This frees up to {0} on the disk of the server. To have the model again, it must be downloaded again.',
        sizeText(model.sizeBytes),
      )
    : vscode.l10n.t('To have the model again, it must be downloaded again.');
}

/** Unloads first: the server cannot unload a model that it no longer knows. */
async function remove(services: Services, model: string): Promise<void> {
  const deleted = await callServer(services, {
    title: vscode.l10n.t('Deleting {0}', model),
    run: async (client, signal) => {
      const loaded = await client.loadedModels(signal);
      if (loaded.some(({ name }) => sameModel(name, model))) await client.unload(signal, model);
      await client.deleteModel(model, signal);
      return true;
    },
    again: () => remove(services, model),
  });
  await services.monitor.probe();
  if (deleted) showInfo(vscode.l10n.t('The model {0} has been deleted.', model));
}

async function chosenModel(services: Services): Promise<string | undefined> {
  const installed = await callServer(services, {
    title: vscode.l10n.t('Asking for the models'),
    run: (client, signal) => client.installedModels(signal),
    again: () => deleteModel(services),
  });
  if (!installed) return undefined;
  if (installed.length === 0) {
    showInfo(vscode.l10n.t('No model is installed.'), [
      command(vscode.l10n.t('Pull a Model'), 'codeworm.pullModel'),
    ]);
    return undefined;
  }
  // Rarely used models first: they are the likely ones to delete.
  const items = services.usage
    .sorted(installed)
    .toReversed()
    .map(({ name, sizeBytes }) => ({ label: name, description: sizeText(sizeBytes) }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Delete Model'),
    placeHolder: vscode.l10n.t('The model to delete; least used first'),
  });
  return chosen?.label;
}

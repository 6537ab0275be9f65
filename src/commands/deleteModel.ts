import * as vscode from 'vscode';
import { sizeText } from '../ui/format.ts';
import { command } from '../ui/errorActions.ts';
import { showInfo } from '../ui/notifications.ts';
import type { Services } from '../services.ts';
import { deleteNamed } from '../models/deleteModel.ts';
import { callServer } from '../models/serverCall.ts';

/** Deletes a model from the server after a confirmation: the given one, or the one the user picks. */
export async function deleteModel(services: Services, named?: unknown): Promise<void> {
  const model = typeof named === 'string' && named ? named : await chosenModel(services);
  if (model) await deleteNamed(services, model);
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

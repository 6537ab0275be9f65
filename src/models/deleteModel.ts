import * as vscode from 'vscode';
import { sameModel, type ModelSummary } from '../ollama/index.ts';
import { sizeText } from '../ui/format.ts';
import { confirm, showInfo } from '../ui/notifications.ts';
import { callServer, type Calling } from './serverCall.ts';

/** Asks for a confirmation, then deletes. */
export async function deleteNamed(services: Calling, model: string): Promise<void> {
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
async function remove(services: Calling, model: string): Promise<void> {
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

import * as vscode from 'vscode';
import { sizeText } from '../ui/format.ts';
import { command, showErrorWithActions } from '../ui/errorActions.ts';
import { confirm, showInfo } from '../ui/notifications.ts';
import { sameModel, type ModelSummary } from '../ollama/index.ts';
import type { Services } from '../services.ts';

/** Deletes a model of the server, after asking: the one that is named, else the one that the user chooses. */
export async function deleteModel(services: Services, named?: unknown): Promise<void> {
  const model = typeof named === 'string' && named ? named : await chosenModel(services);
  if (model) await deleteNamed(services, model);
}

/** Asks, and deletes. */
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

/** Unloaded first: the server cannot be told to unload what it does not know any more. */
async function remove({ clients, monitor }: Services, model: string): Promise<void> {
  try {
    await clients.use(async (client) => {
      const loaded = await client.loadedModels();
      if (loaded.some(({ name }) => sameModel(name, model))) await client.unload(undefined, model);
      await client.deleteModel(model);
    });
    await monitor.probe();
    showInfo(vscode.l10n.t('The model {0} has been deleted.', model));
  } catch (error) {
    void monitor.probe();
    showErrorWithActions(error);
  }
}

async function chosenModel({ clients, monitor, usage }: Services): Promise<string | undefined> {
  try {
    const installed = await clients.use((client) => client.installedModels());
    if (installed.length === 0) {
      showInfo(vscode.l10n.t('No model is installed.'), [
        command(vscode.l10n.t('Pull a Model'), 'codeworm.pullModel'),
      ]);
      return undefined;
    }
    // Who cleans up looks for what is not used.
    const items = usage
      .sorted(installed)
      .toReversed()
      .map(({ name, sizeBytes }) => ({ label: name, description: sizeText(sizeBytes) }));
    const chosen = await vscode.window.showQuickPick(items, {
      title: vscode.l10n.t('Delete Model'),
      placeHolder: vscode.l10n.t('The model to delete; least used first'),
    });
    return chosen?.label;
  } catch (error) {
    monitor.reportFailure(error);
    showErrorWithActions(error);
    return undefined;
  }
}

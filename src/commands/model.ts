import * as vscode from 'vscode';
import { sizeText } from '../ui/format.ts';
import { showErrorWithActions } from '../ui/errorActions.ts';
import { showInfo } from '../ui/notifications.ts';
import { OllamaConnectionError, type LoadedModel } from '../ollama/index.ts';
import type { Services } from '../services.ts';
import { prewarm } from '../status/prewarm.ts';

/** `prewarm` for the palette: says so when it did not work. */
export async function prewarmNow(services: Services): Promise<void> {
  if (await prewarm(services)) return;
  const { problem, online } = services.monitor.facts;
  if (problem) return showErrorWithActions(problem);
  if (online)
    return showErrorWithActions(new Error(vscode.l10n.t('The model could not be loaded: the log says why.')));
  const message = vscode.l10n.t(
    'Ollama does not answer at {0}: start it, or check the address.',
    services.monitor.facts.origin,
  );
  showErrorWithActions(new OllamaConnectionError(message, { kind: 'unreachable' }));
}

/** Frees memory: of the model that is loaded, or where several are, of the one that the user chooses. */
export async function unload(services: Services): Promise<void> {
  const loaded = await loadedModels(services);
  if (!loaded) return;
  if (loaded.length === 0) return showInfo(vscode.l10n.t('No model is loaded.'));
  const model = loaded.length === 1 ? loaded[0]?.name : await chosenModel(loaded);
  if (model) await unloadNamed(services, model);
}

/** Frees the memory that a model takes. */
export async function unloadNamed({ clients, monitor }: Services, model: string): Promise<void> {
  try {
    await clients.use((client) => client.unload(undefined, model));
    monitor.reportSuccess();
    await monitor.probe();
    vscode.window.setStatusBarMessage(vscode.l10n.t('{0} has been unloaded.', model), 5000);
  } catch (error) {
    monitor.reportFailure(error);
    showErrorWithActions(error);
  }
}

async function loadedModels({ clients, monitor }: Services): Promise<LoadedModel[] | undefined> {
  try {
    return await clients.use((client) => client.loadedModels());
  } catch (error) {
    monitor.reportFailure(error);
    showErrorWithActions(error);
    return undefined;
  }
}

async function chosenModel(loaded: LoadedModel[]): Promise<string | undefined> {
  const items = loaded.map(({ name, sizeBytes }) => ({
    label: name,
    description: vscode.l10n.t('takes {0} of memory', sizeText(sizeBytes)),
  }));
  const chosen = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Unload Model') });
  return chosen?.label;
}

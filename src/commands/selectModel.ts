import * as vscode from 'vscode';
import { sameModel, type LoadedModel, type ModelSummary } from '../ollama/index.ts';
import type { Services } from '../services.ts';
import { deleteNamed } from '../models/deleteModel.ts';
import {
  acceptedItem,
  chooseModelToPull,
  installedItem,
  memoryOfServer,
  separator,
  unfinishedItem,
  type ModelItem,
} from '../models/modelPicker.ts';
import { chooseAndPull, pull } from '../models/pullWithProgress.ts';
import { callServer } from '../models/serverCall.ts';
import { isOllama } from '../status/serverName.ts';
import { can } from '../status/status.ts';
import { showInfo } from '../ui/notifications.ts';
import { unloadNamed } from '../models/unloadModel.ts';
import { useModel } from '../models/useModel.ts';

interface Models {
  installed: ModelSummary[];
  loaded: LoadedModel[];
}

const unloadButton = (): vscode.QuickInputButton => ({
  iconPath: new vscode.ThemeIcon('clear-all'),
  tooltip: vscode.l10n.t('Unload, to Free Its Memory Now'),
});
const deleteButton = (): vscode.QuickInputButton => ({
  iconPath: new vscode.ThemeIcon('trash'),
  tooltip: vscode.l10n.t('Delete'),
});

/** Lets the user choose among the installed models, or pull another one. */
export async function selectModel(services: Services): Promise<void> {
  const models = await modelsOf(services);
  if (!models) return;
  const canPull = can(services.monitor.facts, 'pull');
  if (models.installed.length === 0 && !canPull)
    return showInfo(vscode.l10n.t('The server has no model: load one there.'));
  if (models.installed.length === 0 && services.pullManager.unfinished.length === 0)
    return pullFirst(services);
  const chosen = await choose(services, models);
  if (chosen?.action === 'pull') return chooseAndPull(services);
  if (chosen?.model === undefined) return;
  await (chosen.action === 'resume' ? pull(services, chosen.model) : useModel(services, chosen.model));
}

/** For a server without models: offers to pull the first one. */
async function pullFirst(services: Services): Promise<void> {
  const model = await chooseModelToPull(services, true);
  if (model !== undefined) await pull(services, model);
}

/** The server's models. Shows an error when the server does not answer. */
async function modelsOf(services: Services): Promise<Models | undefined> {
  return callServer(services, {
    title: vscode.l10n.t('Asking for the models'),
    run: async (client, signal) => ({
      installed: await client.installedModels(signal),
      loaded: await client.loadedModels(signal),
    }),
    again: () => selectModel(services),
  });
}

async function choose(services: Services, models: Models): Promise<ModelItem | undefined> {
  const pick = vscode.window.createQuickPick<ModelItem>();
  pick.title = vscode.l10n.t('Select Model');
  pick.placeholder = vscode.l10n.t('The model that CodeWorm uses');
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.items = itemsFor(services, models);
  pick.onDidTriggerItemButton(({ item, button }) => void press(services, pick, item, button));
  return acceptedItem(pick);
}

function itemsFor(services: Services, { installed, loaded }: Models): ModelItem[] {
  const { monitor, usage, pullManager } = services;
  const memory = memoryOfServer(services);
  const current = monitor.facts.model ?? '';
  const items = usage.sorted(installed).map((model) => {
    const running = loaded.find(({ name }) => sameModel(name, model.name));
    const used = usage.of(model.name);
    const isCurrent = sameModel(model.name, current);
    const item = installedItem({ model, loaded: running, used, current: isCurrent }, memory);
    const buttons = [
      ...(running ? [unloadButton()] : []),
      ...(can(monitor.facts, 'delete') ? [deleteButton()] : []),
    ];
    return Object.assign(item, { buttons });
  });
  return [
    automatic(isOllama(monitor.facts)),
    separator(vscode.l10n.t('most used first')),
    ...items,
    ...(can(monitor.facts, 'pull') ? itemsToPull(pullManager) : []),
  ];
}

function itemsToPull({ unfinished }: Services['pullManager']): ModelItem[] {
  return [
    separator(''),
    ...unfinished.map(unfinishedItem),
    { label: `$(cloud-download) ${vscode.l10n.t('Pull Another Model…')}`, action: 'pull' },
  ];
}

function automatic(isOllama: boolean): ModelItem {
  return {
    model: '',
    label: vscode.l10n.t('Automatic'),
    detail: isOllama
      ? vscode.l10n.t('The model that is loaded, else the most recently changed one')
      : vscode.l10n.t('The first one that can answer'),
  };
}

async function press(
  services: Services,
  pick: vscode.QuickPick<ModelItem>,
  { model }: ModelItem,
  { iconPath }: vscode.QuickInputButton,
): Promise<void> {
  if (!model) return;
  if (iconPath instanceof vscode.ThemeIcon && iconPath.id === 'trash') {
    pick.hide();
    await deleteNamed(services, model);
    return;
  }
  pick.busy = true;
  await unloadNamed(services, model);
  const models = await modelsOf(services);
  if (models) pick.items = itemsFor(services, models);
  pick.busy = false;
}

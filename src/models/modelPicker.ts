import * as vscode from 'vscode';
import { memoryText, numberText, sizeText } from '../ui/format.ts';
import { machineMemory } from '../diagnosis/index.ts';
import {
  isPlainModelName,
  sameModel,
  unfitnessOf,
  type LoadedModel,
  type ModelSummary,
} from '../ollama/index.ts';
import type { ClientProvider } from '../generation/clientProvider.ts';
import type { Prewarming } from '../generation/prewarm.ts';
import { percentOf } from './pullProgressText.ts';
import type { PullManager, Unfinished } from './pulls.ts';
import { memoryNeeded, proposalsFor, type ModelProposal } from './recommended.ts';
import { isThisMachine } from '../trust/approvals.ts';

/** The services that pulling a model needs. */
export interface Pulling extends Prewarming {
  pullManager: PullManager;
}

/** An entry of the list of models. */
export interface ModelItem extends vscode.QuickPickItem {
  /** Name of the model, if the entry is one. */
  model?: string;
  /** What choosing the entry does, if not to use or pull its model. */
  action?: 'pull' | 'browse' | 'resume';
}

/** What the list shows about a model. */
export interface Listed {
  model: ModelSummary;
  loaded: LoadedModel | undefined;
  /** Number of answers it has given. */
  used: number;
  current: boolean;
}

/** Bytes of memory available to a model. Undefined when the server is on another machine. */
export function memoryOfServer({ clients }: { clients: ClientProvider }): number | undefined {
  return isThisMachine(clients.current.origin) ? machineMemory() : undefined;
}

export function separator(label: string): ModelItem {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}

/**
 * The list entry of an installed model: size, quantization, context length, capabilities, whether it is
 * loaded.
 */
export function installedItem({ model, loaded, used, current }: Listed, memoryBytes?: number): ModelItem {
  const state = [
    ...(loaded ? [loadedText(loaded)] : []),
    ...(model.remoteHost ? [vscode.l10n.t('runs on {0}', model.remoteHost)] : []),
    ...(used > 0 ? [used === 1 ? vscode.l10n.t('used once') : vscode.l10n.t('used {0} times', used)] : []),
  ];
  const isTooBig = memoryBytes !== undefined && model.sizeBytes > memoryBytes;
  const facts = [
    unfitText(model),
    model.parameterSize,
    model.quantization === 'unknown' ? '' : model.quantization,
    model.sizeBytes > 0 && !model.remoteHost ? sizeText(model.sizeBytes) : '',
    model.contextLength > 0 ? vscode.l10n.t('{0} tokens of context', numberText(model.contextLength)) : '',
    model.capabilities.flatMap(capabilityText).join(', '),
    isTooBig ? `$(warning) ${vscode.l10n.t('larger than the memory of this machine')}` : '',
  ];
  return {
    model: model.name,
    label: `${iconFor(current, model.remoteHost !== '')}${model.name}`,
    description: state.join(' · '),
    detail: facts.filter(Boolean).join(' · '),
  };
}

/** What a model can do beyond answering. */
function capabilityText(capability: string): string[] {
  if (capability === 'completion' || capability === 'embedding') return [];
  return [capability === 'insert' ? vscode.l10n.t('fills in code') : capability];
}

function unfitText(model: ModelSummary): string {
  switch (unfitnessOf(model)) {
    case 'embedding':
      return `$(warning) ${vscode.l10n.t('makes embeddings, cannot answer')}`;
    case 'base':
      return `$(warning) ${vscode.l10n.t('base model: completes text, does not answer questions')}`;
    case undefined:
      return '';
  }
}

function iconFor(isCurrent: boolean, isRemote: boolean): string {
  if (isCurrent) return '$(check) ';
  return isRemote ? '$(cloud) ' : '';
}

function loadedText({ gpuShare = 0 }: LoadedModel): string {
  return gpuShare > 0
    ? vscode.l10n.t('loaded, {0} % on the GPU', Math.round(gpuShare * 100))
    : vscode.l10n.t('loaded');
}

export function unfinishedItem(pull: Unfinished): ModelItem {
  return {
    model: pull.model,
    action: 'resume',
    label: `$(cloud-download) ${vscode.l10n.t('Resume Pulling {0}', pull.model)}`,
    description: vscode.l10n.t(
      '{0} % of {1} downloaded',
      numberText(percentOf(pull)),
      sizeText(pull.totalBytes),
    ),
  };
}

/**
 * Lets the user choose a model to pull: an interrupted pull, one that fits the machine, or any typed name.
 * @returns undefined when the user closes the list
 */
export async function chooseModelToPull(services: Pulling, isFirst = false): Promise<string | undefined> {
  const items = itemsToPull(services);
  const pick = vscode.window.createQuickPick<ModelItem>();
  pick.title = isFirst ? vscode.l10n.t('No Model Is Installed Yet') : vscode.l10n.t('Pull a Model');
  pick.placeholder = vscode.l10n.t('Choose a model to download, or type the name of any other');
  pick.items = items;
  pick.matchOnDescription = true;
  pick.onDidChangeValue((value) => (pick.items = [...typedItem(value, items), ...items]));
  const chosen = await acceptedItem(pick);
  if (chosen?.action === 'browse')
    await vscode.env.openExternal(vscode.Uri.parse('https://ollama.com/search'));
  return chosen?.model;
}

/** Resolves with the accepted item, or undefined when the list is closed. Disposes of the list. */
export async function acceptedItem(pick: vscode.QuickPick<ModelItem>): Promise<ModelItem | undefined> {
  const chosen = await new Promise<ModelItem | undefined>((resolve) => {
    pick.onDidAccept(() => resolve(pick.selectedItems[0]));
    pick.onDidHide(() => resolve(undefined));
    pick.show();
  });
  pick.dispose();
  return chosen;
}

function itemsToPull(services: Pulling): ModelItem[] {
  const { monitor, pullManager, configuration } = services;
  const memory = memoryOfServer(services);
  const { numCtx } = configuration.current.client;
  const known = [
    ...monitor.facts.installed.map(({ name }) => name),
    ...pullManager.all.map(({ model }) => model),
  ];
  const fitting = proposalsFor(memory, numCtx).filter(
    ({ name }) => !known.some((other) => sameModel(other, name)),
  );
  return [
    ...pullManager.unfinished.map(unfinishedItem),
    ...(fitting.length > 0 ? [separator(headingFor(memory))] : []),
    ...fitting.map((model, index) => proposalItem(model, { memory, numCtx, isBest: index === 0 })),
    separator(''),
    { label: `$(link-external) ${vscode.l10n.t('Browse Models on ollama.com')}`, action: 'browse' },
  ];
}

function headingFor(memory: number | undefined): string {
  return memory === undefined
    ? vscode.l10n.t('memory of the server not known')
    : vscode.l10n.t('fit into {0} of memory', memoryText(memory));
}

function proposalItem(
  model: ModelProposal,
  { memory, numCtx, isBest }: { memory: number | undefined; numCtx: number; isBest: boolean },
): ModelItem {
  return {
    model: model.name,
    label: model.name,
    description: isBest && memory !== undefined ? vscode.l10n.t('recommended') : '',
    detail: vscode.l10n.t(
      '{0} to download · takes about {1} of memory',
      sizeText(model.downloadBytes),
      sizeText(memoryNeeded(model, numCtx)),
    ),
  };
}

/** Users often paste the whole command from a web page instead of the name. */
function typedItem(value: string, items: readonly ModelItem[]): ModelItem[] {
  const name = value.trim().replace(/^ollama\s+(?:pull|run)\s+/i, '');
  if (!isPlainModelName(name) || items.some(({ model }) => model === name)) return [];
  return [{ model: name, label: `$(cloud-download) ${vscode.l10n.t('Pull {0}', name)}`, alwaysShow: true }];
}

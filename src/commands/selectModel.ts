import * as vscode from 'vscode';
import { showFailure, suggestedModel } from '../failures.ts';
import { tell } from '../messages.ts';
import type { LoadedModel, ModelSummary } from '../ollama/index.ts';
import { sameModel } from '../ollama/index.ts';
import type { Parts } from '../parts.ts';

type ModelItem = vscode.QuickPickItem & { model: string };

/** Lets the user choose among the installed models; the choice goes into the setting where it stands now. */
export async function selectModel({ clients, monitor }: Parts): Promise<void> {
  const models = await clients
    .use(async (client) => [await client.installedModels(), await client.loadedModels()] as const)
    .catch((error: unknown) => {
      monitor.reportFailure(error);
      showFailure(error);
    });
  if (!models) return;
  const [installed, loaded] = models;
  if (installed.length === 0) return offerFirstModel();
  const current = monitor.facts.model ?? '';
  const items = [automatic(), ...installed.map((model) => itemFor(model, loaded, current))];
  const chosen = await vscode.window.showQuickPick<ModelItem>(items, {
    title: vscode.l10n.t('Select Model'),
    placeHolder: vscode.l10n.t('The model that CodeWorm uses'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (chosen) await writeModel(chosen.model);
}

/** What the next steps are where no model is installed. */
function offerFirstModel(): void {
  const message = vscode.l10n.t(
    'No model is installed yet: pull one in a terminal, for instance with "ollama pull {0}" (about 1 GB).',
    suggestedModel,
  );
  tell(message, [
    {
      title: vscode.l10n.t('Copy Command'),
      run: () => vscode.env.clipboard.writeText(`ollama pull ${suggestedModel}`),
    },
    {
      title: vscode.l10n.t('Browse Models'),
      run: () => vscode.env.openExternal(vscode.Uri.parse('https://ollama.com/search')),
    },
  ]);
}

function automatic(): ModelItem {
  return {
    model: '',
    label: vscode.l10n.t('Automatic'),
    detail: vscode.l10n.t('The model that is loaded, else the most recently changed one'),
  };
}

function itemFor(model: ModelSummary, loaded: LoadedModel[], current: string): ModelItem {
  const isLoaded = loaded.some(({ name }) => sameModel(name, model.name));
  const facts = [
    model.parameterSize,
    model.quantization === 'unknown' ? '' : model.quantization,
    model.sizeBytes > 0 ? gigabytes(model.sizeBytes) : '',
    model.contextLength > 0 ? vscode.l10n.t('{0} tokens of context', model.contextLength) : '',
    model.capabilities.join(', '),
  ];
  return {
    model: model.name,
    label: `${sameModel(model.name, current) ? '$(check) ' : ''}${model.name}`,
    description: isLoaded ? vscode.l10n.t('loaded') : '',
    detail: facts.filter(Boolean).join(' · '),
  };
}

function gigabytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.max(1, Math.round(bytes / 1e6))} MB`;
}

async function writeModel(model: string): Promise<void> {
  const settings = vscode.workspace.getConfiguration('codeworm');
  const inWorkspace = settings.inspect('model')?.workspaceValue !== undefined;
  await settings.update(
    'model',
    model || undefined,
    inWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global,
  );
}

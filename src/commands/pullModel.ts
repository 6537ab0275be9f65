import * as vscode from 'vscode';
import { chooseAndPull, pull } from '../models/pullWithProgress.ts';
import type { Services } from '../services.ts';

/** Pulls a model: the one that is named, else the one that the user chooses. Nothing is pulled without that. */
export async function pullModel(services: Services, named?: unknown): Promise<void> {
  await (typeof named === 'string' && named ? pull(services, named) : chooseAndPull(services));
}

/** Stops the pull of a model, or, where several are under way, the one that is chosen. */
export async function cancelPull({ pullManager }: Services): Promise<void> {
  const models = pullManager.all.map(({ model }) => model);
  const model =
    models.length > 1
      ? await vscode.window.showQuickPick(models, { title: vscode.l10n.t('Stop Pulling the Model') })
      : models[0];
  if (model) pullManager.stop(model);
}

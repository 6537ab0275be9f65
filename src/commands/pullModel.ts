import * as vscode from 'vscode';
import { chooseAndPull, pull } from '../models/pullWithProgress.ts';
import type { Services } from '../services.ts';

/** Pulls a model: the given one, or the one the user picks. Never pulls without a choice. */
export async function pullModel(services: Services, named?: unknown): Promise<void> {
  await (typeof named === 'string' && named ? pull(services, named) : chooseAndPull(services));
}

/** Stops a pull: the only one, or the one the user picks. */
export async function cancelPull({ pullManager }: Services): Promise<void> {
  const models = pullManager.all.map(({ model }) => model);
  const model =
    models.length > 1
      ? await vscode.window.showQuickPick(models, { title: vscode.l10n.t('Stop Pulling the Model') })
      : models[0];
  if (model) pullManager.stop(model);
}

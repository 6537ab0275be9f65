import * as vscode from 'vscode';
import { numberText, sizeText } from '../ui/format.ts';
import { remediesFor } from '../ui/errorActions.ts';
import { complain, follow, tell } from '../ui/notifications.ts';
import { OllamaModelNotFoundError, sameModel } from '../ollama/index.ts';
import type { Parts } from '../services.ts';
import { isStopped } from '../models/pulls.ts';
import { percentOf, progressText } from '../models/pullProgressText.ts';
import { errorSentence } from '../ui/localize.ts';
import { prewarm } from './model.ts';
import { chooseModelToPull } from './modelPicker.ts';
import { useModel } from './useModel.ts';

/** Milliseconds between two looks of the progress: often enough to live, rarely enough to be read. */
const everyMs = 250;

/** Pulls a model: the one that is named, else the one that the user chooses. Nothing is pulled without that. */
export async function pullModel(parts: Parts, named?: unknown): Promise<void> {
  const model = typeof named === 'string' && named ? named : await chooseModelToPull(parts);
  if (model) await pull(parts, model);
}

/** Stops the pull of a model, or, where several are under way, the one that is chosen. */
export async function cancelPull({ pulls }: Parts): Promise<void> {
  const models = pulls.all.map(({ model }) => model);
  const model =
    models.length > 1
      ? await vscode.window.showQuickPick(models, { title: vscode.l10n.t('Stop Pulling the Model') })
      : models[0];
  if (model) pulls.stop(model);
}

/** Pulls with progress, and says how it ended. */
export async function pull(parts: Parts, model: string): Promise<void> {
  const { origin } = parts.clients.current;
  try {
    await withProgress(parts, model);
  } catch (error) {
    if (isStopped(error)) sayStopped(parts, model);
    else sayFailed(parts, model, error);
    return;
  }
  if (parts.clients.current.origin === origin) await afterwards(parts, model);
  else tell(vscode.l10n.t('{0} is installed on {1}.', model, origin));
}

function withProgress({ pulls }: Parts, model: string): Thenable<void> {
  return follow(vscode.l10n.t('Pulling {0}', model), async (report, signal) => {
    let shown = 0;
    const show = (): void => {
      const state = pulls.find(model);
      if (!state) return;
      const percent = percentOf(state);
      report(progressText(state), percent - shown);
      shown = percent;
    };
    signal.addEventListener('abort', () => pulls.stop(model), { once: true });
    const timer = setInterval(show, everyMs);
    try {
      await pulls.pull(model);
    } finally {
      clearInterval(timer);
    }
  });
}

function sayStopped(parts: Parts, model: string): void {
  const unfinished = parts.pulls.unfinished.find((one) => sameModel(one.model, model));
  const message = unfinished
    ? vscode.l10n.t(
        'Pulling {0} was stopped at {1} % ({2} of {3}): the server keeps what has come.',
        model,
        numberText(percentOf(unfinished)),
        sizeText(unfinished.completedBytes),
        sizeText(unfinished.totalBytes),
      )
    : vscode.l10n.t('Pulling {0} was stopped.', model);
  tell(message, [{ title: vscode.l10n.t('Resume'), run: () => pull(parts, model) }]);
}

/** Whatever failed, another try goes on where this one stopped; only a name that is unknown stays unknown. */
function sayFailed(parts: Parts, model: string, error: unknown): void {
  void parts.monitor.probe();
  const again = { title: vscode.l10n.t('Pull Again'), run: () => pull(parts, model) };
  const other = { title: vscode.l10n.t('Pull Another Model'), run: () => pullModel(parts) };
  const first = error instanceof OllamaModelNotFoundError ? other : again;
  complain(errorSentence(error), [first, ...remediesFor(error)]);
}

/** A model that requests would use anyway is loaded; another one is offered. */
async function afterwards(parts: Parts, model: string): Promise<void> {
  const { monitor, configuration } = parts;
  monitor.reportSuccess();
  await monitor.probe();
  if (monitor.facts.model !== undefined && sameModel(monitor.facts.model, model)) {
    tell(vscode.l10n.t('{0} is installed and in use.', model));
    if (configuration.current.prewarm) await prewarm(parts);
    return;
  }
  tell(vscode.l10n.t('{0} is installed.', model), [
    { title: vscode.l10n.t('Use It'), run: () => useModel(parts, model) },
  ]);
}

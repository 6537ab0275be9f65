import * as vscode from 'vscode';
import { prewarmIfWanted } from '../generation/prewarm.ts';
import { OllamaModelNotFoundError, sameModel } from '../ollama/index.ts';
import { actionsForError } from '../ui/errorActions.ts';
import { numberText, sizeText } from '../ui/format.ts';
import { localizeError } from '../ui/localize.ts';
import { showError, showInfo, withProgress } from '../ui/notifications.ts';
import { chooseModelToPull, type Pulling } from './modelPicker.ts';
import { percentOf, progressText } from './pullProgressText.ts';
import { isStopped } from './pulls.ts';
import { useModel } from './useModel.ts';

/** Milliseconds between two progress updates: often enough to look alive, slow enough to be read. */
const everyMs = 250;

/** Pulls a model that the user picks. */
export async function chooseAndPull(services: Pulling): Promise<void> {
  const model = await chooseModelToPull(services);
  if (model !== undefined) await pull(services, model);
}

/** Pulls a model with progress and shows the result. */
export async function pull(services: Pulling, model: string): Promise<void> {
  const { origin } = services.clients.current;
  try {
    await pullWithProgress(services, model);
  } catch (error) {
    if (isStopped(error)) showStopped(services, model);
    else showFailed(services, model, error);
    return;
  }
  if (services.clients.current.origin === origin) await afterwards(services, model);
  else showInfo(vscode.l10n.t('{0} is installed on {1}.', model, origin));
}

function pullWithProgress({ pullManager }: Pulling, model: string): Thenable<void> {
  return withProgress(vscode.l10n.t('Pulling {0}', model), async (report, signal) => {
    let shown = 0;
    const show = (): void => {
      const state = pullManager.find(model);
      if (!state) return;
      const percent = percentOf(state);
      report(progressText(state), percent - shown);
      shown = percent;
    };
    signal.addEventListener('abort', () => pullManager.stop(model), { once: true });
    const timer = setInterval(show, everyMs);
    try {
      await pullManager.pull(model);
    } finally {
      clearInterval(timer);
    }
  });
}

function showStopped(services: Pulling, model: string): void {
  const unfinished = services.pullManager.unfinished.find((one) => sameModel(one.model, model));
  const message = unfinished
    ? vscode.l10n.t(
        'Pulling {0} was stopped at {1} % ({2} of {3}): the server keeps what it has downloaded.',
        model,
        numberText(percentOf(unfinished)),
        sizeText(unfinished.completedBytes),
        sizeText(unfinished.totalBytes),
      )
    : vscode.l10n.t('Pulling {0} was stopped.', model);
  showInfo(message, [{ title: vscode.l10n.t('Resume'), run: () => pull(services, model) }]);
}

/** A retry continues the partial download, whatever failed. Only an unknown name needs no retry. */
function showFailed(services: Pulling, model: string, error: unknown): void {
  void services.monitor.probe();
  const again = { title: vscode.l10n.t('Pull Again'), run: () => pull(services, model) };
  const other = { title: vscode.l10n.t('Pull Another Model'), run: () => chooseAndPull(services) };
  const first = error instanceof OllamaModelNotFoundError ? other : again;
  showError(localizeError(error), [first, ...actionsForError(error)]);
}

/** Loads the model if requests would use it anyway, else offers to use it. */
async function afterwards(services: Pulling, model: string): Promise<void> {
  const { monitor } = services;
  monitor.reportSuccess();
  await monitor.probe();
  if (monitor.facts.model !== undefined && sameModel(monitor.facts.model, model)) {
    showInfo(vscode.l10n.t('{0} is installed and in use.', model));
    await prewarmIfWanted(services);
    return;
  }
  showInfo(vscode.l10n.t('{0} is installed.', model), [
    { title: vscode.l10n.t('Use It'), run: () => useModel(services, model) },
  ]);
}

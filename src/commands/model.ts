import * as vscode from 'vscode';
import { showFailure } from '../failures.ts';
import type { Parts } from '../parts.ts';

/** Loads the model now, so that the next question need not wait; `true` when it is loaded. */
export async function prewarm({ clients, monitor }: Parts): Promise<boolean> {
  const { current } = clients;
  const model = await current.resolveModel().catch(() => '');
  const expectedMs = current.expectedLoadMs(model);
  monitor.setLoading({ kind: 'loading', ...(expectedMs === undefined ? {} : { expectedMs }) });
  try {
    return await clients.use((client) => client.prewarm());
  } finally {
    monitor.setLoading(undefined);
    await monitor.probe();
  }
}

/** The first look at the server, and the model loaded in the background if it is there and the settings want it. */
export async function lookAndPrewarm(parts: Parts): Promise<void> {
  await parts.monitor.probe();
  const { facts } = parts.monitor;
  if (parts.configuration.current.prewarm && facts.online && facts.modelInstalled) await prewarm(parts);
}

/** `prewarm` for the palette: says so when it did not work. */
export async function prewarmNow(parts: Parts): Promise<void> {
  if (await prewarm(parts)) return;
  const { problem, online } = parts.monitor.facts;
  if (problem) return showFailure(problem);
  const message = online
    ? vscode.l10n.t('The model could not be loaded: the log says why.')
    : vscode.l10n.t(
        'Ollama does not answer at {0}: start it, or check the address.',
        parts.monitor.facts.origin,
      );
  showFailure(new Error(message));
}

/** Frees the memory that the model takes. */
export async function unload({ clients, monitor }: Parts): Promise<void> {
  try {
    await clients.use((client) => client.unload());
    monitor.reportSuccess();
    await monitor.probe();
    vscode.window.setStatusBarMessage(vscode.l10n.t('The model has been unloaded.'), 5000);
  } catch (error) {
    monitor.reportFailure(error);
    showFailure(error);
  }
}

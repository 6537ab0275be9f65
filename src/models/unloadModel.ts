import * as vscode from 'vscode';
import { callServer, type Calling } from './serverCall.ts';

/** Unloads a model. */
export async function unloadNamed(services: Calling, model: string): Promise<void> {
  const unloaded = await callServer(services, {
    title: vscode.l10n.t('Unloading {0}', model),
    run: async (client, signal) => {
      await client.unload(signal, model);
      return true;
    },
    again: () => unloadNamed(services, model),
  });
  if (unloaded) services.monitor.reportSuccess();
  await services.monitor.probeAfterChange();
  if (unloaded) vscode.window.setStatusBarMessage(vscode.l10n.t('{0} has been unloaded.', model), 5000);
}

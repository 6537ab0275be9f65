import * as vscode from 'vscode';
import type { Configuration } from '../config/configuration.ts';
import type { ClientProvider } from './clientProvider.ts';
import type { Priorities } from './priorities.ts';
import type { ServerMonitor } from './serverMonitor.ts';

/** The services that loading a model needs. */
export interface Prewarming {
  clients: ClientProvider;
  priorities: Priorities;
  monitor: ServerMonitor;
  configuration: Configuration;
}

/**
 * Loads the model now, so that the next question need not wait. Resolves with whether it is loaded. Never
 * rejects.
 */
export async function prewarm(
  { clients, priorities, monitor }: Prewarming,
  signal?: AbortSignal,
): Promise<boolean> {
  const permit = await priorities.enter('own', signal).catch(() => undefined);
  if (!permit) return false;
  const { current } = clients;
  const model = await current.resolveModel(signal).catch(() => '');
  const expectedMs = current.expectedLoadMs(model);
  monitor.setLoading({ kind: 'loading', ...(expectedMs === undefined ? {} : { expectedMs }) });
  try {
    return await clients.use((client) => client.prewarm(signal));
  } finally {
    permit.end();
    monitor.setLoading(undefined);
    await monitor.probeAfterChange();
  }
}

/** Loads the model if the settings allow it; never in an untrusted workspace. */
export async function prewarmIfWanted(services: Prewarming): Promise<void> {
  if (services.configuration.current.prewarm && vscode.workspace.isTrusted) await prewarm(services);
}

/** Probes the server, and loads the model in the background if it is installed and the settings allow it. */
export async function probeAndPrewarm(services: Prewarming): Promise<void> {
  await services.monitor.probe();
  const { facts } = services.monitor;
  if (facts.online && facts.modelInstalled) await prewarmIfWanted(services);
}

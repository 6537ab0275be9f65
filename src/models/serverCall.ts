import * as vscode from 'vscode';
import type { ClientProvider } from '../generation/clientProvider.ts';
import type { ServerMonitor } from '../generation/serverMonitor.ts';
import type { ModelClient } from '../ollama/index.ts';
import { command, showErrorWithActions } from '../ui/errorActions.ts';
import { showWarning, TimeLimitError, withinLimit } from '../ui/notifications.ts';

/**
 * Milliseconds. A list of models comes at once; deleting and unloading take seconds, longer on a slow disk.
 */
const usualLimitMs = 60_000;

/** The services that a call needs. */
export interface Calling {
  clients: ClientProvider;
  monitor: ServerMonitor;
}

/** A call to the server with what the user sees of it. */
export interface ServerCall<T> {
  /** The progress title, such as "Deleting qwen3:8b". */
  title: string;
  /** Rejects when its signal aborts. */
  run: (client: ModelClient, signal: AbortSignal) => Promise<T>;
  /** Repeats the whole command when the user presses Retry. */
  again: () => unknown;
  limitMs?: number;
}

/**
 * Calls the server with progress, a Cancel button and a time limit. Errors are shown.
 * @returns undefined when the call failed or was cancelled
 */
export async function callServer<T>(services: Calling, call: ServerCall<T>): Promise<T | undefined> {
  const { title, run, again, limitMs = usualLimitMs } = call;
  let signal: AbortSignal | undefined;
  try {
    return await withinLimit(title, limitMs, (inner) => {
      signal = inner;
      return services.clients.use((client) => run(client, inner));
    });
  } catch (error) {
    if (signal?.aborted) showLimit(signal.reason, { title, again, limitMs });
    else {
      services.monitor.reportFailure(error);
      showErrorWithActions(error);
    }
    return undefined;
  }
}

/** Shows nothing when the user has cancelled. */
function showLimit(
  reason: unknown,
  { title, again, limitMs }: Required<Omit<ServerCall<never>, 'run'>>,
): void {
  if (!(reason instanceof TimeLimitError)) return;
  const message = vscode.l10n.t(
    '{0}: the server was not done after {1} s, and CodeWorm waits no longer.',
    title,
    Math.round(limitMs / 1000),
  );
  showWarning(message, [
    { title: vscode.l10n.t('Try Again'), run: again },
    command(vscode.l10n.t('Diagnose Connection'), 'codeworm.diagnose'),
  ]);
}

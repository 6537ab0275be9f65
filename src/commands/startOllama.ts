import * as vscode from 'vscode';
import { timeText } from '../ui/format.ts';
import { findOllama, startOllama as start, type Startable } from '../diagnosis/index.ts';
import { downloadOllama, showFailure } from '../ui/errorActions.ts';
import { identity } from '../util/userIdentity.ts';
import { follow, tell } from '../ui/notifications.ts';
import { parseBaseUrl } from '../ollama/index.ts';
import type { Parts } from '../services.ts';
import { isThisMachine } from '../trust/approvals.ts';
import { workspaceFolders } from '../util/workspaceFolders.ts';
import { lookAndPrewarm } from './model.ts';

/** The address at which a server on this machine listens if nobody says otherwise. */
const usualAddress = 'http://127.0.0.1:11434';

/** Starts the Ollama of this machine, unless it runs already. */
export async function startOllama(parts: Parts): Promise<void> {
  await parts.monitor.probeForSure();
  const { origin, online } = parts.monitor.facts;
  if (online) return tell(vscode.l10n.t('Ollama runs already, at {0}.', origin));
  const startable = await startableHere(parts);
  if (startable) return startAndFollow(parts, startable);
  tell(vscode.l10n.t('The program ollama was not found on this machine: install Ollama first.'), [
    downloadOllama(),
  ]);
}

/** The program on this machine and the address it would serve; nothing where there is no such program. */
export async function startableHere({ clients }: Parts): Promise<Startable | undefined> {
  const { origin, settings } = clients.current;
  const program = await findOllama(workspaceFolders());
  return program ? { program, address: isOllamasOwn(settings.baseUrl) ? origin : usualAddress } : undefined;
}

/** Starts the program, and follows it until it answers, ends, or the user cancels. */
export async function startAndFollow(parts: Parts, startable: Startable): Promise<void> {
  let cancelled: AbortSignal | undefined;
  try {
    await follow(vscode.l10n.t('Starting Ollama'), (report, signal) => {
      cancelled = signal;
      const onProgress = (waitedMs: number): void => report(timeText(waitedMs / 1000));
      return start({ ...startable, signal, identity: identity(), onProgress });
    });
  } catch (error) {
    if (!cancelled?.aborted) showFailure(error);
    return;
  }
  tell(vscode.l10n.t('Ollama runs at {0}.', startable.address));
  await lookAndPrewarm(parts);
}

/** Whether `ollama serve` can be at an address: on this machine, without TLS, and without a path before its own. */
function isOllamasOwn(baseUrl: string): boolean {
  const { origin, href } = parseBaseUrl(baseUrl);
  return isThisMachine(origin) && href === origin && origin.startsWith('http:');
}

import * as vscode from 'vscode';
import { timeText } from '../ui/format.ts';
import { findOllama, startOllama as start, type Startable } from '../diagnosis/index.ts';
import { downloadOllama, showErrorWithActions } from '../ui/errorActions.ts';
import { userIdentity } from '../util/userIdentity.ts';
import { confirm, withProgress, showInfo } from '../ui/notifications.ts';
import { parseBaseUrl } from '../ollama/index.ts';
import type { Services } from '../services.ts';
import { escapeControlChars } from '../text/controlChars.ts';
import { isThisMachine } from '../trust/approvals.ts';
import { workspaceFolders } from '../util/workspaceFolders.ts';
import { probeAndPrewarm } from '../status/prewarm.ts';

/** Ollama's default address. */
const usualAddress = 'http://127.0.0.1:11434';

/** Starts Ollama on this machine, unless it is already running. */
export async function startOllama(services: Services): Promise<void> {
  await services.monitor.probeTwice();
  const { origin, online } = services.monitor.facts;
  if (online) return showInfo(vscode.l10n.t('Ollama runs already, at {0}.', origin));
  const startable = await startableHere(services);
  if (startable) return startAndFollow(services, startable);
  showInfo(vscode.l10n.t('The program ollama was not found on this machine: install Ollama first.'), [
    downloadOllama(),
  ]);
}

/** The program on this machine and the address it would serve. Undefined when there is no program. */
export async function startableHere({ clients, trust }: Services): Promise<Startable | undefined> {
  const { origin, settings } = clients.current;
  const program = await findOllama(workspaceFolders());
  // A workspace may have set the address: without an approval, nothing is started for it.
  const isWanted = isOllamasOwn(settings.baseUrl) && trust.approvals.covers(clients.connection);
  return program ? { program, address: isWanted ? origin : usualAddress } : undefined;
}

/** Asks for a confirmation, starts the program, and waits until it answers, exits, or the user cancels. */
export async function startAndFollow(services: Services, startable: Startable): Promise<void> {
  if (!(await confirmStart(startable))) return;
  let cancelled: AbortSignal | undefined;
  try {
    await withProgress(vscode.l10n.t('Starting Ollama'), (report, signal) => {
      cancelled = signal;
      const onProgress = (waitedMs: number): void => report(timeText(waitedMs / 1000));
      return start({
        ...startable,
        signal,
        untrustedFolders: workspaceFolders(),
        identity: userIdentity(),
        onProgress,
      });
    });
  } catch (error) {
    if (!cancelled?.aborted) showErrorWithActions(error);
    return;
  }
  showInfo(vscode.l10n.t('Ollama runs at {0}.', startable.address));
  await probeAndPrewarm(services);
}

/** Shows the full path, so that the user can recognize a foreign program. */
function confirmStart({ program, address }: Startable): Promise<boolean> {
  const detail = vscode.l10n.t(
    'The program {0} will be started as "ollama serve", to answer at {1}. It goes on running when VS Code is closed.',
    // Bidirectional controls would make another path visible.
    escapeControlChars(program).replaceAll(/\p{Cf}/gu, '\ufffd'),
    address,
  );
  return confirm(vscode.l10n.t('Start this program?'), detail, vscode.l10n.t('Start Ollama'));
}

/** Whether `ollama serve` can listen at an address: on this machine, without TLS, without a base path. */
function isOllamasOwn(baseUrl: string): boolean {
  const { origin, href } = parseBaseUrl(baseUrl);
  return isThisMachine(origin) && href === origin && origin.startsWith('http:');
}

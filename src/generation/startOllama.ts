import * as vscode from 'vscode';
import { workspaceFolders } from '../config/workspaceFolders.ts';
import { findOllama, startOllama, userIdentity, type Startable } from '../diagnosis/index.ts';
import { OllamaError, parseBaseUrl } from '../ollama/index.ts';
import { escapeControlChars } from '../text/controlChars.ts';
import { isThisMachine } from '../trust/approvals.ts';
import { showErrorWithActions } from '../ui/errorActions.ts';
import { timeText } from '../ui/format.ts';
import { confirm, withProgress, showInfo, type MessageAction } from '../ui/notifications.ts';
import type { Approving } from './approval.ts';
import { probeAndPrewarm } from './prewarm.ts';

/** The address at which a server on this machine listens if nobody says otherwise. */
const usualAddress = 'http://127.0.0.1:11434';

/** Where nobody answers on this machine although Ollama is installed: to start it. */
export async function startActions(services: Approving, error: unknown): Promise<MessageAction[]> {
  const isUnreachable = error instanceof OllamaError && error.kind === 'unreachable';
  if (!isUnreachable || !isThisMachine(services.clients.current.origin)) return [];
  const startable = await startableHere(services);
  return startable ? [startAction(services, startable)] : [];
}

/** Starts what was found on this machine. */
export function startAction(services: Approving, startable: Startable): MessageAction {
  return { title: vscode.l10n.t('Start Ollama'), run: () => startAndFollow(services, startable) };
}

/** The program on this machine and the address it would serve; nothing where there is no such program. */
export async function startableHere({ clients, trust }: Approving): Promise<Startable | undefined> {
  const { origin, settings } = clients.current;
  const program = await findOllama(workspaceFolders());
  // At an address that a workspace has set and nobody approved, nothing is started.
  const isWanted = isOllamasOwn(settings.baseUrl) && trust.approvals.covers(clients.connection);
  return program ? { program, address: isWanted ? origin : usualAddress } : undefined;
}

/** Asks, starts the program, and follows it until it answers, ends, or the user cancels. */
export async function startAndFollow(services: Approving, startable: Startable): Promise<void> {
  if (!(await confirmStart(startable))) return;
  let cancelled: AbortSignal | undefined;
  try {
    await withProgress(vscode.l10n.t('Starting Ollama'), (report, signal) => {
      cancelled = signal;
      const onProgress = (waitedMs: number): void => report(timeText(waitedMs / 1000));
      return startOllama({
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

/** The full path is what tells the user's own program from any other. */
function confirmStart({ program, address }: Startable): Promise<boolean> {
  const detail = vscode.l10n.t(
    'The program {0} will be started as "ollama serve", to answer at {1}. It goes on running when VS Code is closed.',
    // Characters that turn the direction of the text would show another path.
    escapeControlChars(program).replaceAll(/\p{Cf}/gu, '\ufffd'),
    address,
  );
  return confirm(vscode.l10n.t('Start this program?'), detail, vscode.l10n.t('Start Ollama'));
}

/** Whether `ollama serve` can be at an address: on this machine, without TLS, and without a path before its own. */
function isOllamasOwn(baseUrl: string): boolean {
  const { origin, href } = parseBaseUrl(baseUrl);
  return isThisMachine(origin) && href === origin && origin.startsWith('http:');
}

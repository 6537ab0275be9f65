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

/** Ollama's default address. */
const usualAddress = 'http://127.0.0.1:11434';

/** A button that starts Ollama, when it is the configured server, installed on this machine, and does not answer. */
export async function startActions(services: Approving, error: unknown): Promise<MessageAction[]> {
  const { origin, capabilities } = services.clients.current;
  const isUnreachable = error instanceof OllamaError && error.kind === 'unreachable';
  if (!isUnreachable || capabilities.product !== 'Ollama' || !isThisMachine(origin)) return [];
  const startable = await startableHere(services);
  return startable ? [startAction(services, startable)] : [];
}

/** A button that starts the program found on this machine. */
export function startAction(services: Approving, startable: Startable): MessageAction {
  return { title: vscode.l10n.t('Start Ollama'), run: () => startAndFollow(services, startable) };
}

/** The program on this machine and the address it would serve. Undefined when there is no program. */
export async function startableHere({ clients, trust }: Approving): Promise<Startable | undefined> {
  const { origin, settings } = clients.current;
  const program = await findOllama(workspaceFolders());
  // A workspace may have set the address: without an approval, nothing is started for it.
  const isWanted = isOllamasOwn(settings.baseUrl) && trust.approvals.covers(clients.connection);
  return program ? { program, address: isWanted ? origin : usualAddress } : undefined;
}

/** Asks for a confirmation, starts the program, and waits until it answers, exits, or the user cancels. */
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

/** Shows the full path, so that the user can recognize a foreign program. */
function confirmStart({ program, address }: Startable): Promise<boolean> {
  const detail = vscode.l10n.t(
    'The program {0} will be started as "ollama serve", to answer at {1}. It keeps running when VS Code is closed.',
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

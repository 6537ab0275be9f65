import * as vscode from 'vscode';
import type { ServerFacts } from './status.ts';

/** The name of the server's program, for messages. */
export function serverName({ capabilities }: ServerFacts): string {
  return capabilities?.product || vscode.l10n.t('The server');
}

/** Whether it is Ollama, or likely to be. */
export function isOllama({ capabilities }: ServerFacts): boolean {
  return capabilities?.product === 'Ollama';
}

/** For a server that does not answer. */
export function offlineText(facts: ServerFacts): string {
  return isOllama(facts)
    ? vscode.l10n.t('Ollama does not answer at {0}: start it, or check the address.', facts.origin)
    : vscode.l10n.t('Nothing answers at {0}: start the server, or check the address.', facts.origin);
}

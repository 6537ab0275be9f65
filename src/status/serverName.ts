import * as vscode from 'vscode';
import type { ServerFacts } from './status.ts';

/** The name of the server's program, for messages. */
export function serverName({ capabilities }: ServerFacts): string {
  return capabilities === undefined ? 'Ollama' : capabilities.product || vscode.l10n.t('The server');
}

/** Whether it is Ollama, as far as known. */
export function isOllama({ capabilities }: ServerFacts): boolean {
  return capabilities === undefined || capabilities.product === 'Ollama';
}

import * as vscode from 'vscode';
import { OllamaError, quoteOf, type LocalizableMessage } from '../ollama/index.ts';

/** What an error says, in the language of the user. */
export function localizeError(error: unknown): string {
  if (error instanceof OllamaError) return localize(error.localizableMessage);
  return error instanceof Error ? error.message : String(error);
}

/** A sentence of the client, in the language of the user. */
export function localize({ template, args, serverText }: LocalizableMessage): string {
  const sentence = vscode.l10n.t(template, ...args);
  return serverText === undefined ? sentence : `${sentence} ${localize(quoteOf(serverText))}`;
}

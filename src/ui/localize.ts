import * as vscode from 'vscode';
import { OllamaError, quoteOf, type LocalizableMessage } from '../ollama/index.ts';

/** An error's message in the user's language. */
export function localizeError(error: unknown): string {
  if (error instanceof OllamaError) return localize(error.localizableMessage);
  return error instanceof Error ? error.message : String(error);
}

/** A message of the client in the user's language. */
export function localize({ template, args, serverText }: LocalizableMessage): string {
  const sentence = vscode.l10n.t(template, ...args);
  return serverText === undefined ? sentence : `${sentence} ${localize(quoteOf(serverText))}`;
}

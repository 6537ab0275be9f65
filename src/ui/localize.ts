import * as vscode from 'vscode';
import { numberText } from './format.ts';
import { OllamaError, quoteOf, type LocalizableMessage } from '../ollama/index.ts';

/** An error's message in the user's language. */
export function localizeError(error: unknown): string {
  if (error instanceof OllamaError) return localize(error.localizableMessage);
  return error instanceof Error ? error.message : String(error);
}

/** A message of the client in the user's language, with large numbers as they are written there. */
export function localize({ template, args, serverText }: LocalizableMessage): string {
  const texts = args.map((arg) => (typeof arg === 'number' && arg >= 1000 ? numberText(arg) : arg));
  const sentence = vscode.l10n.t(template, ...texts);
  return serverText === undefined ? sentence : `${sentence} ${localize(quoteOf(serverText))}`;
}

import * as vscode from 'vscode';
import { OllamaError, type Sentence } from '../ollama/index.ts';

/** What an error says, in the language of the user. */
export function errorSentence(error: unknown): string {
  if (error instanceof OllamaError) return translated(error.sentence);
  return error instanceof Error ? error.message : String(error);
}

/** A sentence of the client, in the language of the user. */
export function translated({ template, args }: Sentence): string {
  return vscode.l10n.t(template, ...args);
}

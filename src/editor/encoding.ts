import * as vscode from 'vscode';
import { lossMessage } from '../ui/characterMessages.ts';
import { showWarning } from '../ui/notifications.ts';

/**
 * The characters of a text that the document's encoding cannot represent, each once. Saving would replace
 * them. VS Code itself encodes the text, so this holds for every encoding it supports; for an encoding it
 * refuses, all characters but ASCII are reported.
 */
export async function lostCharacters(document: vscode.TextDocument, text: string): Promise<string[]> {
  const { encoding } = document;
  if (encoding.startsWith('utf')) return [];
  const known = document.getText();
  // oxlint-disable-next-line no-control-regex
  const characters = [...new Set(text.match(/[^\u0000-\u007F]/gu))].filter((one) => !known.includes(one));
  if (characters.length === 0) return [];
  try {
    const bytes = await vscode.workspace.encode(characters.join('\n'), { encoding });
    const back = (await vscode.workspace.decode(bytes, { encoding })).split('\n');
    return characters.filter((character, index) => back[index] !== character);
  } catch {
    return characters;
  }
}

/**
 * Runs a change, unless the file's encoding cannot represent its text. Then a message lists the characters,
 * with a button that continues anyway.
 */
export async function changeWithoutLoss(
  document: vscode.TextDocument,
  text: string,
  { title, run }: { title: string; run: () => Promise<void> },
): Promise<void> {
  const lost = await lostCharacters(document, text);
  if (lost.length === 0) return run();
  showWarning(lossMessage(nameOf(document), document.encoding, lost), [{ title, run }]);
}

export function nameOf({ fileName }: vscode.TextDocument): string {
  return fileName.slice(Math.max(fileName.lastIndexOf('/'), fileName.lastIndexOf('\\')) + 1);
}

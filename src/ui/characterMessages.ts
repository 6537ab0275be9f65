import * as vscode from 'vscode';
import { showInfo } from './notifications.ts';
import type { CharacterChanges } from '../text/invisibleChars.ts';

/** What was changed in the characters of an answer; undefined for nothing. */
export function charactersMessage({ removed, replaced }: CharacterChanges): string | undefined {
  if (removed > 0 && replaced > 0)
    return vscode.l10n.t(
      'Characters in the answer that cannot be seen were removed ({0} invisible characters), or replaced by plain ones ({1} unusual spaces or line breaks).',
      removed,
      replaced,
    );
  if (replaced > 0)
    return replaced === 1
      ? vscode.l10n.t('1 unusual space or line break in the answer was replaced by a plain one.')
      : vscode.l10n.t(
          '{0} unusual spaces or line breaks in the answer were replaced by plain ones.',
          replaced,
        );
  if (removed === 0) return undefined;
  return removed === 1
    ? vscode.l10n.t('1 invisible character in the answer was removed.')
    : vscode.l10n.t('{0} invisible characters in the answer were removed.', removed);
}

/** Reports the invisible characters removed from an answer. */
export function notifyCharacters(changes: CharacterChanges | undefined): void {
  const message = changes && charactersMessage(changes);
  if (message) showInfo(message);
}

/** The message that a file's encoding cannot represent some characters. */
export function lossMessage(name: string, encoding: string, lost: readonly string[]): string {
  const shown = lost.slice(0, mostShown).join(' ') + (lost.length > mostShown ? ' …' : '');
  return vscode.l10n.t(
    '{0} is saved as {1}, which has no {2}: saving would replace these characters by others.',
    name,
    encoding,
    shown,
  );
}

/** Most characters listed in a message. */
const mostShown = 12;

import * as vscode from 'vscode';
import { command } from '../ui/errorActions.ts';
import { showInfo } from '../ui/notifications.ts';
import type { LastAnswer, SavedAnswer } from './lastAnswer.ts';

/** The last answer. Shows a message when there is none. */
export function requireAnswer({ last }: LastAnswer): SavedAnswer | undefined {
  if (!last)
    showInfo(vscode.l10n.t('There is no answer yet: ask something about your code first.'), [
      command(vscode.l10n.t('Explain'), 'codeworm.explain'),
    ]);
  return last;
}

import * as vscode from 'vscode';
import { declaredTwice } from '../answers/judgeInsertion.ts';
import { command } from '../ui/errorActions.ts';
import { showWarning } from '../ui/notifications.ts';
import { namesText } from '../ui/proposalMessages.ts';
import { nameOf } from './encoding.ts';

/** Code, and where in a document it is to go. */
interface Inserted {
  document: vscode.TextDocument;
  at: number;
  text: string;
}

/**
 * Runs an insertion, at once where it declares nothing that the document declares already; else names that, with a
 * button that runs it all the same.
 */
export async function insertWithoutDuplicates(
  { document, at, text }: Inserted,
  run: () => Promise<void>,
): Promise<void> {
  const names = declaredTwice(document.getText(), at, text, document.languageId);
  if (names.length === 0) return run();
  showWarning(
    vscode.l10n.t('{0} declares {1} already: nothing was inserted.', nameOf(document), namesText(names)),
    [
      { title: vscode.l10n.t('Insert Anyway'), run },
      command(vscode.l10n.t('Show Answers'), 'codeworm.showAnswers'),
    ],
  );
}

import * as vscode from 'vscode';
import { declaredTwice } from '../answers/judgeInsertion.ts';
import { command } from '../ui/errorActions.ts';
import { showWarning } from '../ui/notifications.ts';
import { namesText } from '../ui/proposalMessages.ts';
import { nameOf } from './encoding.ts';

/** Code, and the position in a document where it is inserted. */
interface Inserted {
  document: vscode.TextDocument;
  at: number;
  text: string;
}

/**
 * Runs an insertion, unless the code declares names that the document declares already. Then a message lists
 * them, with a button that inserts anyway.
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

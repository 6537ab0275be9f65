import * as vscode from 'vscode';
import type { SavedAnswer } from '../generation/lastAnswer.ts';
import { command } from '../ui/errorActions.ts';
import { showWarning } from '../ui/notifications.ts';
import type { Services } from '../services.ts';
import { insertWithoutDuplicates } from '../editor/duplicates.ts';
import { changeWithoutLoss } from '../editor/encoding.ts';
import { cleanCharacters, type CleanedCharacters } from '../text/invisibleChars.ts';
import { notifyCharacters } from '../ui/characterMessages.ts';
import { singleCodeBlock } from '../answers/singleCodeBlock.ts';
import { closeCommandLinks } from '../text/closeCommandLinks.ts';
import { closingFence } from '../text/fences.ts';
import { sanitizeMarkdown } from '../text/sanitizeMarkdown.ts';
import { requireAnswer } from '../generation/requireAnswer.ts';
import { requireEditor } from '../editor/requireEditor.ts';

/** Copies the last answer as Markdown. */
export async function copyAnswer({ lastAnswer }: Services): Promise<void> {
  const answer = requireAnswer(lastAnswer);
  if (!answer) return;
  await vscode.env.clipboard.writeText(answer.text);
  vscode.window.setStatusBarMessage(
    answer.complete
      ? vscode.l10n.t('The answer has been copied.')
      : vscode.l10n.t('The answer has been copied; it is not complete.'),
    5000,
  );
}

/**
 * Inserts the last answer after the cursor as one undo step. If the answer has exactly one code block, only
 * its code is inserted. A selection is kept: it is usually the code that was asked about.
 */
export async function insertAnswer({ lastAnswer }: Services): Promise<void> {
  const answer = requireAnswer(lastAnswer);
  if (!answer) return;
  const editor = await requireEditor(
    vscode.l10n.t('Open a file first: the answer is inserted at the cursor.'),
  );
  if (!editor) return;
  const { text, ...characters } = textFor(answer, editor.document);
  const { document, selection } = editor;
  const at = document.offsetAt(selection.active);
  await insertWithoutDuplicates({ document, at, text }, () =>
    changeWithoutLoss(document, text, {
      title: vscode.l10n.t('Insert Anyway'),
      run: async () => {
        const done = await editor.edit((edit) => edit.insert(editor.selection.active, text));
        notifyInserted(done, answer.complete);
        if (done) notifyCharacters(characters);
      },
    }),
  );
}

function notifyInserted(done: boolean, complete: boolean): void {
  if (done && complete) return;
  if (done)
    showWarning(vscode.l10n.t('The answer that was inserted is not complete.'), [
      command(vscode.l10n.t('Show Answers'), 'codeworm.showAnswers'),
    ]);
  else
    showWarning(vscode.l10n.t('The answer could not be inserted: the file cannot be changed.'), [
      command(vscode.l10n.t('Copy Last Answer'), 'codeworm.copyAnswer'),
      command(vscode.l10n.t('Open Last Answer as Document'), 'codeworm.openAnswer'),
    ]);
}

/** The text without characters that could act in the document, such as bidirectional controls. */
function textFor({ text }: SavedAnswer, document: vscode.TextDocument): CleanedCharacters {
  const code = singleCodeBlock(text);
  const closed =
    document.languageId === 'markdown' && code !== undefined ? closeCommandLinks(code, '') : code;
  return cleanCharacters(closed ?? sanitizeMarkdown(text.trim()), document.getText());
}

/** Opens the last answer as a new Markdown document. */
export async function openAnswer({ lastAnswer }: Services): Promise<void> {
  const answer = requireAnswer(lastAnswer);
  if (!answer) return;
  const text = sanitizeMarkdown(answer.text.trim());
  const rest = answer.complete
    ? ''
    : `${closingFence(text).trimEnd()}\n\n*${vscode.l10n.t('The answer is not complete.')}*`;
  const content = `${text}${rest}\n`;
  const document = await vscode.workspace.openTextDocument({ language: 'markdown', content });
  await vscode.window.showTextDocument(document, { preview: false });
}

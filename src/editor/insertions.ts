import * as vscode from 'vscode';
import { reanchored } from '../code/reanchor.ts';
import { gapAt } from '../code/insertion.ts';
import { notifyCharacters } from '../ui/characterMessages.ts';
import { rejectionMessage } from '../ui/proposalMessages.ts';
import { cleanCharacters } from '../text/invisibleChars.ts';
import { closeCommandLinks } from '../text/closeCommandLinks.ts';
import { sanitizeMarkdown } from '../text/sanitizeMarkdown.ts';
import { findCode, fitCode, type CodeAnswer } from '../answers/codeAnswer.ts';
import { jobFor, runJob } from '../generation/questions.ts';
import { insertWithoutDuplicates } from './duplicates.ts';
import { changeWithoutLoss } from './encoding.ts';
import { rangeOf, reopened, notifyMoved } from './proposal.ts';
import type { LocatedSubject } from './subject.ts';
import {
  answerIn,
  replacedCodeOf,
  changedMeanwhileMessage,
  mayChange,
  refuse,
  actionsForRejectedAnswer,
  type Editing,
  type EditTask,
} from './edits.ts';

/** Languages in which an answer without a code block can be inserted as it is. */
const proseLanguages = new Set([
  'markdown',
  'plaintext',
  'restructuredtext',
  'asciidoc',
  'latex',
  'git-commit',
]);

/** Asks, and inserts the answer's code at the cursor. In a prose document, inserts its text. */
export async function insertGeneratedCode(services: Editing, task: EditTask): Promise<void> {
  const { action, title, place, question } = task;
  if (!mayChange(place)) return;
  const { subject } = place;
  const language = services.configuration.current.answerLanguage;
  const sink = services.outputChannel.quiet;
  const job = jobFor({ task: 'edits', action, title, subject, question, language, sink });
  const outcome = await runJob(services, job, (variation) =>
    insertGeneratedCode({ ...services, variation }, task),
  );
  if (outcome.kind !== 'finished') return;
  const answer = textToInsert(answerIn(outcome.result), place);
  if ('unusable' in answer)
    return refuse(
      services,
      rejectionMessage(answer, outcome.result),
      actionsForRejectedAnswer(answer.unusable, outcome.result),
    );
  const code = subject.languageId === 'markdown' ? closeCommandLinks(answer.code, '') : answer.code;
  const { document, cursor } = place;
  await insertWithoutDuplicates({ document, at: cursor, text: `\n${code}\n` }, () =>
    changeWithoutLoss(document, code, {
      title: vscode.l10n.t('Insert Anyway'),
      run: async () => {
        if (await insert(place, code)) notifyCharacters(answer.characters);
        else refuse(services, changedMeanwhileMessage(subject.path));
      },
    }),
  );
}

function textToInsert(answer: { text: string; isCut: boolean }, { subject }: LocatedSubject): CodeAnswer {
  const { languageId, path, fileText } = subject;
  const found = findCode(answer, { languageId, path, fileText });
  const isProse =
    'unusable' in found && found.unusable === 'noCode' && proseLanguages.has(subject.languageId);
  if (!isProse) return found;
  const { text, removed, replaced } = cleanCharacters(sanitizeMarkdown(answer.text.trim()), subject.fileText);
  const characters = removed + replaced > 0 ? { characters: { removed, replaced } } : {};
  return text === '' ? found : { code: text, ...characters };
}

/**
 * Inserts as one undo step. Returns false when the position no longer exists or the document cannot be
 * changed.
 */
async function insert(place: LocatedSubject, code: string): Promise<boolean> {
  const document = await reopened(place.document.uri);
  if (!document) return false;
  const { fileText } = place.subject;
  const { eol } = replacedCodeOf(place);
  const gap = gapAt({ fileText, offset: place.cursor, eol });
  const fitted = fitCode(code, { ...replacedCodeOf(place), replaced: `${gap.indentation}x`, before: '' });
  const [change] = reanchored(fileText, document.getText(), [gap.change(fitted)]) ?? [];
  if (!change) return false;
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, rangeOf(document, change), change.text);
  if (document.getText() !== fileText) notifyMoved(document);
  return vscode.workspace.applyEdit(edit);
}

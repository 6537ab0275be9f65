import * as vscode from 'vscode';
import { reanchored } from '../code/reanchor.ts';
import { gapAt } from '../code/insertion.ts';
import { rangeOf, reopened, sayMoved } from '../editor/proposal.ts';
import type { Located } from '../editor/subject.ts';
import type { Parts } from '../services.ts';
import { inertMarkdown, withoutNewPowers } from '../text/sanitizeMarkdown.ts';
import { findCode, fitCode, type CodeAnswer } from '../answers/codeAnswer.ts';
import { jobFor, runJob } from './askAboutCode.ts';
import {
  answerIn,
  codePlace,
  hasNoPlace,
  mayChange,
  refuse,
  remediesFor,
  sentenceFor,
  type EditTask,
} from './edit.ts';

/** Where an answer without code is as good as one with code. */
const proseLanguages = new Set([
  'markdown',
  'plaintext',
  'restructuredtext',
  'asciidoc',
  'latex',
  'git-commit',
]);

/** Asks, and inserts the code of the answer at the cursor; in a document of prose, its text. */
export async function insertAnswer(
  parts: Parts,
  { action, title, place, question }: EditTask,
): Promise<void> {
  if (!mayChange(place)) return;
  const { subject } = place;
  const language = parts.configuration.current.answerLanguage;
  const job = jobFor({ action, title, subject, question, language, sink: parts.output.quiet });
  const outcome = await runJob(parts, job);
  if (outcome.kind !== 'finished') return;
  const answer = textToInsert(answerIn(outcome.result), place);
  if ('unusable' in answer) return refuse(parts, sentenceFor(answer.unusable), remediesFor(answer.unusable));
  const code = subject.languageId === 'markdown' ? withoutNewPowers(answer.code, '') : answer.code;
  if (!(await insert(place, code))) refuse(parts, hasNoPlace(subject.path));
}

function textToInsert(answer: { text: string; isCut: boolean }, { subject }: Located): CodeAnswer {
  const found = findCode(answer, subject);
  const isProse =
    'unusable' in found && found.unusable === 'noCode' && proseLanguages.has(subject.languageId);
  const text = inertMarkdown(answer.text.trim());
  return isProse && text !== '' ? { code: text } : found;
}

/** In one step for Undo; false when the place is gone or the document cannot be changed. */
async function insert(place: Located, code: string): Promise<boolean> {
  const document = await reopened(place.document.uri);
  if (!document) return false;
  const { fileText } = place.subject;
  const { eol } = codePlace(place);
  const gap = gapAt({ fileText, offset: place.cursor, eol });
  const fitted = fitCode(code, { ...codePlace(place), replaced: `${gap.indentation}x`, before: '' });
  const [change] = reanchored(fileText, document.getText(), [gap.change(fitted)]) ?? [];
  if (!change) return false;
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, rangeOf(document, change), change.text);
  if (document.getText() !== fileText) sayMoved(document);
  return vscode.workspace.applyEdit(edit);
}

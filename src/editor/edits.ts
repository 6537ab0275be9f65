import * as vscode from 'vscode';
import type { ReplacedCode } from '../answers/codeAnswer.ts';
import { judgeAnswer } from '../answers/judge.ts';
import type { ChangeEffect, Judgment, Refusal } from '../answers/judgeTypes.ts';
import { schemes } from '../contributions.ts';
import { jobFor, runJob, type Asking } from '../generation/questions.ts';
import type { GenerationResult } from '../ollama/index.ts';
import type { ActionId } from '../prompts/actions.ts';
import { closeCommandLinks } from '../text/closeCommandLinks.ts';
import { notifyCharacters } from '../ui/characterMessages.ts';
import { command, limitSetting, showAnswersButton } from '../ui/errorActions.ts';
import { showInfo, showWarning, type MessageAction } from '../ui/notifications.ts';
import { effectMessage, effectTitle, rejectionMessage } from '../ui/proposalMessages.ts';
import { nameOf } from './encoding.ts';
import type { Proposals } from './proposal.ts';
import { withIndentation, type LocatedSubject } from './subject.ts';

/** What to change, and the instruction for it. */
export interface EditTask {
  action: ActionId;
  title: string;
  place: LocatedSubject;
  question?: string | undefined;
}

/** The services that an edit needs. */
export interface Editing extends Asking {
  proposals: Proposals;
}

/** Asks for new code and proposes it in a diff. An answer without code is only shown. */
export async function proposeEdit(services: Editing, task: EditTask): Promise<void> {
  if (!mayChange(task.place)) return;
  const place = withIndentation(task.place);
  const { action, title, question } = task;
  const { subject } = place;
  const language = services.configuration.current.answerLanguage;
  const sink = services.outputChannel.quiet;
  const job = jobFor({ task: 'edits', action, title, subject, question, language, sink, needsAll: true });
  const outcome = await runJob(services, job, (variation) => proposeEdit({ ...services, variation }, task));
  if (outcome.kind === 'finished') await proposeAnswer(services, { title, place, result: outcome.result });
}

/** An answer, and the code that it may replace. */
export interface AnswerToPropose {
  title: string;
  place: LocatedSubject;
  result: GenerationResult;
}

/** Whether an answer has code that can be proposed. */
export function canPropose({ place, result }: AnswerToPropose): boolean {
  return isWritable(place.document.uri) && !('unusable' in judge(withIndentation(place), result));
}

/** Shows the code of an answer as a diff, or the reason why there is none. */
export async function proposeAnswer(services: Editing, answer: AnswerToPropose): Promise<void> {
  const { title, result } = answer;
  const place = withIndentation(answer.place);
  const { subject, document } = place;
  const judgment = judge(place, result);
  if ('unusable' in judgment)
    return refuse(
      services,
      rejectionMessage(judgment, result),
      actionsForRejectedAnswer(judgment.unusable, result),
    );
  const changes = judgment.changes.map((change) =>
    subject.languageId === 'markdown'
      ? { ...change, text: closeCommandLinks(change.text, subject.fileText) }
      : change,
  );
  const heading = effectTitle(title, nameOf(document), judgment);
  const original = subject.fileText;
  const shown = await services.proposals.propose({
    document,
    original,
    changes,
    title,
    ...(heading && { heading }),
  });
  if (!shown) return refuse(services, changedMeanwhileMessage(subject.path));
  notifyCharacters(judgment.characters);
  notifyEffect(shown, nameOf(document), judgment);
}

function judge(place: LocatedSubject, result: GenerationResult): Judgment {
  const { start, end } = place;
  return judgeAnswer(answerIn(result), { ...replacedCodeOf(place), start, end });
}

/**
 * Before the change is accepted: names what it removes, and says when only a part of the answer is proposed.
 */
function notifyEffect(shown: vscode.Uri, file: string, effect: ChangeEffect): void {
  const message = effectMessage(file, effect);
  if (message) showWarning(message, [accept(shown), discard(shown)]);
  if (effect.isRestricted)
    showInfo(
      vscode.l10n.t(
        'The answer changes more than what was asked about: only the change to that is proposed, and the rest is in the output.',
      ),
      [showAnswersButton()],
    );
}

/** The answer in the form that `judgeAnswer` needs. */
export function answerIn({ text, doneReason, windowFull }: GenerationResult): {
  text: string;
  isCut: boolean;
} {
  return { text, isCut: doneReason === 'length' || windowFull === true };
}

/** The code that will be replaced, as it was when the question was asked, for `judgeAnswer`. */
export function replacedCodeOf({ document, subject, before }: LocatedSubject): ReplacedCode {
  const { code, fileText, languageId, path } = subject;
  const eol = document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n';
  return { replaced: code, before, fileText, languageId, path, eol };
}

/** Shows why an answer is not used, and the answer itself. */
export function refuse(
  { outputChannel }: Pick<Asking, 'outputChannel'>,
  sentence: string,
  actions: MessageAction[] = [],
): void {
  outputChannel.show();
  showWarning(sentence, [...actions, showAnswersButton()]);
}

export function actionsForRejectedAnswer(unusable: Refusal, result: GenerationResult): MessageAction[] {
  return unusable === 'cut' ? [limitSetting(result)] : [];
}

/** The message for a document that changed while the model was writing. */
export function changedMeanwhileMessage(path: string): string {
  return vscode.l10n.t(
    '{0} has changed where the new code was to go: nothing is proposed, and the text is in the output.',
    path,
  );
}

function isWritable({ scheme }: vscode.Uri): boolean {
  return scheme !== schemes.proposal && vscode.workspace.fs.isWritableFileSystem(scheme) !== false;
}

/** Whether the document can be changed. Checked before asking; shows a message if it cannot. */
export function mayChange({ document: { uri }, subject }: LocatedSubject): boolean {
  if (isWritable(uri)) return true;
  showInfo(
    uri.scheme === schemes.proposal
      ? vscode.l10n.t('This is a proposal: accept or discard it, then ask for the next one.')
      : vscode.l10n.t('{0} is read-only: CodeWorm cannot change it.', subject.path),
    uri.scheme === schemes.proposal ? [accept(), discard()] : [],
  );
  return false;
}

/** Buttons for a proposal; by default, for the visible one. */
const accept = (shown?: vscode.Uri): MessageAction =>
  command(vscode.l10n.t('Accept Edit'), 'codeworm.acceptEdit', shown);
const discard = (shown?: vscode.Uri): MessageAction =>
  command(vscode.l10n.t('Discard Edit'), 'codeworm.discardEdit', shown);

import * as vscode from 'vscode';
import { schemes } from '../contributions.ts';
import { nameOf } from '../editor/encoding.ts';
import { withIndentation, type LocatedSubject } from '../editor/subject.ts';
import { lossMessage, notifyCharacters } from '../ui/characterMessages.ts';
import { command, limitSetting, vscodeCommand } from '../ui/errorActions.ts';
import { showInfo, showWarning, type MessageAction } from '../ui/notifications.ts';
import { effectMessage, effectTitle, rejectionMessage } from '../ui/proposalMessages.ts';
import type { GenerationResult } from '../ollama/index.ts';
import type { Services } from '../services.ts';
import type { ActionId } from '../prompts/actions.ts';
import { closeCommandLinks } from '../text/closeCommandLinks.ts';
import type { ReplacedCode } from '../answers/codeAnswer.ts';
import { judgeAnswer } from '../answers/judge.ts';
import type { ChangeEffect, Refusal } from '../answers/judgeTypes.ts';
import { kindsIn, textIn } from './arguments.ts';
import { currentSubject, jobFor, runJob } from './askAboutCode.ts';

/** What to change, and the instruction for it. */
export interface EditTask {
  action: ActionId;
  title: string;
  place: LocatedSubject;
  question?: string | undefined;
}

/** Asks the model to rewrite the code at the cursor and shows the change as a diff. */
export async function editCode(
  services: Services,
  action: ActionId,
  title: string,
  args?: unknown,
): Promise<void> {
  const place = await currentSubject(kindsIn(args));
  if (place) await proposeEdit(services, { action, title, place });
}

/** Like `editCode`, with an instruction from the user. A key binding may contain the instruction. */
export async function editWithInstruction(services: Services, args?: unknown): Promise<void> {
  const place = await currentSubject(kindsIn(args));
  if (!place || !mayChange(place)) return;
  const { kind, name, path } = place.subject;
  const instruction =
    textIn(args, 'instruction') ??
    (await vscode.window.showInputBox({
      title: vscode.l10n.t('Edit {0}', kind === 'symbol' ? name : path),
      prompt: vscode.l10n.t('What shall be changed? The change is shown as a diff before it is made.'),
      ignoreFocusOut: true,
    }));
  if (instruction?.trim())
    await proposeEdit(services, {
      action: 'edit',
      title: vscode.l10n.t('Edit'),
      place,
      question: instruction,
    });
}

/** Asks for new code and proposes it in a diff. An answer without code is only shown. */
export async function proposeEdit(services: Services, task: EditTask): Promise<void> {
  if (!mayChange(task.place)) return;
  const place = withIndentation(task.place);
  const { action, title, question } = task;
  const { subject, document, start, end } = place;
  const language = services.configuration.current.answerLanguage;
  const sink = services.outputChannel.quiet;
  const job = jobFor({ task: 'edits', action, title, subject, question, language, sink, needsAll: true });
  const outcome = await runJob(services, job, (varied) => proposeEdit(varied, task));
  if (outcome.kind !== 'finished') return;
  const judgment = judgeAnswer(answerIn(outcome.result), { ...replacedCodeOf(place), start, end });
  if ('unusable' in judgment)
    return refuse(
      services,
      rejectionMessage(judgment, outcome.result),
      actionsForRejectedAnswer(judgment.unusable, outcome.result),
    );
  if (outcome.result.truncated) return refuse(services, promptWasCut());
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
  if (!shown) return refuse(services, hasNoPlace(subject.path));
  notifyCharacters(judgment.characters);
  notifyEffect(services, shown, nameOf(document), judgment);
}

/**
 * Before the change is accepted: names what it removes, and says when only a part of the answer is proposed.
 */
function notifyEffect(services: Services, shown: vscode.Uri, file: string, effect: ChangeEffect): void {
  const message = effectMessage(file, effect);
  if (message)
    showWarning(message, [
      { title: vscode.l10n.t('Accept Edit'), run: () => acceptEdit(services, shown) },
      { title: vscode.l10n.t('Discard Edit'), run: () => discardEdit(services, shown) },
    ]);
  if (effect.isRestricted)
    showInfo(
      vscode.l10n.t(
        'The answer changes more than what was asked about: only the change to that is proposed, and the rest is in the output.',
      ),
      [showAnswers()],
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
export function refuse({ outputChannel }: Services, sentence: string, remedies: MessageAction[] = []): void {
  outputChannel.show();
  showWarning(sentence, [...remedies, showAnswers()]);
}

export function actionsForRejectedAnswer(unusable: Refusal, result: GenerationResult): MessageAction[] {
  return unusable === 'cut' ? [limitSetting(result)] : [];
}

export function promptWasCut(): string {
  return vscode.l10n.t(
    'The server has silently cut the prompt, so the new code would lack a part: nothing is proposed. Update Ollama, or select less.',
  );
}

/** The message for a document that changed while the model was writing. */
export function hasNoPlace(path: string): string {
  return vscode.l10n.t(
    '{0} has changed where the new code was to go: nothing is proposed, and the text is in the output.',
    path,
  );
}

/** Whether the document can be changed. Checked before asking; shows a message if it cannot. */
export function mayChange({ document: { uri }, subject }: LocatedSubject): boolean {
  const isWritable = vscode.workspace.fs.isWritableFileSystem(uri.scheme) !== false;
  if (isWritable && uri.scheme !== schemes.proposal) return true;
  showInfo(
    uri.scheme === schemes.proposal
      ? vscode.l10n.t('This is a proposal: accept or discard it, then ask for the next one.')
      : vscode.l10n.t('{0} is read-only: CodeWorm cannot change it.', subject.path),
    uri.scheme === schemes.proposal ? [accept(), discard()] : [],
  );
  return false;
}

const accept = (): MessageAction => command(vscode.l10n.t('Accept Edit'), 'codeworm.acceptEdit');
const discard = (): MessageAction => command(vscode.l10n.t('Discard Edit'), 'codeworm.discardEdit');
const showAnswers = (): MessageAction => command(vscode.l10n.t('Show Answers'), 'codeworm.showAnswers');

/** Applies the change shown in a diff. */
export async function acceptEdit(services: Services, button?: unknown): Promise<void> {
  await makeProposed(services, button, false);
}

async function makeProposed(services: Services, button: unknown, mayLose: boolean): Promise<void> {
  const { proposals } = services;
  const shown = proposals.proposalFor(button);
  if (!shown) return notifyNoProposal();
  const name = shown.path.slice(shown.path.lastIndexOf('/') + 1);
  switch (await proposals.accept(shown, mayLose)) {
    case 'done':
      return;
    case 'gone':
      return showWarning(vscode.l10n.t('{0} is closed or gone: the change was not made.', name), [
        showAnswers(),
      ]);
    case 'changed':
      return showWarning(
        vscode.l10n.t(
          '{0} has changed where the new code was to go: the change was not made. Undo there, or ask again.',
          name,
        ),
        [showAnswers()],
      );
    case 'lossy': {
      const { encoding, lost } = await proposals.lossOf(shown);
      const title = vscode.l10n.t('Accept Anyway');
      return showWarning(lossMessage(name, encoding, lost), [
        { title, run: () => makeProposed(services, shown, true) },
      ]);
    }
    case 'refused':
      return showWarning(vscode.l10n.t('VS Code could not change {0}: is it read-only?', name), [
        showAnswers(),
      ]);
  }
}

/** Closes the diff without changing the file. */
export async function discardEdit({ proposals }: Services, button?: unknown): Promise<void> {
  const shown = proposals.proposalFor(button);
  if (shown) await proposals.discard(shown);
  else notifyNoProposal();
}

function notifyNoProposal(): void {
  showInfo(
    vscode.l10n.t('Open the diff with the change first: it is the one that is accepted or discarded.'),
    [vscodeCommand(vscode.l10n.t('Show Open Editors'), 'workbench.action.showAllEditors')],
  );
}

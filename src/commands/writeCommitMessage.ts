import * as vscode from 'vscode';
import { setContextKey } from '../ui/contextKeys.ts';
import { activeEditor } from '../editor/activeEditor.ts';
import { changesToCommit, chosenRepository, stagedChanges, type Repository } from '../editor/git.ts';
import { InputBoxWriter } from '../editor/inputBoxWriter.ts';
import { command, setting, vscodeCommand } from '../ui/errorActions.ts';
import type { GenerationSink, Job, Outcome } from '../generation/queue.ts';
import { showInfo } from '../ui/notifications.ts';
import type { Services } from '../services.ts';
import { buildCommitPrompt, commitMessageIn, type Changes, type Trimmed } from '../prompts/commitMessage.ts';
import { runJob } from './askAboutCode.ts';

/** The one that is being written, in whatever repository. */
let running: AbortController | undefined;

/**
 * Writes a commit message for what is staged into the box of the Source Control view.
 * @param source the source control that the button belongs to
 */
export async function writeCommitMessage(services: Services, source?: unknown): Promise<void> {
  if (running) return;
  const repository = await chosenRepository(rootOf(source), activeEditor()?.document.uri);
  if (!repository)
    return showInfo(vscode.l10n.t('There is no Git repository here to write a commit message for.'), [
      vscodeCommand(vscode.l10n.t('Open Source Control'), 'workbench.view.scm'),
    ]);
  await repository.status();
  const staged = await stagedChanges(repository);
  if (staged) return writeFor(services, repository, staged);
  const all = await changesToCommit(repository);
  if (!all) return showInfo(vscode.l10n.t('There are no changes to write a commit message for.'));
  showInfo(vscode.l10n.t('Nothing is staged.'), [
    { title: vscode.l10n.t('Use All Changes'), run: () => writeFor(services, repository, all) },
  ]);
}

/** Stops the message alone; other answers go on. */
export function cancelCommitMessage(): void {
  running?.abort();
}

function rootOf(source: unknown): vscode.Uri | undefined {
  const root =
    typeof source === 'object' && source !== null && 'rootUri' in source ? source.rootUri : undefined;
  return root instanceof vscode.Uri ? root : undefined;
}

async function writeFor(services: Services, repository: Repository, changes: Changes): Promise<void> {
  if (running) return;
  running = new AbortController();
  setWriting(true);
  const box = new InputBoxWriter(repository.inputBox);
  let answer = '';
  let trimmed: Trimmed | undefined;
  const sink: GenerationSink = {
    begin: () => undefined,
    onEvent: (event) => {
      switch (event.type) {
        case 'text':
          answer += event.text;
          return box.show(commitMessageIn(answer, false));
        case 'thinking':
        case 'toolCall':
        case 'phase':
        case 'retry':
          return;
      }
    },
    end: () => undefined,
  };
  try {
    const job: Job = {
      task: 'commitMessages',
      title: vscode.l10n.t('Commit Message'),
      subject: changes.branch ?? '',
      sink,
      signal: running.signal,
      prompt: (budget) => {
        const { trimmed: left, ...prompt } = buildCommitPrompt(changes, budget);
        trimmed = left;
        return prompt;
      },
    };
    const outcome = await runJob(services, job, (varied) => writeFor(varied, repository, changes));
    settle(box, commitMessageIn(answer, true), outcome, trimmed);
  } finally {
    running = undefined;
    setWriting(false);
  }
}

function setWriting(writing: boolean): void {
  setContextKey('codeworm.writingCommitMessage', writing);
}

/** Half a message is none: what the user had typed comes back, and the text stays as the last answer. */
function settle(box: InputBoxWriter, message: string, outcome: Outcome, trimmed: Trimmed | undefined): void {
  const cut = outcome.kind === 'finished' && outcome.result.doneReason === 'length';
  if (outcome.kind !== 'finished' || !message) {
    box.restore();
    if (outcome.kind === 'finished') notifyEmptyAnswer();
    return;
  }
  const isShown = box.show(message);
  const facts = [
    ...(isShown
      ? []
      : [vscode.l10n.t('You have typed in the box meanwhile, so the message was not put there.')]),
    ...(isShown && box.before.trim() ? [vscode.l10n.t('The message replaces what you had typed.')] : []),
    ...(cut ? [vscode.l10n.t('The message was cut at the token limit.')] : []),
    ...(trimmed ? [trimmedLine(trimmed)] : []),
  ];
  if (facts.length === 0) return;
  showInfo(facts.join(' '), [
    ...(cut ? [setting(vscode.l10n.t('Change Token Limit'), 'numPredict')] : []),
    ...(isShown ? [] : [{ title: vscode.l10n.t('Insert Below'), run: () => box.addBelow(message) }]),
    ...(isShown && box.before.trim() ? [{ title: vscode.l10n.t('Restore'), run: () => box.restore() }] : []),
  ]);
}

function notifyEmptyAnswer(): void {
  showInfo(vscode.l10n.t('The model wrote no commit message.'), [
    command(vscode.l10n.t('Try Again'), 'codeworm.writeCommitMessage'),
  ]);
}

function trimmedLine({ cut, named, total }: Trimmed): string {
  return vscode.l10n.t(
    'The changes are too long to be read whole: of {0} files, {1} were read in part and {2} by name only.',
    total,
    cut.length,
    named.length,
  );
}

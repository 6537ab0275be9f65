import * as vscode from 'vscode';
import { setContextKey } from '../ui/contextKeys.ts';
import {
  commitMessageIn,
  readCommitMessage,
  type CommitMessageOptions,
} from '../answers/commitMessageAnswer.ts';
import { activeEditor } from '../editor/activeEditor.ts';
import {
  chosenRepository,
  commitContext,
  hasGit,
  stagedChanges,
  unstagedChanges,
  type Repository,
} from '../editor/git.ts';
import { GitError } from '../editor/gitProgram.ts';
import { InputBoxWriter } from '../editor/inputBoxWriter.ts';
import { command, limitSetting, vscodeCommand } from '../ui/errorActions.ts';
import type { GenerationSink, Job, Outcome } from '../generation/queue.ts';
import { charactersMessage } from '../ui/characterMessages.ts';
import { showError, showInfo, showWarning } from '../ui/notifications.ts';
import type { Services } from '../services.ts';
import { buildCommitPrompt, type Changes, type Trimmed } from '../prompts/commitMessage.ts';
import { decodeControlTokens } from '../prompts/controlTokens.ts';
import { endsInFullStop } from '../prompts/commitStyle.ts';
import type { Again } from '../generation/repeat.ts';
import { isFields, type GenerationResult } from '../ollama/index.ts';
import { runJob } from '../generation/questions.ts';

/** The message being written, in any repository. */
let running: AbortController | undefined;

/**
 * Writes a commit message for the staged changes into the input box of the Source Control view.
 * @param source the source control whose button was pressed
 */
export async function writeCommitMessage(services: Services, source?: unknown): Promise<void> {
  if (running) return;
  const repository = await chosenRepository(rootOf(source), activeEditor()?.document.uri);
  if (!repository) return notifyNoRepository(await hasGit());
  try {
    await writeForRepository(services, repository);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    services.log.warn('git_failed', { kind: error.kind });
    showError(gitMessage(error), [vscodeCommand(vscode.l10n.t('Show Git Log'), 'git.showOutput')]);
  }
}

async function writeForRepository(services: Services, repository: Repository): Promise<void> {
  // Refreshes the Git extension for a repository on another machine. A local one is read by Git itself, so an
  // error does not matter.
  await repository.status().catch(() => undefined);
  const staged = await stagedChanges(repository);
  if (staged.files.length > 0) return writeFor(services, repository, staged);
  if (staged.conflicts.length > 0) return showWarning(conflictMessage(staged.conflicts, false));
  const all = await unstagedChanges(repository);
  if (all.files.length === 0)
    return showInfo(vscode.l10n.t('There are no changes to write a commit message for.'));
  showInfo(vscode.l10n.t('Nothing is staged.'), [
    { title: vscode.l10n.t('Use All Changes'), run: () => writeFor(services, repository, all) },
  ]);
}

/** Cancels only the commit message; other answers continue. */
export function cancelCommitMessage(): void {
  running?.abort();
}

function rootOf(source: unknown): vscode.Uri | undefined {
  const root = isFields(source) ? source['rootUri'] : undefined;
  return root instanceof vscode.Uri ? root : undefined;
}

/** In a remote window, Git runs on the other machine, where this extension may not run. */
function notifyNoRepository(isGitHere: boolean): void {
  if (isGitHere || vscode.env.remoteName === undefined)
    return showInfo(vscode.l10n.t('There is no Git repository here to write a commit message for.'), [
      vscodeCommand(vscode.l10n.t('Open Source Control'), 'workbench.view.scm'),
    ]);
  showWarning(
    vscode.l10n.t(
      'Git runs on {0} here, and CodeWorm on your own machine, so that it cannot ask Git: add "codeworm.codeworm": ["workspace"] to the setting remote.extensionKind and reload the window.',
      vscode.env.remoteName,
    ),
    [vscodeCommand(vscode.l10n.t('Open Setting'), 'workbench.action.openSettings', 'remote.extensionKind')],
  );
}

function gitMessage({ kind, detail }: GitError): string {
  switch (kind) {
    case 'missing':
      return vscode.l10n.t(
        'Git could not be started, so no commit message was written: check the setting git.path.',
      );
    case 'slow':
      return vscode.l10n.t('Git did not answer in time, so no commit message was written: try again.');
    case 'failed':
      return detail
        ? vscode.l10n.t('Git could not show the changes, so no commit message was written: {0}', detail)
        : vscode.l10n.t('Git could not show the changes, so no commit message was written: see its log.');
    case 'unreadable':
      return vscode.l10n.t(
        'What Git says about the changes could not be read, so no commit message was written: see its log.',
      );
  }
}

async function writeFor(
  services: Services,
  repository: Repository,
  { files, conflicts }: Pick<Changes, 'files'> & { conflicts: string[] },
): Promise<void> {
  if (running) return;
  running = new AbortController();
  setWriting(true);
  try {
    const { branch, subjects, prepared } = await commitContext(repository);
    const {
      commitInstructions: instructions,
      answerLanguage,
      isAnswerLanguageAuto,
    } = services.configuration.current;
    // The repository's history shows its language better than the language of the window.
    const language = isAnswerLanguageAuto && subjects.length > 0 ? undefined : answerLanguage;
    const changes = { files, conflicts, branch, subjects, prepared, instructions, language };
    const options = { prepared, instructions, fullStop: endsInFullStop(subjects) };
    const box = new InputBoxWriter(repository.inputBox);
    const again: Again = (variation) =>
      writeFor({ ...services, variation }, repository, { files, conflicts });
    await generateInto(box, services, { changes, options, signal: running.signal, again });
  } finally {
    running = undefined;
    setWriting(false);
  }
}

/** One commit message: what is asked about, and how its answer is read. */
interface Request {
  changes: Changes;
  options: CommitMessageOptions;
  signal: AbortSignal;
  again: Again;
}

async function generateInto(
  box: InputBoxWriter,
  services: Services,
  { changes, options, signal, again }: Request,
): Promise<void> {
  let answer = '';
  let trimmed: Trimmed | undefined;
  let known = '';
  const sink = textSink((text) => {
    answer = text;
    if (text !== '') box.show(commitMessageIn(text, false, { ...options, known }));
  });
  const job: Job = {
    task: 'commitMessages',
    title: vscode.l10n.t('Commit Message'),
    subject: changes.branch ?? '',
    sink,
    signal,
    prompt: (budget) => {
      const { trimmed: left, ...prompt } = buildCommitPrompt(changes, budget);
      trimmed = left;
      known = decodeControlTokens(prompt.prompt);
      return prompt;
    },
  };
  const outcome = await runJob(services, job, again);
  settle(box, readCommitMessage(answer, { ...options, known }), outcome, [
    ...(changes.conflicts?.length ? [conflictMessage(changes.conflicts, true)] : []),
    ...(trimmed ? [trimmedLine(trimmed)] : []),
  ]);
}

/** A sink that passes on the answer so far, whenever it has changed. */
function textSink(show: (answer: string) => void): GenerationSink {
  let answer = '';
  return {
    begin: () => undefined,
    onEvent: (event) => {
      switch (event.type) {
        case 'text':
          answer += event.text;
          return show(answer);
        case 'restart':
          answer = '';
          return show(answer);
        case 'thinking':
        case 'toolCall':
        case 'phase':
        case 'retry':
          return;
      }
    },
    end: () => undefined,
  };
}

function setWriting(writing: boolean): void {
  setContextKey('codeworm.writingCommitMessage', writing);
}

/**
 * Shows the result. An incomplete message is not used: the user's text is restored, and the answer stays the
 * last answer.
 * @param known facts to add to the message for the user
 */
function settle(
  box: InputBoxWriter,
  { message, candidates }: { message: string; candidates: number },
  outcome: Outcome,
  known: readonly string[],
): void {
  const cut = outcome.kind === 'finished' ? cutResult(outcome.result) : undefined;
  if (outcome.kind !== 'finished' || !message) {
    box.restore();
    if (outcome.kind === 'finished') notifyEmptyAnswer();
    return;
  }
  const isShown = box.show(message);
  const before = box.before.trim();
  const isReplaced = isShown && before !== '' && !message.includes(before);
  const facts = [
    ...(isShown
      ? []
      : [vscode.l10n.t('You have typed in the box meanwhile, so the message was not put there.')]),
    ...(isReplaced ? [vscode.l10n.t('The message replaces what you had typed.')] : []),
    ...(candidates > 1
      ? [vscode.l10n.t('The model offered {0} messages; this is the first.', candidates)]
      : []),
    ...(cut ? [cutMessage(cut)] : []),
    ...known,
    ...(outcome.dropped > 0 ? [charactersMessage({ removed: outcome.dropped, replaced: 0 }) ?? ''] : []),
  ];
  if (facts.length === 0) return;
  showInfo(facts.join(' '), [
    ...(cut ? [limitSetting(cut)] : []),
    ...(isShown ? [] : [{ title: vscode.l10n.t('Insert Below'), run: () => box.addBelow(message) }]),
    ...(isReplaced ? [{ title: vscode.l10n.t('Restore'), run: () => box.restore() }] : []),
  ]);
}

function cutResult(result: GenerationResult): GenerationResult | undefined {
  return result.doneReason === 'length' || result.windowFull ? result : undefined;
}

function cutMessage({ windowFull }: GenerationResult): string {
  return windowFull
    ? vscode.l10n.t('The message was cut because the context window was full.')
    : vscode.l10n.t('The message was cut at the token limit.');
}

function notifyEmptyAnswer(): void {
  showInfo(vscode.l10n.t('The model wrote no commit message.'), [
    command(vscode.l10n.t('Try Again'), 'codeworm.writeCommitMessage'),
  ]);
}

/** Most files named in one message to the user. */
const mostNamed = 5;

function conflictMessage(conflicts: readonly string[], isWritten: boolean): string {
  const names = conflicts.slice(0, mostNamed).join(', ') + (conflicts.length > mostNamed ? ', …' : '');
  return isWritten
    ? vscode.l10n.t('Files with conflicts are not in the message: {0}.', names)
    : vscode.l10n.t(
        'There are conflicts in {0}: resolve and stage them before a commit message is written.',
        names,
      );
}

function trimmedLine({ cut, named, total }: Trimmed): string {
  return vscode.l10n.t(
    'The changes are too long to be read whole: of {0} files, {1} were read in part and {2} by name only.',
    total,
    cut.length,
    named.length,
  );
}

import * as vscode from 'vscode';
import type { SuggestionSwitch } from '../completion/switch.ts';
import type { CommandId } from '../contributions.ts';
import { downloadPage } from '../ui/errorActions.ts';
import type { Services } from '../services.ts';
import { isOllama } from '../status/serverName.ts';
import { can, type PagesActivity, type ServerFacts, type Status } from '../status/status.ts';

/** One of our commands, or one of VS Code's. */
type ActionCommand = CommandId | 'vscode.open' | 'workbench.action.openSettings';
type ActionItem = vscode.QuickPickItem & { command: ActionCommand; args?: unknown[] };

/** The list behind a click on the status bar item: the actions that make sense now. */
export async function showActions({ monitor, lastAnswer, suggestions }: Services): Promise<void> {
  const items = [
    ...actionsFor(monitor.status, lastAnswer.last !== undefined).filter(({ command }) =>
      isPossible(monitor.facts, command),
    ),
    ...suggestionActions((await suggestions.load()).switch),
  ];
  const chosen = await vscode.window.showQuickPick(items, { title: 'CodeWorm' });
  if (chosen) await vscode.commands.executeCommand(chosen.command, ...(chosen.args ?? []));
}

/** Whether the server can do what a command needs. */
function isPossible(facts: ServerFacts, command: ActionCommand): boolean {
  switch (command) {
    case 'codeworm.startOllama':
      return isOllama(facts);
    case 'codeworm.pullModel':
      return can(facts, 'pull');
    case 'codeworm.prewarm':
      return can(facts, 'load');
    case 'codeworm.unload':
      return can(facts, 'unload');
    default:
      return true;
  }
}

const item = (icon: string, label: string, command: ActionCommand, ...args: unknown[]): ActionItem => ({
  label: `$(${icon}) ${label}`,
  command,
  args,
});

/** On, off or pause, depending on the current state. */
function suggestionActions({ isEnabled, refusal }: SuggestionSwitch): ActionItem[] {
  const turnOn = item(
    'sparkle',
    vscode.l10n.t('Turn On Suggestions While Typing'),
    'codeworm.turnOnSuggestions',
  );
  if (!isEnabled) return [turnOn];
  const resume = item('debug-start', vscode.l10n.t('Resume Suggestions'), 'codeworm.turnOnSuggestions');
  const pause = item(
    'debug-pause',
    vscode.l10n.t('Pause Suggestions for an Hour'),
    'codeworm.pauseSuggestions',
  );
  return [
    refusal?.reason === 'paused' ? resume : pause,
    item('circle-slash', vscode.l10n.t('Turn Off Suggestions While Typing'), 'codeworm.turnOffSuggestions'),
    item('question', vscode.l10n.t('Why Is There No Suggestion Here?'), 'codeworm.whyNoSuggestion'),
  ];
}

function actionsFor(status: Status, hasAnswer: boolean): ActionItem[] {
  const cancel = item('debug-stop', vscode.l10n.t('Cancel'), 'codeworm.cancel');
  const health = item('pulse', vscode.l10n.t('Check Health'), 'codeworm.checkHealth');
  const diagnosis = item('debug-console', vscode.l10n.t('Diagnose Connection'), 'codeworm.diagnose');
  const select = item('list-selection', vscode.l10n.t('Select Model'), 'codeworm.selectModel');
  const pull = item('cloud-download', vscode.l10n.t('Pull a Model'), 'codeworm.pullModel');
  const load = item('flame', vscode.l10n.t('Prewarm Model'), 'codeworm.prewarm');
  const unload = item('clear-all', vscode.l10n.t('Unload Model'), 'codeworm.unload');
  const download = item('link-external', vscode.l10n.t('Download Ollama'), 'vscode.open', downloadPage);
  const firstMinutes = item('compass', vscode.l10n.t('First Minutes'), 'codeworm.openWalkthrough');
  const questions = [
    ...(hasAnswer ? lastAnswerActions() : []),
    item('comment', vscode.l10n.t('Chat With Your Model'), 'codeworm.openChat'),
  ];
  const others = [
    item('output', vscode.l10n.t('Show Answers'), 'codeworm.showAnswers'),
    item('list-tree', vscode.l10n.t('Show Log'), 'codeworm.showLog'),
    item('gear', vscode.l10n.t('Open Settings'), 'workbench.action.openSettings', 'codeworm'),
  ];
  switch (status.kind) {
    case 'working':
      return [cancel, ...questions, ...others];
    case 'notApproved':
      return [
        item('shield', vscode.l10n.t('Approve Server'), 'codeworm.approveServer'),
        ...questions,
        ...others,
      ];
    case 'checking':
      return [health, diagnosis, ...questions, ...others];
    case 'offline':
      return [
        item('play-circle', vscode.l10n.t('Start Ollama'), 'codeworm.startOllama'),
        diagnosis,
        health,
        firstMinutes,
        ...questions,
        ...others,
      ];
    case 'noModel':
      return [pull, health, firstMinutes, ...questions, ...others];
    case 'modelNotInstalled':
      return [
        item('cloud-download', vscode.l10n.t('Pull {0}', status.model), 'codeworm.pullModel', status.model),
        select,
        health,
        ...questions,
        ...others,
      ];
    case 'remote':
      return [...questions, select, health, ...others];
    case 'idle':
      return [load, ...questions, select, health, ...others];
    case 'error':
      return status.problem.kind === 'tooOld'
        ? [download, diagnosis, health, ...questions, ...others]
        : [diagnosis, load, select, health, ...questions, ...others];
    case 'loading':
      return [...questions, health, ...others];
    case 'pulling':
      return [
        item('debug-stop', vscode.l10n.t('Stop Pulling the Model'), 'codeworm.cancelPull'),
        ...questions,
        select,
        health,
        ...others,
      ];
    case 'pages':
      return [...pagesActions(status), ...questions, select, health, ...others];
    case 'ready':
    case 'reduced':
      return [...questions, select, unload, health, ...others];
  }
}

function lastAnswerActions(): ActionItem[] {
  return [
    item('comment-discussion', vscode.l10n.t('Ask a Follow-Up…'), 'codeworm.followUp'),
    item('comment', vscode.l10n.t('Continue in Chat'), 'codeworm.continueInChat'),
    item('go-to-file', vscode.l10n.t('Open Last Answer as Document'), 'codeworm.openAnswer'),
  ];
}

/** For a run of pages. */
function pagesActions({ isPaused }: PagesActivity): ActionItem[] {
  const resume = item('debug-start', vscode.l10n.t('Resume Documentation'), 'codeworm.resumeDocumentation');
  const pause = item('debug-pause', vscode.l10n.t('Pause Documentation'), 'codeworm.pauseDocumentation');
  return [
    item('book', vscode.l10n.t('Show Documentation'), 'codeworm.showDocumentation'),
    isPaused ? resume : pause,
    item('debug-stop', vscode.l10n.t('Stop Documentation'), 'codeworm.stopDocumentation'),
  ];
}

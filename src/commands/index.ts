import * as vscode from 'vscode';
import { showErrorWithActions } from '../ui/errorActions.ts';
import { walkthrough } from '../status/walkthrough.ts';
import type { Services } from '../services.ts';
import { aboutProblem } from './explainProblem.ts';
import { clearApiKey, setApiKey } from './apiKey.ts';
import { approveServer, revokeApproval } from './approvals.ts';
import { addDocComment } from './addDocComment.ts';
import { ask } from './ask.ts';
import { askAboutCode } from './askAboutCode.ts';
import { copyAnswer, insertAnswer, openAnswer } from './lastAnswerActions.ts';
import { deleteModel } from './deleteModel.ts';
import { checkHealth } from './checkHealth.ts';
import { diagnoseConnection } from './diagnose.ts';
import { acceptEdit, discardEdit, editCode, editWithInstruction } from './edit.ts';
import { followUp } from './followUp.ts';
import { prewarmNow, unload } from './model.ts';
import { cancelPull, pullModel } from './pullModel.ts';
import { runAction } from './runAction.ts';
import { selectModel } from './selectModel.ts';
import { startOllama } from './startOllama.ts';
import { showWhereCodeWasSent } from './showSentLog.ts';
import { showActions } from './showActions.ts';
import { cancelCommitMessage, writeCommitMessage } from './writeCommitMessage.ts';
import { writeDocumentationPage } from './writeDocumentationPage.ts';

/** A command gets what a key binding, a menu or a code action brings along: anything at all. */
type Handler = (services: Services, ...args: unknown[]) => unknown;

/** Every command of the manifest, without the prefix `codeworm.`. */
const handlers: Record<string, Handler> = {
  explain: (services, args) => askAboutCode(services, 'explain', vscode.l10n.t('Explain'), args),
  findBugs: (services, args) => askAboutCode(services, 'findBugs', vscode.l10n.t('Find Bugs'), args),
  suggestImprovements: (services, args) =>
    askAboutCode(services, 'suggestImprovements', vscode.l10n.t('Suggest Improvements'), args),
  writeTests: (services, args) => askAboutCode(services, 'writeTests', vscode.l10n.t('Write Tests'), args),
  ask,
  fix: (services, args) => editCode(services, 'fix', vscode.l10n.t('Fix'), args),
  improve: (services, args) => editCode(services, 'improve', vscode.l10n.t('Improve'), args),
  edit: editWithInstruction,
  acceptEdit,
  discardEdit,
  explainProblem: (services, uri, range) => aboutProblem(services, 'explainProblem', uri, range),
  fixProblem: (services, uri, range) => aboutProblem(services, 'fixProblem', uri, range),
  runAction,
  addDocComment,
  writeDocumentationPage,
  followUp,
  copyAnswer,
  insertAnswer,
  openAnswer,
  writeCommitMessage,
  cancelCommitMessage,
  cancel: ({ queue }) => queue.cancel('running'),
  selectModel,
  pullModel,
  cancelPull,
  deleteModel,
  checkHealth,
  diagnose: diagnoseConnection,
  startOllama,
  prewarm: prewarmNow,
  unload,
  approveServer,
  revokeApproval,
  setApiKey,
  clearApiKey,
  showWhereCodeWasSent,
  showAnswers: ({ outputChannel }) => outputChannel.show(),
  showLog: ({ log }) => log.show(true),
  showActions,
  openWalkthrough: () =>
    vscode.commands.executeCommand('workbench.action.openWalkthrough', walkthrough, false),
};

/** Registers every command; one that fails says so instead of VS Code's bare "command failed". */
export function registerCommands(services: Services): vscode.Disposable {
  const registered = Object.entries(handlers).map(([name, handler]) =>
    vscode.commands.registerCommand(`codeworm.${name}`, async (...args: unknown[]) => {
      try {
        await handler(services, ...args);
      } catch (error) {
        services.log.error('command_failed', {
          command: name,
          error: error instanceof Error ? error.name : typeof error,
        });
        showErrorWithActions(error);
      }
    }),
  );
  return vscode.Disposable.from(...registered);
}

import * as vscode from 'vscode';
import { showFailure } from '../ui/errorActions.ts';
import { walkthrough } from '../status/walkthrough.ts';
import type { Parts } from '../services.ts';
import { aboutProblem } from './aboutProblem.ts';
import { clearApiKey, setApiKey } from './apiKey.ts';
import { approveServer, revokeApproval } from './approvals.ts';
import { addDocComment } from './addDocComment.ts';
import { ask } from './ask.ts';
import { askAboutCode } from './askAboutCode.ts';
import { copyAnswer, insertAnswer, openAnswer } from './answerActions.ts';
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
import { showWhereCodeWasSent } from './showSent.ts';
import { showActions } from './showActions.ts';
import { cancelCommitMessage, writeCommitMessage } from './writeCommitMessage.ts';
import { writeDocumentationPage } from './writeDocumentationPage.ts';

/** A command gets what a key binding, a menu or a code action brings along: anything at all. */
type Handler = (parts: Parts, ...args: unknown[]) => unknown;

/** Every command of the manifest, without the prefix `codeworm.`. */
const handlers: Record<string, Handler> = {
  explain: (parts, args) => askAboutCode(parts, 'explain', vscode.l10n.t('Explain'), args),
  findBugs: (parts, args) => askAboutCode(parts, 'findBugs', vscode.l10n.t('Find Bugs'), args),
  suggestImprovements: (parts, args) =>
    askAboutCode(parts, 'suggestImprovements', vscode.l10n.t('Suggest Improvements'), args),
  writeTests: (parts, args) => askAboutCode(parts, 'writeTests', vscode.l10n.t('Write Tests'), args),
  ask,
  fix: (parts, args) => editCode(parts, 'fix', vscode.l10n.t('Fix'), args),
  improve: (parts, args) => editCode(parts, 'improve', vscode.l10n.t('Improve'), args),
  edit: editWithInstruction,
  acceptEdit,
  discardEdit,
  explainProblem: (parts, uri, range) => aboutProblem(parts, 'explainProblem', uri, range),
  fixProblem: (parts, uri, range) => aboutProblem(parts, 'fixProblem', uri, range),
  runAction,
  addDocComment,
  writeDocumentationPage,
  followUp,
  copyAnswer,
  insertAnswer,
  openAnswer,
  writeCommitMessage,
  cancelCommitMessage,
  cancel: ({ generations }) => generations.cancel('running'),
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
  showAnswers: ({ output }) => output.show(),
  showLog: ({ log }) => log.show(true),
  showActions,
  openWalkthrough: () =>
    vscode.commands.executeCommand('workbench.action.openWalkthrough', walkthrough, false),
};

/** Registers every command; one that fails says so instead of VS Code's bare "command failed". */
export function registerCommands(parts: Parts): vscode.Disposable {
  const registered = Object.entries(handlers).map(([name, handler]) =>
    vscode.commands.registerCommand(`codeworm.${name}`, async (...args: unknown[]) => {
      try {
        await handler(parts, ...args);
      } catch (error) {
        parts.log.error('command_failed', {
          command: name,
          error: error instanceof Error ? error.name : typeof error,
        });
        showFailure(error);
      }
    }),
  );
  return vscode.Disposable.from(...registered);
}

import * as vscode from 'vscode';
import { showFailure } from '../failures.ts';
import type { Parts } from '../parts.ts';
import { ask } from './ask.ts';
import { askAboutCode } from './askAboutCode.ts';
import { copyAnswer, insertAnswer, openAnswer } from './answerActions.ts';
import { checkHealth } from './checkHealth.ts';
import { followUp } from './followUp.ts';
import { prewarmNow, unload } from './model.ts';
import { selectModel } from './selectModel.ts';
import { showActions } from './showActions.ts';
import { cancelCommitMessage, writeCommitMessage } from './writeCommitMessage.ts';
import { writeDocumentationPage } from './writeDocumentationPage.ts';

type Handler = (parts: Parts, ...args: unknown[]) => unknown;

/** Every command of the manifest, without the prefix `codeworm.`. */
const handlers: Record<string, Handler> = {
  explain: (parts) => askAboutCode(parts, 'explain', vscode.l10n.t('Explain')),
  findBugs: (parts) => askAboutCode(parts, 'findBugs', vscode.l10n.t('Find Bugs')),
  suggestImprovements: (parts) =>
    askAboutCode(parts, 'suggestImprovements', vscode.l10n.t('Suggest Improvements')),
  writeTests: (parts) => askAboutCode(parts, 'writeTests', vscode.l10n.t('Write Tests')),
  ask,
  writeDocumentationPage,
  followUp,
  copyAnswer,
  insertAnswer,
  openAnswer,
  writeCommitMessage,
  cancelCommitMessage,
  cancel: ({ generations }) => generations.cancel('running'),
  selectModel,
  checkHealth,
  prewarm: prewarmNow,
  unload,
  showAnswers: ({ output }) => output.show(),
  showLog: ({ log }) => log.show(true),
  showActions,
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

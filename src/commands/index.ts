import * as vscode from 'vscode';
import type { CommandName } from '../contributions.ts';
import { ChatParticipant } from '../chat/participant/participant.ts';
import { ChatTools } from '../chat/tools/tools.ts';
import { Proposals } from '../editor/proposal.ts';
import type { CommandHandlers, Services, StartupServices } from '../services.ts';
import { programName } from '../status/status.ts';
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
import { continueInChat, openChat, stopChat } from './openChat.ts';
import { prewarmNow, unload } from './model.ts';
import { cancelPull, pullModel } from './pullModel.ts';
import { runAction } from './runAction.ts';
import { selectModel } from './selectModel.ts';
import { startOllama } from './startOllama.ts';
import { showWhereCodeWasSent } from './showSentLog.ts';
import { showActions } from './showActions.ts';
import {
  clearSuggestionFigures,
  pauseSuggestions,
  turnOffSuggestions,
  turnOnSuggestions,
  whyNoSuggestion,
} from './suggestions.ts';
import { cancelCommitMessage, writeCommitMessage } from './writeCommitMessage.ts';
import { writeDocumentationPage } from './writeDocumentationPage.ts';

/** The code for whole workspaces is loaded on first use. */
const workspace = async (services: Services) =>
  (await import('../documentation/window/index.ts')).workspaceDocumentation({
    ...services,
    program: () => programName(services.monitor.facts),
  });

type Handler = (services: Services, ...args: unknown[]) => unknown;

/** Every command of package.json, without the prefix `codeworm.`. */
const handlers = {
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
  documentWorkspace: async (services, args) => (await workspace(services)).documentWorkspace(args),
  showDocumentation: async (services, args) => (await workspace(services)).showDocumentation(args),
  chooseBestPages: async (services, args) => (await workspace(services)).chooseBestPages(args),
  writeChosenPages: async (services) => (await workspace(services)).writeChosenPages(),
  pauseDocumentation: async (services) => (await workspace(services)).runCommands.runs.pause(),
  resumeDocumentation: async (services, args) => (await workspace(services)).runCommands.resume(args),
  stopDocumentation: async (services) => (await workspace(services)).runCommands.runs.stop(),
  updateDocumentation: async (services, args) => (await workspace(services)).runCommands.update(args),
  reviewDocumentation: async (services, args) => (await workspace(services)).runCommands.review(args),
  followUp,
  copyAnswer,
  insertAnswer,
  openAnswer,
  continueInChat,
  openChat,
  stopChat,
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
  turnOnSuggestions,
  turnOffSuggestions,
  pauseSuggestions,
  whyNoSuggestion,
  clearSuggestionFigures,
  showActions,
  openWalkthrough: ({ walkthroughProgress }) => walkthroughProgress.open(),
} satisfies Record<CommandName, Handler>;

/** What is loaded at the first use of a command or of the chat. */
export interface Handlers extends CommandHandlers {
  participant: ChatParticipant;
  tools: ChatTools;
}

/** Creates the handlers of commands and chat, with the services that only they use. */
export function createHandlers(startup: StartupServices): Handlers {
  const services: Services = {
    ...startup,
    proposals: new Proposals(),
  };
  startup.subscriptions.push(services.proposals);
  const all: Record<CommandName, Handler> = handlers;
  return {
    runCommand: (name, args) => all[name](services, ...args),
    participant: new ChatParticipant(services),
    tools: new ChatTools(services),
  };
}

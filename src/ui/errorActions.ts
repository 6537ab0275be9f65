import * as vscode from 'vscode';
import { section, settingNames, type CommandId, type SettingName } from '../contributions.ts';
import { showError, showWarning, type MessageAction } from './notifications.ts';
import {
  OllamaError,
  OllamaModelNotFoundError,
  OllamaSettingsError,
  type GenerationResult,
} from '../ollama/index.ts';
import { localizeError } from './localize.ts';

/** A button that runs one of our commands. */
export const command = (title: string, id: CommandId, ...args: unknown[]): MessageAction =>
  vscodeCommand(title, id, ...args);
/** A button that runs one of VS Code's commands. */
export const vscodeCommand = (title: string, id: string, ...args: unknown[]): MessageAction => ({
  title,
  run: () => vscode.commands.executeCommand(id, ...args),
});
/** A button that opens one of our settings; all of them without a name. */
export const setting = (title: string, name?: SettingName): MessageAction =>
  vscodeCommand(title, 'workbench.action.openSettings', `${section}.${name ?? ''}`);

export const showAnswersButton = (): MessageAction =>
  command(vscode.l10n.t('Show Answers'), 'codeworm.showAnswers');
/** Ollama's download page. */
export const downloadPage = 'https://ollama.com/download';
export const downloadOllama = (): MessageAction => ({
  title: vscode.l10n.t('Download Ollama'),
  run: () => vscode.env.openExternal(vscode.Uri.parse(downloadPage)),
});
/** Opens a file by name when a folder is open, else with the system's dialog. */
export const openFile = (): MessageAction =>
  vscodeCommand(
    vscode.l10n.t('Open File'),
    vscode.workspace.workspaceFolders ? 'workbench.action.quickOpen' : 'workbench.action.files.openFile',
  );

/**
 * Shows an error with buttons for what can be done. Does not wait for the user.
 * @param first buttons that come before all others
 */
export function showErrorWithActions(error: unknown, first: readonly MessageAction[] = []): void {
  showError(localizeError(error), [...first, ...actionsForError(error)]);
}

/** Reports an invalid setting. Does not wait for the user. */
export function showSettingProblem({ setting: name, message }: { setting: string; message: string }): void {
  showWarning(message, [openSetting(name.replace(/^codeworm\./, ''))]);
}

/** Reports that an answer arrived but could not be shown completely. Does not wait for the user. */
export function showUnshownAnswer(): void {
  const message = vscode.l10n.t(
    'The answer could not be shown in full, by a mistake of CodeWorm: copy it, and please report the mistake with the log.',
  );
  showWarning(message, [
    command(vscode.l10n.t('Copy Answer'), 'codeworm.copyAnswer'),
    command(vscode.l10n.t('Show Log'), 'codeworm.showLog'),
  ]);
}

/** Some settings of the client have another name in package.json. Then all settings are opened. */
function openSetting(name: string): MessageAction {
  return setting(
    vscode.l10n.t('Open Setting'),
    settingNames.find((known) => known === name),
  );
}

/** The actions for an error. An exhaustive switch, so that a new kind does not compile without a decision. */
export function actionsForError(error: unknown): MessageAction[] {
  if (!(error instanceof OllamaError)) return [command(vscode.l10n.t('Show Log'), 'codeworm.showLog')];
  switch (error.kind) {
    case 'unreachable':
    case 'connectTimeout':
    case 'gateway':
    case 'notOllama':
    case 'redirected':
    case 'certificate':
      return [
        command(vscode.l10n.t('Diagnose Connection'), 'codeworm.diagnose'),
        setting(vscode.l10n.t('Change Address'), 'baseUrl'),
      ];
    case 'notApproved':
      return [
        command(vscode.l10n.t('Approve Server'), 'codeworm.approveServer'),
        setting(vscode.l10n.t('Change Address'), 'baseUrl'),
      ];
    case 'proxy':
      return [
        command(vscode.l10n.t('Diagnose Connection'), 'codeworm.diagnose'),
        vscodeCommand(vscode.l10n.t('Proxy Settings'), 'workbench.action.openSettings', 'http.proxy'),
      ];
    case 'unauthorized':
      return [
        command(vscode.l10n.t('Set API Key'), 'codeworm.setApiKey'),
        setting(vscode.l10n.t('Change Headers'), 'headers'),
      ];
    case 'forbidden':
      return [
        command(vscode.l10n.t('Diagnose Connection'), 'codeworm.diagnose'),
        command(vscode.l10n.t('Set API Key'), 'codeworm.setApiKey'),
        setting(vscode.l10n.t('Change Address'), 'baseUrl'),
      ];
    case 'signIn':
      return [...openLink(vscode.l10n.t('Sign In'), error), selectModel()];
    case 'quota':
    case 'subscription':
      return [...openLink(vscode.l10n.t('Open ollama.com'), error), selectModel()];
    case 'cloudDisabled':
    case 'cloudOffline':
    case 'repeated':
      return [selectModel()];
    case 'unparsable':
    case 'toolCallsOnly':
    case 'emptyAnswer':
    case 'notGenerated':
      return [selectModel(), command(vscode.l10n.t('Show Log'), 'codeworm.showLog')];
    case 'thinkUnsupported':
      return [setting(vscode.l10n.t('Open Setting'), 'think'), selectModel()];
    case 'thinkingOnly':
      return [selectModel()];
    case 'modelNotFound':
    case 'noModel':
      return [...(error.isFixedServer ? [] : [pullMissing(error)]), selectModel()];
    case 'outOfMemory':
      return [
        command(vscode.l10n.t('Unload Model'), 'codeworm.unload'),
        command(vscode.l10n.t('Select Model'), 'codeworm.selectModel'),
        setting(vscode.l10n.t('Change Context Window'), 'numCtx'),
      ];
    case 'runnerDied':
    case 'loadTimeout':
      if (error.isFixedServer) return [selectModel(), command(vscode.l10n.t('Show Log'), 'codeworm.showLog')];
      return [
        command(vscode.l10n.t('Select Model'), 'codeworm.selectModel'),
        setting(vscode.l10n.t('Change Context Window'), 'numCtx'),
      ];
    case 'contextExceeded':
      return error.isFixedServer ? [] : [setting(vscode.l10n.t('Change Context Window'), 'numCtx')];
    case 'unsupported':
    case 'damagedModel':
    case 'pullUnknown':
      return [command(vscode.l10n.t('Select Model'), 'codeworm.selectModel')];
    case 'idleTimeout':
    case 'gatewayTimeout':
      return [
        setting(vscode.l10n.t('Change Timeout'), 'idleTimeout'),
        command(vscode.l10n.t('Show Log'), 'codeworm.showLog'),
      ];
    case 'settings':
      return [openSetting(error instanceof OllamaSettingsError ? error.setting : '')];
    case 'badRequest':
      return [
        command(vscode.l10n.t('Show Log'), 'codeworm.showLog'),
        setting(vscode.l10n.t('Open Settings')),
      ];
    case 'busy':
    case 'cut':
    case 'garbled':
    case 'server':
    case 'closed':
    case 'pullOffline':
    case 'pullRefused':
    case 'pullDamaged':
      return [command(vscode.l10n.t('Show Log'), 'codeworm.showLog')];
    case 'diskFull':
      return [
        command(vscode.l10n.t('Delete a Model'), 'codeworm.deleteModel'),
        command(vscode.l10n.t('Show Log'), 'codeworm.showLog'),
      ];
    case 'tooOld':
      return [downloadOllama(), command(vscode.l10n.t('Show Log'), 'codeworm.showLog')];
  }
}

const selectModel = (): MessageAction => command(vscode.l10n.t('Select Model'), 'codeworm.selectModel');

/** Opens the error's page. Passed as text, because VS Code would change the escapes of a `Uri`. */
function openLink(title: string, { link }: OllamaError): MessageAction[] {
  return link === undefined ? [] : [vscodeCommand(title, 'vscode.open', link)];
}

/** Pulls the missing model. Without a name, offers the models that fit this machine. */
function pullMissing(error: OllamaError): MessageAction {
  const model = error instanceof OllamaModelNotFoundError ? error.model : '';
  return model
    ? command(vscode.l10n.t('Pull {0}', model), 'codeworm.pullModel', model)
    : command(vscode.l10n.t('Pull a Model'), 'codeworm.pullModel');
}

/** For an incomplete answer: a button for the setting that limited it. */
export function limitSetting({ windowFull }: Pick<GenerationResult, 'windowFull'>): MessageAction {
  return windowFull
    ? setting(vscode.l10n.t('Change Context Window'), 'numCtx')
    : setting(vscode.l10n.t('Change Token Limit'), 'numPredict');
}

import * as vscode from 'vscode';
import { changeSetting } from '../../config/changeSetting.ts';
import { isEmptyAnswer } from '../../generation/emptyAnswer.ts';
import {
  OllamaApprovalError,
  OllamaContextError,
  OllamaError,
  OllamaModelNotFoundError,
  sameModel,
  type ModelClient,
} from '../../ollama/index.ts';
import type { StartupServices } from '../../services.ts';
import {
  command,
  limitSetting,
  setting,
  showErrorWithActions,
  vscodeCommand,
} from '../../ui/errorActions.ts';
import { numberText, sizeText } from '../../ui/format.ts';
import { localizeError } from '../../ui/localize.ts';
import { showError, type MessageAction } from '../../ui/notifications.ts';
import { CutAnswerError } from './answer.ts';
import { adviseWindow } from './windowAdvice.ts';

/** The failed request. */
export interface Failed {
  model: string;
  /** The estimated number of tokens. */
  estimate: number;
  /** Whether tools were already left out. */
  isShort: boolean;
  /** Whether the user has asked. A message with buttons is shown only then. */
  isUser: boolean;
}

/** Removes the stack: VS Code's chat shows it after the message. */
export function withoutStack(error: Error): Error {
  error.stack = '';
  return error;
}

/** Reports the failure to the monitor, shows the user actions, and creates the error for VS Code's chat. */
export async function failureFor(
  services: StartupServices,
  client: ModelClient,
  error: unknown,
  failed: Failed,
): Promise<Error> {
  if (!(error instanceof OllamaError)) return error instanceof Error ? error : new Error(String(error));
  if (error instanceof CutAnswerError || isEmptyAnswer(error)) services.monitor.reportSuccess();
  else services.monitor.reportFailure(error);
  if (error instanceof OllamaContextError) return tooLong(services, client, error, failed);
  if (failed.isUser) {
    if (error instanceof CutAnswerError) showError(localizeError(error), [limitSetting(error.result)]);
    else showErrorWithActions(error, approvalOf(error, failed.model));
    // VS Code's chat shows the stack of a `LanguageModelError` after its message.
    return new Error(localizeError(error));
  }
  return toLanguageModelError(error);
}

/** The button for the server that runs the model, which can differ from the server of the settings' model. */
function approvalOf(error: OllamaError, model: string): MessageAction[] {
  if (!(error instanceof OllamaApprovalError)) return [];
  return [command(vscode.l10n.t('Approve Server'), 'codeworm.approveServer', model)];
}

/** For other extensions, which read the code. */
function toLanguageModelError(error: OllamaError): Error {
  const message = localizeError(error);
  if (error instanceof OllamaModelNotFoundError) return vscode.LanguageModelError.NotFound(message);
  if (error instanceof OllamaApprovalError) return vscode.LanguageModelError.NoPermissions(message);
  return new Error(message);
}

async function tooLong(
  services: StartupServices,
  client: ModelClient,
  error: OllamaContextError,
  { model, estimate, isShort, isUser }: Failed,
): Promise<Error> {
  const installed = services.monitor.facts.installed.find(({ name }) => sameModel(name, model));
  const loaded = await client
    .loadedModels()
    .then((all) => all.find(({ name }) => sameModel(name, model)))
    .catch(() => undefined);
  const reduced = client.reducedNumCtx(model);
  const advice = adviseWindow({
    model,
    promptTokens: error.promptTokens || estimate,
    estimate,
    numCtx: error.contextTokens || client.numCtxFor(model),
    numPredict: client.settings.numPredict,
    trained: installed?.contextLength ?? 0,
    ...(loaded ? { loaded } : {}),
    fileBytes: installed?.sizeBytes ?? 0,
    canGrow: client.capabilities.contextSize,
    isReduced: reduced !== undefined && reduced < client.settings.numCtx,
  });
  const message = localizeError(advice.error);
  if (isUser)
    showError(message, [
      ...largerWindow(advice.numCtx, advice.moreBytes),
      vscodeCommand(vscode.l10n.t('New Chat'), 'workbench.action.chat.newChat'),
      ...(isShort ? [] : [setting(vscode.l10n.t('Fewer Tools'), 'chat.tools')]),
    ]);
  return new Error(message);
}

function largerWindow(numCtx: number | undefined, moreBytes: number | undefined): MessageAction[] {
  if (numCtx === undefined) return [];
  const title =
    moreBytes === undefined
      ? vscode.l10n.t('Window of {0} Tokens', numberText(numCtx))
      : vscode.l10n.t(
          'Window of {0} Tokens ({1} More Memory)',
          numberText(numCtx),
          sizeText(Math.max(0, moreBytes)),
        );
  return [{ title, run: () => changeSetting('numCtx', numCtx) }];
}

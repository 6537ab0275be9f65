import * as vscode from 'vscode';
import type { Diagnosis, Finding, ServerProblem } from '../diagnosis/index.ts';
import { changeSetting } from '../config/changeSetting.ts';
import { command, downloadOllama, setting, vscodeCommand } from '../ui/errorActions.ts';
import type { MessageAction } from '../ui/notifications.ts';
import { ensureApproved, type Approving } from '../generation/approval.ts';
import { startAction } from '../generation/startOllama.ts';

/** The buttons for a diagnosis, the most helpful first. */
export function actionsForDiagnosis(
  services: Approving,
  diagnosis: Diagnosis,
  report: string,
): MessageAction[] {
  const { findings, recommended, canStart } = diagnosis;
  return [
    ...(recommended === undefined ? [] : [useAddress(services, recommended)]),
    ...(canStart ? [startAction(services, canStart)] : []),
    ...(recommended === undefined && !canStart ? actionsForFinding(findings[0]) : []),
    { title: vscode.l10n.t('Copy Report'), run: () => vscode.env.clipboard.writeText(report) },
  ];
}

/**
 * Writes the address to the scope that sets it now. A server on another machine needs an approval at once.
 */
function useAddress(services: Approving, address: string): MessageAction {
  return {
    title: vscode.l10n.t('Use {0}', address),
    run: async () => {
      await changeSetting('baseUrl', address);
      if (await ensureApproved(services)) await services.monitor.probe();
    },
  };
}

function actionsForFinding({ verdict, isOllama }: Finding): MessageAction[] {
  const address = setting(vscode.l10n.t('Change Address'), 'baseUrl');
  switch (verdict.kind) {
    case 'working':
      return verdict.server.problems.slice(0, 1).flatMap(actionsForProblem);
    case 'notApproved':
      return [command(vscode.l10n.t('Approve Server'), 'codeworm.approveServer'), address];
    case 'keyMissing':
      return [command(vscode.l10n.t('Set API Key'), 'codeworm.setApiKey')];
    case 'proxy':
      return [vscodeCommand(vscode.l10n.t('Proxy Settings'), 'workbench.action.openSettings', 'http.proxy')];
    case 'refused':
      return [...(isOllama ? [downloadOllama()] : []), address];
    case 'forbidden':
    case 'silent':
    case 'unknownHost':
    case 'noRoute':
    case 'hungUp':
    case 'foreignService':
    case 'gateway':
    case 'redirected':
    case 'certificate':
    case 'notTls':
    case 'unusable':
      return [address];
    case 'otherError':
      return [command(vscode.l10n.t('Show Log'), 'codeworm.showLog')];
  }
}

function actionsForProblem(problem: ServerProblem): MessageAction[] {
  const select = command(vscode.l10n.t('Select Model'), 'codeworm.selectModel');
  switch (problem.kind) {
    case 'noModel':
      return [command(vscode.l10n.t('Pull a Model'), 'codeworm.pullModel')];
    case 'modelMissing':
      return [command(vscode.l10n.t('Pull {0}', problem.model), 'codeworm.pullModel', problem.model), select];
    case 'modelNotListed':
    case 'modelDoesNotComplete':
      return [select];
    case 'outOfMemory':
    case 'biggerThanMemory':
      return [select, command(vscode.l10n.t('Unload Model'), 'codeworm.unload')];
    case 'tooOld':
      return [downloadOllama()];
    case 'lastFailure':
      return [command(vscode.l10n.t('Show Log'), 'codeworm.showLog')];
  }
}

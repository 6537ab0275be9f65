import * as vscode from 'vscode';
import {
  conclusionOf,
  diagnose,
  reportOf,
  type Diagnosis,
  type DiagnosisInput,
  type ReportFacts,
} from '../diagnosis/index.ts';
import { userIdentity } from '../util/userIdentity.ts';
import { withProgress, showInfo, showWarning } from '../ui/notifications.ts';
import type { Services } from '../services.ts';
import { localize } from '../ui/localize.ts';
import { workspaceFolders } from '../util/workspaceFolders.ts';
import { actionsForDiagnosis } from './diagnosisRemedies.ts';

/**
 * Looks for Ollama wherever it may be, within a few seconds, and opens a report of what was found, which can be shown
 * to anybody; the message has what can be done about it.
 */
export async function diagnoseConnection(services: Services): Promise<void> {
  const diagnosis = await showDiagnosisProgress(services);
  if (!diagnosis) return;
  const report = await reportFor(services, diagnosis);
  await services.reports.show(vscode.l10n.t('Connection Report'), report);
  const { summary: finding, fix: remedy } = conclusionOf(diagnosis);
  const message = `${localize(finding)} ${localize(remedy)}`;
  const remedies = actionsForDiagnosis(services, diagnosis, report);
  if (isWell(diagnosis)) showInfo(message, remedies);
  else showWarning(message, remedies);
  void services.monitor.probe();
}

/** Nothing when the user cancels. */
async function showDiagnosisProgress(services: Services): Promise<Diagnosis | undefined> {
  return withProgress(vscode.l10n.t('Looking for Ollama'), async (_, signal) => {
    try {
      return await diagnose(inputFor(services), signal);
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  });
}

function inputFor({ configuration, clients, trust, monitor }: Services): DiagnosisInput {
  // As it is now, whatever the settings become while the addresses are tried.
  const { origin: configured } = clients.current;
  const http = vscode.workspace.getConfiguration('http');
  const vscodeProxy = http.get<string>('proxy');
  const vscodeNoProxy = http.get<string[]>('noProxy');
  return {
    settings: configuration.current.client,
    // Only the configured address may have been chosen by somebody else than the user and their machine.
    mayContact: (origin) => origin !== configured || trust.mayContact(origin),
    apiKey: (origin) => trust.apiKey(origin),
    lastProblem: monitor.facts.problem,
    reducedNumCtx: monitor.facts.reducedNumCtx,
    proxy: { ...(vscodeProxy ? { vscodeProxy } : {}), ...(vscodeNoProxy ? { vscodeNoProxy } : {}) },
    untrustedFolders: workspaceFolders(),
  };
}

async function reportFor(services: Services, diagnosis: Diagnosis): Promise<string> {
  const { headers = {} } = services.configuration.current.client;
  const key = await services.trust.apiKey(services.clients.current.origin);
  // Of "Bearer KEY" the key alone is one, too.
  const values = Object.values(headers).flatMap((value) => value.split(/\s+/).concat(value));
  const secrets = key === undefined ? values : [...values, key];
  const facts = reportFacts(services, key !== undefined);
  return reportOf(diagnosis, facts, userIdentity(secrets), localize);
}

function reportFacts({ configuration, version }: Services, keyStored: boolean): ReportFacts {
  const { headers = {}, ...settings } = configuration.current.client;
  return {
    extensionVersion: version,
    vscodeVersion: vscode.version,
    platform: process.platform,
    arch: process.arch,
    nodeVersion: process.version,
    settings,
    headerNames: Object.keys(headers),
    keyStored,
  };
}

function isWell({ findings: [{ verdict }] }: Diagnosis): boolean {
  return verdict.kind === 'working' && verdict.server.problems.length === 0;
}

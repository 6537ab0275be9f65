import * as vscode from 'vscode';
import {
  conclusionOf,
  diagnose,
  reportOf,
  type Diagnosis,
  type DiagnosisInput,
  type ReportFacts,
} from '../diagnosis/index.ts';
import { identity } from '../util/userIdentity.ts';
import { follow, tell, warn } from '../ui/notifications.ts';
import type { Parts } from '../services.ts';
import { translated } from '../ui/localize.ts';
import { workspaceFolders } from '../util/workspaceFolders.ts';
import { remediesFor } from './diagnosisRemedies.ts';

/**
 * Looks for Ollama wherever it may be, within a few seconds, and opens a report of what was found, which can be shown
 * to anybody; the message has what can be done about it.
 */
export async function diagnoseConnection(parts: Parts): Promise<void> {
  const diagnosis = await withProgress(parts);
  if (!diagnosis) return;
  const report = await reportFor(parts, diagnosis);
  await parts.reports.show(vscode.l10n.t('Connection Report'), report);
  const { finding, remedy } = conclusionOf(diagnosis);
  const message = `${translated(finding)} ${translated(remedy)}`;
  const remedies = remediesFor(parts, diagnosis, report);
  if (isWell(diagnosis)) tell(message, remedies);
  else warn(message, remedies);
  void parts.monitor.probe();
}

/** Nothing when the user cancels. */
async function withProgress(parts: Parts): Promise<Diagnosis | undefined> {
  return follow(vscode.l10n.t('Looking for Ollama'), async (_, signal) => {
    try {
      return await diagnose(inputFor(parts), signal);
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  });
}

function inputFor({ configuration, clients, trust, monitor }: Parts): DiagnosisInput {
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

async function reportFor(parts: Parts, diagnosis: Diagnosis): Promise<string> {
  const { headers = {} } = parts.configuration.current.client;
  const key = await parts.trust.apiKey(parts.clients.current.origin);
  // Of "Bearer KEY" the key alone is one, too.
  const values = Object.values(headers).flatMap((value) => value.split(/\s+/).concat(value));
  const secrets = key === undefined ? values : [...values, key];
  const facts = reportFacts(parts, key !== undefined);
  return reportOf(diagnosis, facts, identity(secrets), translated);
}

function reportFacts({ configuration, version }: Parts, keyStored: boolean): ReportFacts {
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

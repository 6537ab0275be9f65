import * as vscode from 'vscode';
import {
  conclusionOf,
  diagnose,
  reportOf,
  userIdentity,
  type Diagnosis,
  type DiagnosisInput,
  type ReportFacts,
} from '../diagnosis/index.ts';
import { withProgress, showInfo, showWarning } from '../ui/notifications.ts';
import type { ClientProvider } from '../generation/clientProvider.ts';
import { isLoopback, usualPort, type ModelClient } from '../ollama/index.ts';
import type { Trust } from '../trust/index.ts';
import type { Services } from '../services.ts';
import { localize } from '../ui/localize.ts';
import { workspaceFolders } from '../config/workspaceFolders.ts';
import { actionsForDiagnosis } from '../status/diagnosisActions.ts';

/**
 * Searches for a server at all likely addresses for a few seconds and opens a report. The report contains
 * nothing private. The message has buttons for what helps.
 */
export async function diagnoseConnection(services: Services): Promise<void> {
  const diagnosis = await showDiagnosisProgress(services);
  if (!diagnosis) return;
  const report = await reportFor(services, diagnosis);
  // The message does not wait for the editor.
  const shown = services.reports.show(vscode.l10n.t('Connection Report'), report);
  const { summary: finding, fix: remedy } = conclusionOf(diagnosis);
  const message = `${localize(finding)} ${localize(remedy)}`;
  const actions = actionsForDiagnosis(services, diagnosis, report);
  if (isWell(diagnosis)) showInfo(message, actions);
  else showWarning(message, actions);
  void services.monitor.probe();
  await shown;
}

/** Returns undefined when the user cancels. */
async function showDiagnosisProgress(services: Services): Promise<Diagnosis | undefined> {
  return withProgress(vscode.l10n.t('Looking for the server'), async (_, signal) => {
    try {
      return await diagnose(inputFor(services), signal);
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  });
}

function inputFor({ configuration, clients, trust, monitor }: Services): DiagnosisInput {
  // The address at this moment: the settings may change during the search.
  const { address: configured } = clients.current;
  const http = vscode.workspace.getConfiguration('http');
  const vscodeProxy = http.get<string>('proxy');
  const vscodeNoProxy = http.get<string[]>('noProxy');
  return {
    settings: configuration.current.client,
    isOllama: knownAsOllama(clients.current),
    mayContact: (address) => mayTry(address, configured, clients, trust),
    apiKey: (address) => trust.apiKeys.keyOf(address),
    lastProblem: monitor.facts.problem,
    reducedNumCtx: monitor.facts.reducedNumCtx,
    proxy: { ...(vscodeProxy ? { vscodeProxy } : {}), ...(vscodeNoProxy ? { vscodeNoProxy } : {}) },
    untrustedFolders: workspaceFolders(),
  };
}

/** Undefined while the server has shown neither that it is Ollama nor that it is another one. */
function knownAsOllama({ capabilities: { product, pull } }: ModelClient): boolean | undefined {
  return product === '' && pull ? undefined : product === 'Ollama';
}

/**
 * Whether the diagnosis may contact an address. Addresses derived from the configured one, which a workspace
 * may have set, need permission: the root of another machine needs its own approval; the configured port on
 * this machine (unless it is Ollama's own port) needs whatever the configured address needs. All other
 * addresses come from the user's machine and need none.
 */
function mayTry(
  address: string,
  configured: string,
  { guard }: ClientProvider,
  { approvals }: Trust,
): boolean {
  if (address === configured) return guard.mayContact(address);
  const [from, to] = [new URL(configured), new URL(address)];
  if (from.origin === to.origin && !isLoopback(to.hostname)) return approvals.has(address);
  const isLocalPort = isLoopback(from.hostname) && isLoopback(to.hostname) && from.port === to.port;
  return !isLocalPort || Number(to.port) === usualPort || guard.mayContact(configured);
}

async function reportFor(services: Services, diagnosis: Diagnosis): Promise<string> {
  const { headers = {} } = services.configuration.current.client;
  const { address } = services.clients.current;
  const { apiKeys } = services.trust;
  const key = await inTime(apiKeys.keyOf(address));
  // Of a header `Bearer KEY`, the key by itself is secret too.
  const values = Object.values(headers).flatMap((value) => value.split(/\s+/).concat(value));
  const secrets = key === undefined ? values : [...values, key];
  const facts = reportFacts(services, apiKeys.addresses.includes(address));
  return reportOf(diagnosis, facts, userIdentity(secrets), localize);
}

/** Most milliseconds to wait for the secret storage, which may be locked and never answer. */
const storageMs = 2000;

async function inTime<T>(reading: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), storageMs);
  });
  return Promise.race([reading, late]).finally(() => clearTimeout(timer));
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

import * as vscode from 'vscode';
import { ActivityTracker } from './status/activity.ts';
import { Answers } from './generation/lastAnswer.ts';
import { Clients } from './generation/clientProvider.ts';
import { registerCodeActions } from './editor/codeActions.ts';
import { registerCommands } from './commands/index.ts';
import { lookAndPrewarm } from './commands/model.ts';
import { Configuration } from './config/configuration.ts';
import { Proposals } from './editor/proposal.ts';
import { showSettingProblem } from './ui/errorActions.ts';
import { Generations } from './generation/queue.ts';
import { Milestones } from './status/walkthrough.ts';
import { ModelUsage } from './models/usage.ts';
import { Monitor } from './status/monitor.ts';
import { AnswerOutput } from './generation/outputChannel.ts';
import type { Parts } from './services.ts';
import { Pulls } from './models/pulls.ts';
import { Reports } from './ui/reportDocuments.ts';
import { isDemo, type ServerFacts, type Status } from './status/status.ts';
import { StatusBar } from './status/statusBar.ts';
import { Trust } from './trust/index.ts';

/** For other extensions: what CodeWorm knows about the server. */
export interface CodeWormApi {
  readonly status: Status;
  readonly facts: ServerFacts;
  readonly onDidChangeStatus: vscode.Event<void>;
}

let clients: Clients | undefined;

/** Builds the parts and wires them; nothing is awaited and nothing asked of the server before it returns. */
export function activate(context: vscode.ExtensionContext): CodeWormApi {
  const log = vscode.window.createOutputChannel('CodeWorm Log', { log: true });
  const configuration = new Configuration();
  const trust = new Trust(context);
  clients = new Clients(configuration, { log, guard: trust });
  const monitor = new Monitor(clients, configuration);
  const output = new AnswerOutput(() => isDemo(monitor.facts));
  const activity = new ActivityTracker((now) => monitor.setActivity(now));
  const generations = new Generations(clients, activity, (jobs) => {
    activity.queueChanged(jobs);
    void vscode.commands.executeCommand('setContext', 'codeworm.working', jobs.length > 0);
  });
  const proposals = new Proposals();
  const answers = new Answers(
    () => void vscode.commands.executeCommand('setContext', 'codeworm.hasAnswer', true),
  );
  const reports = new Reports();
  const pulls = new Pulls(clients, context.globalState);
  const parts: Parts = {
    configuration,
    clients,
    monitor,
    milestones: new Milestones(monitor),
    generations,
    output,
    proposals,
    answers,
    reports,
    trust,
    pulls,
    usage: new ModelUsage(context.globalState),
    log,
    version: String((context.extension.packageJSON as { version?: unknown }).version),
  };
  context.subscriptions.push(
    log,
    configuration,
    trust,
    clients,
    monitor,
    parts.milestones,
    output,
    proposals,
    reports,
    pulls,
    new StatusBar(monitor),
    registerCommands(parts),
    registerCodeActions(),
    configuration.onDidFindProblem(showSettingProblem),
    pulls.onDidChange((state) => {
      monitor.setPulling(state);
      void vscode.commands.executeCommand('setContext', 'codeworm.pulling', state !== undefined);
    }),
  );
  setImmediate(() => void start(parts));
  return {
    get status() {
      return monitor.status;
    },
    get facts() {
      return monitor.facts;
    },
    onDidChangeStatus: monitor.onDidChange,
  };
}

/** Closes every connection; VS Code waits for it. */
export async function deactivate(): Promise<void> {
  await clients?.close();
  clients = undefined;
}

/** What must not hold up activation. */
async function start(parts: Parts): Promise<void> {
  parts.configuration.tellProblems();
  await lookAndPrewarm(parts);
}

import * as vscode from 'vscode';
import { ActivityTracker } from './status/activity.ts';
import { LastAnswer } from './generation/lastAnswer.ts';
import { ClientProvider } from './generation/clientProvider.ts';
import { registerCodeActions } from './editor/codeActions.ts';
import { registerCommands } from './commands/index.ts';
import { probeAndPrewarm } from './commands/model.ts';
import { Configuration } from './config/configuration.ts';
import { Proposals } from './editor/proposal.ts';
import { showSettingProblem } from './ui/errorActions.ts';
import { GenerationQueue } from './generation/queue.ts';
import { WalkthroughProgress } from './status/walkthrough.ts';
import { ModelUsage } from './models/usage.ts';
import { Monitor } from './status/monitor.ts';
import { AnswerOutputChannel } from './generation/outputChannel.ts';
import type { Services } from './services.ts';
import { PullManager } from './models/pulls.ts';
import { ReportDocuments } from './ui/reportDocuments.ts';
import { isDemo, type ServerFacts, type Status } from './status/status.ts';
import { StatusBar } from './status/statusBar.ts';
import { Trust } from './trust/index.ts';

/** For other extensions: what CodeWorm knows about the server. */
export interface CodeWormApi {
  readonly status: Status;
  readonly facts: ServerFacts;
  readonly onDidChangeStatus: vscode.Event<void>;
}

let clients: ClientProvider | undefined;

/** Builds the parts and wires them; nothing is awaited and nothing asked of the server before it returns. */
export function activate(context: vscode.ExtensionContext): CodeWormApi {
  const log = vscode.window.createOutputChannel('CodeWorm Log', { log: true });
  const configuration = new Configuration();
  const trust = new Trust(context);
  clients = new ClientProvider(configuration, { log, guard: trust });
  const monitor = new Monitor(clients, configuration);
  const outputChannel = new AnswerOutputChannel(() => isDemo(monitor.facts));
  const activity = new ActivityTracker((now) => monitor.setActivity(now));
  const queue = new GenerationQueue(clients, activity, (jobs) => {
    activity.queueChanged(jobs);
    void vscode.commands.executeCommand('setContext', 'codeworm.working', jobs.length > 0);
  });
  const proposals = new Proposals();
  const lastAnswer = new LastAnswer(
    () => void vscode.commands.executeCommand('setContext', 'codeworm.hasAnswer', true),
  );
  const reports = new ReportDocuments();
  const pullManager = new PullManager(clients, context.globalState);
  const services: Services = {
    configuration,
    clients,
    monitor,
    walkthroughProgress: new WalkthroughProgress(monitor),
    queue,
    outputChannel,
    proposals,
    lastAnswer,
    reports,
    trust,
    pullManager,
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
    services.walkthroughProgress,
    outputChannel,
    proposals,
    reports,
    pullManager,
    new StatusBar(monitor),
    registerCommands(services),
    registerCodeActions(),
    configuration.onDidFindProblem(showSettingProblem),
    pullManager.onDidChange((state) => {
      monitor.setPulling(state);
      void vscode.commands.executeCommand('setContext', 'codeworm.pulling', state !== undefined);
    }),
  );
  setImmediate(() => void start(services));
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
async function start(services: Services): Promise<void> {
  services.configuration.tellProblems();
  await probeAndPrewarm(services);
}

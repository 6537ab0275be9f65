import * as vscode from 'vscode';
import { schemes } from './contributions.ts';
import { setContextKey } from './ui/contextKeys.ts';
import { ActivityTracker } from './status/activity.ts';
import { LastAnswer } from './generation/lastAnswer.ts';
import { ClientProvider } from './generation/clientProvider.ts';
import { registerCodeActions } from './editor/codeActions.ts';
import { ChatSettings } from './chat/access/chatSettings.ts';
import { registerParticipant } from './chat/participant/register.ts';
import { CommandRegistry } from './ui/commandRegistry.ts';
import { probeAndPrewarm } from './generation/prewarm.ts';
import { Configuration } from './config/configuration.ts';
import { showSettingProblem, showUnshownAnswer } from './ui/errorActions.ts';
import { Priorities } from './generation/priorities.ts';
import { GenerationQueue } from './generation/queue.ts';
import { WalkthroughProgress } from './status/walkthrough.ts';
import { ModelSpeeds } from './models/speeds.ts';
import { ModelUsage } from './models/usage.ts';
import { UnfinishedPages } from './documentation/unfinishedPages.ts';
import { Monitor } from './status/monitor.ts';
import { AnswerOutputChannel } from './generation/outputChannel.ts';
import type { Handlers } from './commands/index.ts';
import type { StartupServices } from './services.ts';
import { offerUnfinishedRun } from './documentation/unfinishedRun.ts';
import { PullManager } from './models/pulls.ts';
import { ReportDocuments } from './ui/reportDocuments.ts';
import { isDemo, type ServerFacts, type Status } from './status/status.ts';
import { StatusBar } from './status/statusBar.ts';
import { Suggestions } from './completion/suggestions.ts';
import { Trust } from './trust/index.ts';

/** The API for other extensions: the known facts about the server. */
export interface CodeWormApi {
  readonly status: Status;
  readonly facts: ServerFacts;
  readonly onDidChangeStatus: vscode.Event<void>;
}

let clients: ClientProvider | undefined;

/** Creates and connects the services. Awaits nothing and sends nothing to the server. */
export function activate(context: vscode.ExtensionContext): CodeWormApi {
  const log = vscode.window.createOutputChannel('CodeWorm Log', { log: true });
  const configuration = new Configuration(context.extension.packageJSON);
  const trust = new Trust(context);
  clients = new ClientProvider(configuration, trust, { log });
  const monitor = new Monitor(clients, configuration);
  const outputChannel = new AnswerOutputChannel(() => isDemo(monitor.facts));
  const activity = new ActivityTracker((now) => monitor.setActivity(now));
  const priorities = new Priorities();
  const queue = new GenerationQueue(
    clients,
    priorities,
    activity,
    (jobs) => {
      activity.queueChanged(jobs);
      setContextKey('codeworm.working', jobs.length > 0);
    },
    (place, error) => {
      log.error('sink_failed', { place, error: error instanceof Error ? error.name : typeof error });
      if (place === 'answer') showUnshownAnswer();
    },
  );
  const lastAnswer = new LastAnswer(() => setContextKey('codeworm.hasAnswer', true));
  const reports = new ReportDocuments();
  const pullManager = new PullManager(clients, context.globalState);
  const { globalState } = context;
  const suggestions = new Suggestions({ configuration, clients, monitor, priorities, globalState, log });
  const services: StartupServices = {
    configuration,
    clients,
    monitor,
    walkthroughProgress: new WalkthroughProgress(monitor, configuration),
    priorities,
    queue,
    outputChannel,
    lastAnswer,
    reports,
    unfinishedPages: new UnfinishedPages(context.workspaceState),
    trust,
    pullManager,
    usage: new ModelUsage(context.globalState),
    suggestions,
    memory: context.globalState,
    speeds: new ModelSpeeds(context.globalState),
    log,
    version: String((context.extension.packageJSON as { version?: unknown }).version),
    subscriptions: context.subscriptions,
  };
  let handlers: Promise<Handlers> | undefined;
  const load = (): Promise<Handlers> =>
    (handlers ??= import('./commands/index.ts').then(({ createHandlers }) => createHandlers(services)));
  const commands = new CommandRegistry(async () => (await load()).runCommand, log);
  context.subscriptions.push(
    log,
    configuration,
    trust,
    clients,
    monitor,
    services.walkthroughProgress,
    outputChannel,
    reports,
    pullManager,
    suggestions,
    new StatusBar(monitor, () => suggestions.tooltipLines),
    commands,
    registerParticipant(async () => (await load()).participant),
    registerCodeActions(),
    configuration.onDidFindProblem(showSettingProblem),
    trust.onDidRevoke((address) => {
      void clients?.closeFor(address);
      void monitor.probe();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void probeAndPrewarm(services)),
    pullManager.onDidChange((state) => {
      monitor.setPulling(state);
      setContextKey('codeworm.pulling', state !== undefined);
    }),
  );
  setImmediate(() => afterActivation(context.extension, () => void start(services)));
  if (hasProposalTabs()) void commands.load();
  if (services.unfinishedPages.left.length > 0) void services.unfinishedPages.complete();
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

/** Whether diffs of an earlier session are open. Closing them needs the bundle of the commands. */
function hasProposalTabs(): boolean {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .some(
      ({ input }) => input instanceof vscode.TabInputTextDiff && input.modified.scheme === schemes.proposal,
    );
}

/** Closes every connection. VS Code waits for it. */
export async function deactivate(): Promise<void> {
  await clients?.close();
  clients = undefined;
}

/** Most checks, 10 ms apart, whether the activation is over. */
const mostAttempts = 200;

/**
 * Calls `then` after the activation. VS Code counts an extension as active only a moment after `activate` has
 * returned.
 */
function afterActivation({ id }: vscode.Extension<unknown>, then: () => void, attempts = mostAttempts): void {
  const extension = vscode.extensions.getExtension(id);
  if (!extension || extension.isActive || attempts === 0) return then();
  setTimeout(() => afterActivation(extension, then, attempts - 1), 10);
}

/** The start work that must not delay the activation. */
async function start(services: StartupServices): Promise<void> {
  services.configuration.tellProblems();
  setContextKey('codeworm.chatAllowed', new ChatSettings(services.memory).isChanged);
  services.trust.watch();
  services.suggestions.start();
  void offerUnfinishedRun(services.configuration.current.pagesFolder);
  await probeAndPrewarm(services);
}

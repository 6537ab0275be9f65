import * as vscode from 'vscode';
import { Suggestions } from './completion/suggestions.ts';
import { Configuration } from './config/configuration.ts';
import { schemes, type CommandName } from './contributions.ts';
import { UnfinishedPages } from './documentation/unfinishedPages.ts';
import { offerUnfinishedRun } from './documentation/unfinishedRun.ts';
import { registerCodeActions } from './editor/codeActions.ts';
import type { Proposals } from './editor/proposal.ts';
import { ClientProvider } from './generation/clientProvider.ts';
import { LastAnswer } from './generation/lastAnswer.ts';
import { AnswerOutputChannel } from './generation/outputChannel.ts';
import { probeAndPrewarm } from './generation/prewarm.ts';
import { Priorities } from './generation/priorities.ts';
import { GenerationQueue } from './generation/queue.ts';
import type { Variation } from './generation/variation.ts';
import { PullManager } from './models/pulls.ts';
import { ModelSpeeds } from './models/speeds.ts';
import { ModelUsage } from './models/usage.ts';
import { ActivityTracker } from './status/activity.ts';
import { Monitor } from './status/monitor.ts';
import { can, isDemo, type ServerFacts, type Status } from './status/status.ts';
import { isOllama } from './status/serverName.ts';
import { StatusBar } from './status/statusBar.ts';
import { WalkthroughProgress } from './status/walkthrough.ts';
import { Trust } from './trust/index.ts';
import { contextKeySetter, setContextKey } from './ui/contextKeys.ts';
import { showErrorWithActions, showSettingProblem, showUnshownAnswer } from './ui/errorActions.ts';
import { ReportDocuments } from './ui/reportDocuments.ts';

/** The services that exist from the start of the session on. */
export interface StartupServices {
  configuration: Configuration;
  clients: ClientProvider;
  monitor: Monitor;
  walkthroughProgress: WalkthroughProgress;
  /** Decides the order of requests to the server. */
  priorities: Priorities;
  queue: GenerationQueue;
  outputChannel: AnswerOutputChannel;
  lastAnswer: LastAnswer;
  reports: ReportDocuments;
  unfinishedPages: UnfinishedPages;
  trust: Trust;
  pullManager: PullManager;
  usage: ModelUsage;
  suggestions: Suggestions;
  speeds: ModelSpeeds;
  /** What is different when a question is asked again. */
  variation?: Variation;
  log: vscode.LogOutputChannel;
  /** State that is stored between sessions. */
  storage: vscode.Memento;
  /** Version of this extension. */
  version: string;
  /** Disposed of together with the extension. */
  subscriptions: { push(...items: vscode.Disposable[]): unknown };
}

/** The services that commands get. */
export interface Services extends StartupServices {
  proposals: Proposals;
}

/** Runs a command with unchecked arguments from a key binding, a menu or a code action. */
export interface CommandHandlers {
  runCommand(this: void, name: CommandName, args: readonly unknown[]): unknown;
}

/** The extension after its activation. */
export interface Session<Handlers> {
  readonly status: Status;
  readonly facts: ServerFacts;
  readonly onDidChangeStatus: vscode.Event<void>;
  /** For what is loaded by itself, such as the models of VS Code's chat. */
  readonly services: StartupServices;
  /** Probes the server, loads the model, and does everything else that must not delay the activation. */
  start(): Promise<void>;
  /** Runs a command. A failing command shows its own error instead of VS Code's "command failed". */
  runCommand(name: CommandName, args: readonly unknown[]): Promise<void>;
  handlers(): Promise<Handlers>;
  /** Aborts all requests and closes all connections. */
  close(): Promise<void>;
}

/**
 * Creates and connects the services. Sends nothing to the server.
 * @param load loads the commands and the code for the chat
 */
export function createSession<Handlers extends CommandHandlers>(
  context: vscode.ExtensionContext,
  load: () => Promise<{ createHandlers: (services: StartupServices) => Handlers }>,
): Session<Handlers> {
  const services = createServices(context);
  const { clients, monitor, log } = services;
  let loading: Promise<Handlers> | undefined;
  const handlers = (): Promise<Handlers> =>
    (loading ??= load().then(({ createHandlers }) => createHandlers(services)));
  return {
    get status() {
      return monitor.status;
    },
    get facts() {
      return monitor.facts;
    },
    onDidChangeStatus: monitor.onDidChange,
    services,
    handlers,
    start: async () => {
      if (hasProposalTabs()) void handlers();
      await start(services);
    },
    runCommand: async (name, args) => {
      try {
        await (await handlers()).runCommand(name, args);
      } catch (error) {
        log.error('command_failed', { command: name, error: nameOf(error) });
        showErrorWithActions(error);
      }
    },
    close: () => clients.close(),
  };
}

function createServices(context: vscode.ExtensionContext): StartupServices {
  const { globalState, workspaceState, subscriptions } = context;
  const log = vscode.window.createOutputChannel('CodeWorm Log', { log: true });
  const configuration = new Configuration(context.extension.packageJSON);
  const trust = new Trust(context);
  const clients = new ClientProvider(configuration, trust, { log }, globalState);
  const monitor = new Monitor(clients, configuration);
  const priorities = new Priorities();
  const services: StartupServices = {
    configuration,
    clients,
    monitor,
    walkthroughProgress: new WalkthroughProgress(monitor, configuration),
    priorities,
    queue: createQueue({ clients, priorities, monitor, log }),
    outputChannel: new AnswerOutputChannel(
      () => isDemo(monitor.facts),
      () => can(monitor.facts, 'loadedModels'),
    ),
    lastAnswer: new LastAnswer(() => setContextKey('codeworm.hasAnswer', true)),
    reports: new ReportDocuments(),
    unfinishedPages: new UnfinishedPages(workspaceState),
    trust,
    pullManager: new PullManager(clients, globalState),
    usage: new ModelUsage(globalState),
    suggestions: new Suggestions({ configuration, clients, monitor, priorities, globalState, log }),
    storage: globalState,
    speeds: new ModelSpeeds(globalState),
    log,
    version: String((context.extension.packageJSON as { version?: unknown }).version),
    subscriptions,
  };
  subscriptions.push(...connect(services));
  return services;
}

function createQueue({
  clients,
  priorities,
  monitor,
  log,
}: Pick<StartupServices, 'clients' | 'priorities' | 'monitor' | 'log'>): GenerationQueue {
  const activity = new ActivityTracker((now) => monitor.setActivity(now));
  return new GenerationQueue(
    clients,
    priorities,
    activity,
    (jobs) => {
      activity.queueChanged(jobs);
      setContextKey('codeworm.working', jobs.length > 0);
    },
    (role, error) => {
      log.error('sink_failed', { role, error: nameOf(error) });
      if (role === 'answer') showUnshownAnswer();
    },
  );
}

/** Connects the services by their events. Returns what must be disposed of. */
function connect(services: StartupServices): vscode.Disposable[] {
  const { configuration, clients, monitor, trust, pullManager, suggestions } = services;
  return [
    services.log,
    configuration,
    trust,
    clients,
    monitor,
    services.walkthroughProgress,
    services.outputChannel,
    services.reports,
    pullManager,
    suggestions,
    new StatusBar(monitor, suggestions),
    registerCodeActions(),
    monitor.onDidChange(contextKeySetter('codeworm.fixedServer', () => !can(monitor.facts, 'pull'))),
    monitor.onDidChange(contextKeySetter('codeworm.noLoading', () => !can(monitor.facts, 'load'))),
    monitor.onDidChange(contextKeySetter('codeworm.noUnloading', () => !can(monitor.facts, 'unload'))),
    monitor.onDidChange(contextKeySetter('codeworm.notOllama', () => !isOllama(monitor.facts))),
    configuration.onDidFindProblem(showSettingProblem),
    trust.onDidRevoke((address) => {
      void clients.closeFor(address);
      void monitor.probe();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void probeAndPrewarm(services)),
    pullManager.onDidChange((state) => {
      monitor.setPulling(state);
      setContextKey('codeworm.pulling', state !== undefined);
    }),
  ];
}

async function start(services: StartupServices): Promise<void> {
  const { configuration, trust, suggestions, unfinishedPages } = services;
  configuration.reportProblems();
  void trust.watch();
  suggestions.start();
  if (unfinishedPages.left.length > 0) void unfinishedPages.complete();
  void offerUnfinishedRun(configuration.current.pagesFolder);
  await probeAndPrewarm(services);
}

/** Whether diffs of an earlier session are open. Closing them needs the bundle of the commands. */
function hasProposalTabs(): boolean {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .some(
      ({ input }) => input instanceof vscode.TabInputTextDiff && input.modified.scheme === schemes.proposal,
    );
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

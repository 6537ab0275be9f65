import type { LastAnswer } from './generation/lastAnswer.ts';
import type { ClientProvider } from './generation/clientProvider.ts';
import type { Configuration } from './config/configuration.ts';
import type { Priorities } from './generation/priorities.ts';
import type { GenerationQueue } from './generation/queue.ts';
import type { WalkthroughProgress } from './status/walkthrough.ts';
import type { ModelSpeeds } from './models/speeds.ts';
import type { ModelUsage } from './models/usage.ts';
import type { Monitor } from './status/monitor.ts';
import type { Proposals } from './editor/proposal.ts';
import type { AnswerOutputChannel } from './generation/outputChannel.ts';
import type { UnfinishedPages } from './documentation/unfinishedPages.ts';
import type { PullManager } from './models/pulls.ts';
import type { ReportDocuments } from './ui/reportDocuments.ts';
import type { Suggestions } from './completion/suggestions.ts';
import type { Trust } from './trust/index.ts';
import type { Variation } from './generation/variation.ts';
import type * as vscode from 'vscode';

/** The services available from activation on. */
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
  /** What is remembered from session to session. */
  memory: vscode.Memento;
  /** Version of this extension. */
  version: string;
  /** Disposed of together with the extension. */
  subscriptions: { push(...items: vscode.Disposable[]): unknown };
}

/** The services that commands get. */
export interface Services extends StartupServices {
  proposals: Proposals;
}

import type { Answers } from './generation/lastAnswer.ts';
import type { Clients } from './generation/clientProvider.ts';
import type { Configuration } from './config/configuration.ts';
import type { Generations } from './generation/queue.ts';
import type { Milestones } from './status/walkthrough.ts';
import type { ModelUsage } from './models/usage.ts';
import type { Monitor } from './status/monitor.ts';
import type { Proposals } from './editor/proposal.ts';
import type { AnswerOutput } from './generation/outputChannel.ts';
import type { Pulls } from './models/pulls.ts';
import type { Reports } from './ui/reportDocuments.ts';
import type { Trust } from './trust/index.ts';
import type * as vscode from 'vscode';

/** The parts of the extension, as commands need them. */
export interface Parts {
  configuration: Configuration;
  clients: Clients;
  monitor: Monitor;
  milestones: Milestones;
  generations: Generations;
  output: AnswerOutput;
  proposals: Proposals;
  answers: Answers;
  reports: Reports;
  trust: Trust;
  pulls: Pulls;
  usage: ModelUsage;
  log: vscode.LogOutputChannel;
  /** Of this extension. */
  version: string;
}

import type { Answers } from './answers.ts';
import type { Clients } from './clients.ts';
import type { Configuration } from './config.ts';
import type { Generations } from './generations.ts';
import type { Milestones } from './milestones.ts';
import type { ModelUsage } from './modelUsage.ts';
import type { Monitor } from './monitor.ts';
import type { Proposals } from './editor/proposal.ts';
import type { AnswerOutput } from './output.ts';
import type { Pulls } from './pulls.ts';
import type { Reports } from './reports.ts';
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

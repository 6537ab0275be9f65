import * as vscode from 'vscode';
import { linesText } from '../ui/format.ts';
import { showErrorWithActions } from '../ui/errorActions.ts';
import { localize } from '../ui/localize.ts';
import { OllamaContextError, type GenerationResult } from '../ollama/index.ts';
import type { Task } from '../config/tasks.ts';
import type { ActionId } from '../prompts/actions.ts';
import type { Omission } from '../prompts/omission.ts';
import { buildPrompt } from '../prompts/prompt.ts';
import type { Subject } from '../code/subject.ts';
import { AnswerReader } from './answerReader.ts';
import { ensureApproved, type Approving } from './approval.ts';
import { isEmptyAnswer } from './emptyAnswer.ts';
import type { LastAnswer } from './lastAnswer.ts';
import type { AnswerOutputChannel } from './outputChannel.ts';
import type { GenerationQueue, GenerationSink, Job, Outcome } from './queue.ts';
import { completeJob, repeatActions, warnRefusedThinking, type Again } from './repeat.ts';
import { savedAnswerOf } from './savedAnswer.ts';
import { startActions } from './startOllama.ts';
import type { Variation } from './variation.ts';

/** The services that a question needs. */
export interface Asking extends Approving {
  queue: GenerationQueue;
  outputChannel: AnswerOutputChannel;
  lastAnswer: LastAnswer;
  usage: { note(model: string): void };
  speeds: { note(result: GenerationResult, isPage: boolean): void };
  walkthroughProgress: { explained(outcome: Outcome): void };
  /** What is different when a question is asked again. */
  variation?: Variation;
}

/** Runs a generation about a subject. An error is shown with its actions. */
export async function generate(
  services: Asking,
  action: ActionId,
  title: string,
  subject: Subject,
  question?: string,
): Promise<Outcome> {
  const language = services.configuration.current.answerLanguage;
  const sink = services.outputChannel;
  const job = jobFor({ task: 'questions', action, title, subject, question, language, sink });
  const outcome = await runJob(services, job);
  if (action === 'explain' || action === 'explainProblem') services.walkthroughProgress.explained(outcome);
  return outcome;
}

/** A question about code. */
export interface Question {
  task: Task;
  action: ActionId;
  title: string;
  subject: Subject;
  /** Text from the user or from a diagnostic, for actions that need one. */
  question?: string | undefined;
  /** Language of the answer, by its English name. */
  language?: string | undefined;
  sink: GenerationSink;
  /** Whether the answer is useless unless the model reads the whole subject. */
  needsAll?: boolean;
}

/** The job that asks a question about code. */
export function jobFor(asked: Question): Job {
  const { task, action, title, subject, question, language, sink, needsAll } = asked;
  return {
    task,
    title,
    subject: describeSubject(subject),
    sink,
    prompt: (budget) => {
      const { system, prompt, omitted, estimatedTokens } = buildPrompt(
        action,
        subject,
        budget,
        question,
        language,
      );
      if (needsAll && omitted?.insideSubject) throw tooLong(omitted, estimatedTokens, budget.numCtx);
      return { system, prompt, ...(omitted ? { note: omissionNote(omitted) } : {}) };
    },
  };
}

function tooLong(omitted: Omission, promptTokens: number, numCtx: number): OllamaContextError {
  const sentence = localize(omitted);
  const advice = vscode.l10n.t('Nothing was sent, for the new code would lack that part: select less.');
  return new OllamaContextError(`${sentence} ${advice}`, promptTokens, numCtx);
}

/**
 * Runs a job after the user has approved the server, and reports the result to the monitor. An error is shown
 * with its actions.
 * @param again asks again; by default only the job is repeated
 * @param showFailure shows an error with actions that come before its own; by default in a notification
 */
export async function runJob(
  services: Asking,
  asked: Job,
  again: Again = (variation) => runJob({ ...services, variation }, asked),
  showFailure: typeof showErrorWithActions = showErrorWithActions,
): Promise<Outcome> {
  const job = completeJob(services, asked);
  if (!(await ensureApproved(services, job.model))) return { kind: 'cancelled', text: '', dropped: 0 };
  const outcome = await services.queue.run(job, (prompt) => new AnswerReader(prompt));
  const answer = savedAnswerOf(job, outcome);
  if (answer) services.lastAnswer.keep(answer);
  if (outcome.kind === 'finished') {
    services.usage.note(outcome.result.model);
    services.speeds.note(outcome.result, job.task === 'pages');
    services.monitor.reportSuccess(outcome.result);
  }
  if (outcome.kind === 'failed') {
    if (isEmptyAnswer(outcome.error)) services.monitor.reportSuccess();
    else services.monitor.reportFailure(outcome.error);
    const repeats = repeatActions(services, outcome, again);
    showFailure(outcome.error, [...repeats, ...(await startActions(services, outcome.error))]);
  }
  if (outcome.kind !== 'cancelled' && outcome.result)
    warnRefusedThinking(services, outcome.result.model, job.think);
  return outcome;
}

/**
 * A note about what was left out of the prompt. It is a warning when a part of the subject itself was left
 * out.
 */
export function omissionNote(omitted: Omission): string {
  const sentence = localize(omitted);
  return omitted.insideSubject
    ? `⚠ ${vscode.l10n.t('The answer knows only a part of the code.')} ${sentence}`
    : sentence;
}

/** The subject's name and position, for the heading of an answer. */
export function describeSubject({ kind, name, path, firstLine, lastLine }: Subject): string {
  if (kind === 'file') return path;
  const lines = `${path}, ${linesText(firstLine, lastLine)}`;
  return kind === 'symbol' ? `${name} (${lines})` : lines;
}

import * as vscode from 'vscode';
import { editorMeant } from '../editor/activeEditor.ts';
import { locate, type Located } from '../editor/subject.ts';
import { linesText } from '../ui/format.ts';
import { openFile, showFailure } from '../ui/errorActions.ts';
import type { GenerationSink, Job, Outcome } from '../generation/queue.ts';
import { tell } from '../ui/notifications.ts';
import { OllamaContextError } from '../ollama/index.ts';
import type { SubjectKind } from '../config/customActions.ts';
import type { Parts } from '../services.ts';
import type { ActionId } from '../prompts/actions.ts';
import type { LeftOut } from '../prompts/leftOut.ts';
import { buildPrompt } from '../prompts/prompt.ts';
import type { Subject } from '../code/subject.ts';
import { ensureApproved } from './approvals.ts';
import { kindsIn } from './arguments.ts';
import { startRemedies } from './diagnosisRemedies.ts';

/** Asks about the code at the cursor and lets the answer stream into the output channel. */
export async function askAboutCode(
  parts: Parts,
  action: ActionId,
  title: string,
  args?: unknown,
): Promise<void> {
  const place = await currentPlace(kindsIn(args));
  if (place) await generate(parts, action, title, place.subject);
}

/** What the user is looking at, of some kinds only if they are given; says so when that is nothing. */
export async function currentPlace(kinds?: readonly SubjectKind[]): Promise<Located | undefined> {
  const editor = await editorMeant();
  if (!editor) {
    tell(vscode.l10n.t('Open a file first: CodeWorm answers about the code at the cursor.'), [openFile()]);
    return undefined;
  }
  const place = await locate(editor, kinds);
  if (place && place.subject.code.trim() !== '') return place;
  tell(place ? vscode.l10n.t('There is no code here yet to ask about.') : missingSentence(kinds));
  return undefined;
}

function missingSentence(kinds: readonly SubjectKind[] = []): string {
  if (kinds.length > 1)
    return vscode.l10n.t('Select some code, or put the cursor into a function or class first.');
  return kinds[0] === 'selection'
    ? vscode.l10n.t('Select some code first.')
    : vscode.l10n.t('Put the cursor into a function or class first.');
}

/** Runs a generation about a subject; a failure is shown with what can be done about it. */
export async function generate(
  parts: Parts,
  action: ActionId,
  title: string,
  subject: Subject,
  question?: string,
): Promise<Outcome> {
  const language = parts.configuration.current.answerLanguage;
  const job = jobFor({ action, title, subject, question, language, sink: parts.output });
  const outcome = await runJob(parts, job);
  if (action === 'explain' || action === 'explainProblem') parts.milestones.explained(outcome);
  return outcome;
}

/** What a question about code consists of. */
export interface Question {
  action: ActionId;
  title: string;
  subject: Subject;
  /** What the user, or one of their tools, has said; for the actions that have such a part. */
  question?: string | undefined;
  /** Of the answer, by its English name. */
  language?: string | undefined;
  sink: GenerationSink;
  /** The answer is useless unless the model sees all of the subject. */
  needsAll?: boolean;
}

/** The job that asks a question about code. */
export function jobFor({ action, title, subject, question, language, sink, needsAll }: Question): Job {
  return {
    title,
    subject: describe(subject),
    sink,
    prompt: (budget) => {
      const { system, prompt, leftOut, estimatedTokens } = buildPrompt(
        action,
        subject,
        budget,
        question,
        language,
      );
      if (needsAll && leftOut?.insideSubject) throw tooLong(leftOut, estimatedTokens, budget.numCtx);
      return { system, prompt, ...(leftOut ? { note: noteOf(leftOut) } : {}) };
    },
  };
}

function tooLong(leftOut: LeftOut, promptTokens: number, numCtx: number): OllamaContextError {
  const sentence = sentenceOf(leftOut);
  const advice = vscode.l10n.t('Nothing was sent, for the new code would lack that part: select less.');
  return new OllamaContextError(`${sentence} ${advice}`, promptTokens, numCtx);
}

/**
 * Runs a job, once the user has approved the server, and lets the monitor know how it went; a failure is shown with
 * what can be done about it.
 */
export async function runJob(parts: Parts, job: Job): Promise<Outcome> {
  if (!(await ensureApproved(parts))) return { kind: 'cancelled' };
  const outcome = await parts.generations.run(parts.answers.record(job));
  if (outcome.kind === 'finished') {
    parts.usage.note(outcome.result.model);
    parts.monitor.reportSuccess(outcome.result);
  }
  if (outcome.kind === 'failed') {
    parts.monitor.reportFailure(outcome.error);
    showFailure(outcome.error, await startRemedies(parts, outcome.error));
  }
  return outcome;
}

/** What the model did not see; louder when it is a part of what was asked about. */
export function noteOf(leftOut: LeftOut): string {
  const sentence = sentenceOf(leftOut);
  return leftOut.insideSubject
    ? `⚠ ${vscode.l10n.t('The answer knows only a part of the code.')} ${sentence}`
    : sentence;
}

function sentenceOf({ message, args }: LeftOut): string {
  return vscode.l10n.t(message, ...args);
}

/** For the heading of an answer. */
export function describe({ kind, name, path, firstLine, lastLine }: Subject): string {
  if (kind === 'file') return path;
  const lines = `${path}, ${linesText(firstLine, lastLine)}`;
  return kind === 'symbol' ? `${name} (${lines})` : lines;
}

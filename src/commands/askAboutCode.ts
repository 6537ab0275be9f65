import * as vscode from 'vscode';
import { activeEditor } from '../editor/activeEditor.ts';
import { subjectAt } from '../editor/subject.ts';
import { showFailure } from '../failures.ts';
import type { Job, Outcome } from '../generations.ts';
import type { Parts } from '../parts.ts';
import type { ActionId } from '../prompts/actions.ts';
import type { LeftOut } from '../prompts/leftOut.ts';
import { lineRange } from '../prompts/markdown.ts';
import { buildPrompt } from '../prompts/prompt.ts';
import type { Subject } from '../prompts/subject.ts';

/** Asks about the code at the cursor and lets the answer stream into the output channel. */
export async function askAboutCode(
  parts: Parts,
  action: ActionId,
  title: string,
  question?: string,
): Promise<void> {
  const subject = await currentSubject();
  if (subject) await generate(parts, action, title, subject, question);
}

/** What the user is looking at; says so when that is nothing. */
export async function currentSubject(): Promise<Subject | undefined> {
  const editor = activeEditor();
  if (!editor) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Open a file first: CodeWorm answers about the code at the cursor.'),
    );
    return undefined;
  }
  const subject = await subjectAt(editor);
  if (subject.code.trim() !== '') return subject;
  void vscode.window.showInformationMessage(vscode.l10n.t('There is no code here yet to ask about.'));
  return undefined;
}

/** Runs a generation about a subject; a failure is shown with what can be done about it. */
export async function generate(
  parts: Parts,
  action: ActionId,
  title: string,
  subject: Subject,
  question?: string,
): Promise<Outcome> {
  const job: Job = {
    title,
    subject: describe(subject),
    sink: parts.output,
    prompt: (budget) => {
      const { system, prompt, leftOut } = buildPrompt(action, subject, budget, question);
      return {
        system,
        prompt,
        ...(leftOut ? { note: noteOf(leftOut) } : {}),
      };
    },
  };
  return runJob(parts, job);
}

/** Runs a job and lets the monitor know how it went; a failure is shown with what can be done about it. */
export async function runJob(parts: Parts, job: Job): Promise<Outcome> {
  const outcome = await parts.generations.run(parts.answers.record(job));
  if (outcome.kind === 'finished') parts.monitor.reportSuccess(outcome.result);
  if (outcome.kind === 'failed') {
    parts.monitor.reportFailure(outcome.error);
    showFailure(outcome.error);
  }
  return outcome;
}

/** What the model did not see; louder when it is a part of what was asked about. */
export function noteOf({ insideSubject, message, args }: LeftOut): string {
  const sentence = vscode.l10n.t(message, ...args);
  return insideSubject
    ? `⚠ ${vscode.l10n.t('The answer knows only a part of the code.')} ${sentence}`
    : sentence;
}

/** For the heading of an answer. */
export function describe({ kind, name, path, firstLine, lastLine }: Subject): string {
  if (kind === 'file') return path;
  const lines = `${path}, ${lineRange(firstLine, lastLine)}`;
  return kind === 'symbol' ? `${name} (${lines})` : lines;
}

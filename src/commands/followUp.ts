import * as vscode from 'vscode';
import type { Answer } from '../generation/lastAnswer.ts';
import type { Budget, Job, Prompt } from '../generation/queue.ts';
import { OllamaContextError } from '../ollama/index.ts';
import type { Parts } from '../services.ts';
import { buildFollowUp } from '../prompts/followUp.ts';
import { lastOf } from './answerActions.ts';
import { runJob } from './askAboutCode.ts';

/** Asks a question that continues the last answer; `{ question }` as argument asks without the input box. */
export async function followUp(parts: Parts, args?: unknown): Promise<void> {
  const answer = lastOf(parts.answers.last);
  if (!answer) return;
  const question = (questionIn(args) ?? (await inputFor(answer)))?.trim();
  if (!question) return;
  const job: Job = {
    title: vscode.l10n.t('Follow-Up'),
    subject: answer.subject,
    sink: parts.output,
    prompt: (budget) => promptFor(answer, question, budget, parts.configuration.current.answerLanguage),
  };
  await runJob(parts, job);
}

function questionIn(args: unknown): string | undefined {
  if (typeof args !== 'object' || args === null || !('question' in args)) return undefined;
  return typeof args.question === 'string' ? args.question : undefined;
}

function inputFor({ title, subject }: Answer): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: vscode.l10n.t('Follow-Up to {0} · {1}', title, subject),
    prompt: vscode.l10n.t('Your question about the last answer; the model still knows the code.'),
    ignoreFocusOut: true,
  });
}

/** @throws OllamaContextError when there is no room for another question and answer */
function promptFor(
  { history, prompt, text }: Answer,
  question: string,
  budget: Budget,
  language: string | undefined,
): Prompt {
  const next = buildFollowUp([...history, { prompt, answer: text }], question, budget, language);
  if ('needed' in next) {
    const message = vscode.l10n.t(
      'There is no room for a follow-up: code, answer and question need about {0} tokens, and the context window has {1}. Ask anew about less code, or enlarge the window.',
      next.needed,
      next.numCtx,
    );
    throw new OllamaContextError(message, next.needed, next.numCtx);
  }
  const { leftOut, ...rest } = next;
  return leftOut === 0 ? rest : { ...rest, note: noteOf(leftOut) };
}

function noteOf(leftOut: number): string {
  return leftOut === 1
    ? vscode.l10n.t(
        'One of the earlier follow-ups was left out: the conversation is longer than the context window.',
      )
    : vscode.l10n.t(
        '{0} of the earlier follow-ups were left out: the conversation is longer than the context window.',
        leftOut,
      );
}

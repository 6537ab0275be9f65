import * as vscode from 'vscode';
import { textIn } from '../config/commandArguments.ts';
import type { SavedAnswer } from '../generation/lastAnswer.ts';
import type { TokenBudget, Job, Prompt } from '../generation/queue.ts';
import { OllamaContextError } from '../ollama/index.ts';
import type { Services } from '../services.ts';
import { buildFollowUp } from '../prompts/followUp.ts';
import { runJob } from '../generation/questions.ts';
import { requireAnswer } from '../generation/requireAnswer.ts';

/** Asks a follow-up question about the last answer. The argument `{ question }` skips the input box. */
export async function followUp(services: Services, args?: unknown): Promise<void> {
  const answer = requireAnswer(services.lastAnswer);
  if (!answer) return;
  const question = (textIn(args, 'question') ?? (await inputFor(answer)))?.trim();
  if (!question) return;
  const job: Job = {
    title: vscode.l10n.t('Follow-Up'),
    subject: answer.subject,
    task: 'questions',
    sink: services.outputChannel,
    prompt: (budget) => promptFor(answer, question, budget, services.configuration.current.answerLanguage),
  };
  await runJob(services, job);
}

function inputFor({ title, subject }: SavedAnswer): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: vscode.l10n.t('Follow-Up to {0} · {1}', title, subject),
    prompt: vscode.l10n.t('Your question about the last answer; the model still knows the code.'),
    ignoreFocusOut: true,
  });
}

/** @throws OllamaContextError when another question and answer do not fit the context window */
function promptFor(
  { history, prompt, text }: SavedAnswer,
  question: string,
  budget: TokenBudget,
  language: string | undefined,
): Prompt {
  const next = buildFollowUp([...history, { prompt, answer: text }], question, budget, language);
  if ('needed' in next) {
    const message = vscode.l10n.t(
      'There is no room for a follow-up: code, answer and question need about {0} tokens, and the context window has {1}. Ask again about less code, or enlarge the window.',
      next.needed,
      next.numCtx,
    );
    throw new OllamaContextError(message, next.needed, next.numCtx);
  }
  const { omitted, ...rest } = next;
  return omitted === 0 ? rest : { ...rest, note: noteOf(omitted) };
}

function noteOf(omitted: number): string {
  return omitted === 1
    ? vscode.l10n.t(
        'One of the earlier follow-ups was left out: the conversation is longer than the context window.',
      )
    : vscode.l10n.t(
        '{0} of the earlier follow-ups were left out: the conversation is longer than the context window.',
        omitted,
      );
}

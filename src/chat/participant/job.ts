import * as vscode from 'vscode';
import type { Job, Prompt, TokenBudget } from '../../generation/queue.ts';
import type { Task } from '../../config/tasks.ts';
import { OllamaContextError } from '../../ollama/index.ts';
import type { ActionId } from '../../prompts/actions.ts';
import { buildChatPrompt, type ChatPrompt, type ChatTurn } from '../../prompts/chatPrompt.ts';
import { listText } from '../../ui/format.ts';
import { describeSubject, omissionNote } from '../../generation/questions.ts';
import type { AskedCode } from './subjects.ts';

/** A question of the chat with its subjects. */
export interface ChatQuestion {
  action: ActionId;
  question: string;
  codes: readonly AskedCode[];
  turns: readonly ChatTurn[];
}

/** The job of a question, and its prompt after that has been built. */
export interface ChatJob {
  job: Omit<Job, 'sink'>;
  built: () => ChatPrompt | undefined;
}

/** The job of a question, without a sink. */
export function jobFor(asked: ChatQuestion, language: string | undefined): ChatJob {
  const { action, question, codes, turns } = asked;
  const subjects = codes.map(({ subject }) => subject);
  let built: ChatPrompt | undefined;
  const prompt = (budget: TokenBudget): Prompt => {
    const next = buildChatPrompt(turns, { action, question, subjects }, budget, language);
    if ('needed' in next) throw tooLong(next.needed, next.numCtx);
    built = next;
    const note = notesOf(next).join(' ');
    return {
      system: next.system,
      prompt: next.prompt,
      history: next.history,
      ...(note === '' ? {} : { note }),
    };
  };
  const subject =
    subjects.length === 0 ? vscode.l10n.t('without code') : listText(subjects.map(describeSubject));
  return { job: { title: titleOf(action), subject, task: taskOf(action), prompt }, built: () => built };
}

function notesOf({ omissions, omittedTurns }: ChatPrompt): string[] {
  return [...omissions.map(omissionNote), ...(omittedTurns > 0 ? [turnsNote(omittedTurns)] : [])];
}

/** For the status bar, and for later questions about the answer. */
export function titleOf(action: ActionId): string {
  switch (action) {
    case 'explain':
      return vscode.l10n.t('Explain');
    case 'findBugs':
      return vscode.l10n.t('Find Bugs');
    case 'writeTests':
      return vscode.l10n.t('Write Tests');
    case 'fix':
      return vscode.l10n.t('Fix');
    case 'document':
      return vscode.l10n.t('Doc Comment');
    default:
      return vscode.l10n.t('Question in Chat');
  }
}

function taskOf(action: ActionId): Task {
  return action === 'fix' || action === 'document' ? 'edits' : 'questions';
}

function tooLong(needed: number, numCtx: number): OllamaContextError {
  const message = vscode.l10n.t(
    'The conversation has no room for this question: code, answers and question need about {0} tokens, and the context window has {1}. Begin a new chat, attach less, or enlarge the window.',
    needed,
    numCtx,
  );
  return new OllamaContextError(message, needed, numCtx);
}

function turnsNote(count: number): string {
  return count === 1
    ? vscode.l10n.t(
        'One of the earlier follow-ups was left out: the conversation is longer than the context window.',
      )
    : vscode.l10n.t(
        '{0} of the earlier follow-ups were left out: the conversation is longer than the context window.',
        count,
      );
}

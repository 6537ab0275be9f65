import * as vscode from 'vscode';
import { participantId } from '../../contributions.ts';
import { actionIds, type ActionId } from '../../prompts/actions.ts';
import type { ChatTurn } from '../../prompts/chatPrompt.ts';

/** JSON that VS Code stores with each answer and returns unchanged with the next question. */
export interface AnswerMetadata {
  action: ActionId;
  /** The turn; for the first one, also the turns that it continues. */
  turns: ChatTurn[];
  /** The key of the subject's position; empty when there is none. */
  place: string;
}

/** The conversation so far: prompts as sent, answers as shown. */
export function turnsIn(history: vscode.ChatContext['history']): ChatTurn[] {
  return history.flatMap((turn) =>
    turn instanceof vscode.ChatResponseTurn && turn.participant === participantId
      ? (metadataOf(turn.result)?.turns ?? [])
      : [],
  );
}

/** Whether this participant has answered in the conversation. Requests that VS Code refused do not count. */
export function hasAnswered(history: vscode.ChatContext['history']): boolean {
  return history.some(
    (turn) =>
      turn instanceof vscode.ChatResponseTurn &&
      turn.participant === participantId &&
      metadataOf(turn.result) !== undefined,
  );
}

/** The metadata of one of our answers; undefined for other or invalid answers. */
export function metadataOf({ metadata }: vscode.ChatResult): AnswerMetadata | undefined {
  const action = actionIds.find((id) => id === metadata?.['action']);
  const turns: unknown = metadata?.['turns'];
  const place: unknown = metadata?.['place'];
  if (!action || !Array.isArray(turns) || !turns.every(isTurn)) return undefined;
  return {
    action,
    turns: turns.map(({ prompt, answer }) => ({ prompt, answer })),
    place: typeof place === 'string' ? place : '',
  };
}

function isTurn(value: unknown): value is ChatTurn {
  if (typeof value !== 'object' || value === null) return false;
  const { prompt, answer } = value as Record<string, unknown>;
  return typeof prompt === 'string' && typeof answer === 'string';
}

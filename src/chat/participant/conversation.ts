import * as vscode from 'vscode';
import { participantId } from '../../contributions.ts';
import { actionIds, type ActionId } from '../../prompts/actions.ts';
import type { ChatTurn } from '../../prompts/chatPrompt.ts';

/** What VS Code keeps with each answer for us: JSON, and back word for word with the next question. */
export interface AnswerMetadata {
  action: ActionId;
  /** The turn, and for the first one those that it continues. */
  turns: ChatTurn[];
  /** The key of the place that it was about; empty where there is none. */
  place: string;
}

/** The conversation so far: prompts as they were sent, answers as they were shown. */
export function turnsIn(history: vscode.ChatContext['history']): ChatTurn[] {
  return history.flatMap((turn) =>
    turn instanceof vscode.ChatResponseTurn && turn.participant === participantId
      ? (metadataOf(turn.result)?.turns ?? [])
      : [],
  );
}

/** Whether this participant has been asked in the conversation; what VS Code itself has refused does not count. */
export function hasAnswered(history: vscode.ChatContext['history']): boolean {
  return history.some(
    (turn) =>
      turn instanceof vscode.ChatResponseTurn &&
      turn.participant === participantId &&
      metadataOf(turn.result) !== undefined,
  );
}

/** Of an answer of ours; undefined where it was none, or is not as we write it. */
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

import * as vscode from 'vscode';
import { participantId } from '../../contributions.ts';
import type { LocatedSubject } from '../../editor/subject.ts';
import { metadataOf } from './conversation.ts';

/** Most positions that are kept: those of the newest answers. */
const mostPlaces = 100;

/**
 * The positions of the code in conversations, so that a later answer can be proposed as an edit. They exist
 * only as long as the window, because each contains its document as it was when the question was asked.
 */
export class Places {
  private readonly kept = new Map<string, LocatedSubject>();

  /** @returns its key, for the metadata of the answer */
  keep(place: LocatedSubject | undefined): string {
    if (!place) return '';
    const known = [...this.kept].find(([, other]) => other === place)?.[0];
    const key = known ?? crypto.randomUUID();
    this.kept.set(key, place);
    for (const old of [...this.kept.keys()].slice(0, -mostPlaces)) this.kept.delete(old);
    return key;
  }

  /** The position for the last answer of a conversation. */
  last(history: vscode.ChatContext['history']): LocatedSubject | undefined {
    const answer = history.findLast(
      (turn) => turn instanceof vscode.ChatResponseTurn && turn.participant === participantId,
    );
    const key = answer instanceof vscode.ChatResponseTurn ? metadataOf(answer.result)?.place : undefined;
    return key === undefined ? undefined : this.kept.get(key);
  }
}

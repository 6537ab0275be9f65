import * as vscode from 'vscode';
import { answerButtonCommand, participantId } from '../../contributions.ts';
import { StandInModel } from './standIn.ts';
import type { ChatParticipant } from './participant.ts';

/** Registers `@codeworm`. Its code is loaded with the first question. */
export function registerParticipant(load: () => Promise<ChatParticipant>): vscode.Disposable {
  const participant = vscode.chat.createChatParticipant(
    participantId,
    async (request, context, stream, token) => (await load()).ask(request, context, stream, token),
  );
  participant.iconPath = new vscode.ThemeIcon('book');
  participant.followupProvider = { provideFollowups: async (result) => (await load()).followUps(result) };
  return vscode.Disposable.from(
    participant,
    new StandInModel(),
    vscode.commands.registerCommand(answerButtonCommand, async (key: unknown) =>
      (await load()).buttons.press(key),
    ),
  );
}

import type { ActionId } from '../../prompts/actions.ts';

/** The slash commands of the participant, as package.json contributes them. */
export const chatCommands = ['explain', 'review', 'tests', 'document', 'fix'] as const;
export type ChatCommand = (typeof chatCommands)[number];

const actions: Record<ChatCommand, ActionId> = {
  explain: 'explain',
  review: 'findBugs',
  tests: 'writeTests',
  document: 'document',
  fix: 'fix',
};

/** What a slash command asks for; without one, the question is the user's own. */
export function actionOf(command: string | undefined): ActionId {
  const known = chatCommands.find((name) => name === command);
  return known ? actions[known] : 'ask';
}

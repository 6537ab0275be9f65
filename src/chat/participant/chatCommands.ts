import type { ActionId } from '../../prompts/actions.ts';

/** The slash commands of the participant in package.json. */
export const chatCommands = ['explain', 'review', 'tests', 'document', 'fix'] as const;
export type ChatCommand = (typeof chatCommands)[number];

const actions: Record<ChatCommand, ActionId> = {
  explain: 'explain',
  review: 'findBugs',
  tests: 'writeTests',
  document: 'document',
  fix: 'fix',
};

/** The action of a slash command; without one, the user's own question. */
export function actionOf(command: string | undefined): ActionId {
  const known = chatCommands.find((name) => name === command);
  return known ? actions[known] : 'ask';
}

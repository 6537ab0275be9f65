/**
 * Which of VS Code's tools a chat request sends. `auto`: the short list if the context window is too small
 * for all.
 */
export const chatToolsChoices = ['auto', 'all', 'essential'] as const;
export type ChatToolsChoice = (typeof chatToolsChoices)[number];

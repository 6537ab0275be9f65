/** Which of VS Code's tools a chat request takes along; `auto`: the short list where the window is too small for all. */
export const chatToolsChoices = ['auto', 'all', 'essential'] as const;
export type ChatToolsChoice = (typeof chatToolsChoices)[number];

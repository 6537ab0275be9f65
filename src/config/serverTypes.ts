/** What a server speaks. */
export type ServerType = 'ollama' | 'openai';

/** The values of the setting; `auto`: found out by asking. */
export const serverTypeChoices = ['auto', 'ollama', 'openai'] as const;
export type ServerTypeChoice = (typeof serverTypeChoices)[number];

/** The protocol of a server. */
export type ServerType = 'ollama' | 'openai';

/** The values of the setting; `auto` recognizes the protocol. */
export const serverTypeChoices = ['auto', 'ollama', 'openai'] as const;
export type ServerTypeChoice = (typeof serverTypeChoices)[number];

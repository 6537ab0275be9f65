/**
 * Where the client reports what it does: an event's name and its facts, never prompts, answers or keys.
 * A console and VS Code's LogOutputChannel both are one.
 */
export interface Logger {
  debug(message: string, ...facts: unknown[]): void;
  info(message: string, ...facts: unknown[]): void;
  warn(message: string, ...facts: unknown[]): void;
  error(message: string, ...facts: unknown[]): void;
}

const ignore = (): void => undefined;

/** Reports nowhere. */
export const silentLogger: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
